/** What `doctor` sees of the machine: variables, files, clock, disks. */

import { generateKeyPairSync, randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { asideChecks } from "#api/doctor/backups.ts";
import { environmentChecks } from "#api/doctor/environment.ts";
import { env } from "#db/env.ts";
import { doctor, expectToDo, expectWarning, installation, sentenceOf, world } from "./installation.ts";

installation();

const gigabyte = 1024 ** 3;
const inData = (name: string) => join(env.DATA_DIR, name);

describe("the environment", () => {
  test.each([
    ["dkim", { DKIM_DOMAIN: "kaze.jp", DKIM_SELECTOR: "s1" }, "DKIM_KEY_FILE がありません"],
    [
      "bucket",
      { BACKUP_S3_BUCKET: "b", BACKUP_S3_ACCESS_KEY_ID: "a" },
      "BACKUP_S3_ENDPOINT、BACKUP_S3_SECRET_ACCESS_KEY",
    ],
  ])("of which a part of what belongs together is set, is completed or emptied (%s)", async (what, variables, says) => {
    Object.assign(env, variables);
    const [check] = environmentChecks("soudan@kaze.jp", []);
    expect(check).toMatchObject({
      code: `environment.${what}`,
      state: "todo",
      sentence: expect.stringContaining(says),
    });
    expect(await expectToDo(`environment.${what}`, ...(what === "bucket" ? ["backup.store"] : []))).toContain(says);
  });

  test("names a DKIM key that cannot be used, and a domain that is not the sender's", async () => {
    const keyOf = (type: "rsa" | "ed25519") =>
      type === "rsa" ? generateKeyPairSync("rsa", { modulusLength: 2048 }) : generateKeyPairSync("ed25519");
    const file = inData("dkim.pem");
    const write = (type: "rsa" | "ed25519") =>
      writeFileSync(file, keyOf(type).privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
    const found = () => environmentChecks("soudan@mail.kaze.jp", []).map(({ code }) => code);
    Object.assign(env, { DKIM_DOMAIN: "kaze.jp", DKIM_SELECTOR: "s1", DKIM_KEY_FILE: file, LOG: "json" });
    expect(found()).toEqual(["environment.DKIM_KEY_FILE"]);
    write("ed25519");
    expect(found()).toEqual(["environment.DKIM_KEY_FILE"]);
    write("rsa");
    expect(found()).toEqual(["environment"]);
    env.DKIM_DOMAIN = "yuki.jp";
    expect(await expectToDo("environment.DKIM_DOMAIN", "mail.dkim")).toContain("差出人は kaze.jp");
  });

  test("has one port for an address on this machine", () => {
    Object.assign(env, { LOG: "json", PORT: 3000, PUBLIC_ORIGIN: "http://localhost:3000" });
    expect(environmentChecks("", [])[0]?.state).toBe("ok");
    env.PUBLIC_ORIGIN = "http://localhost:4000";
    expect(environmentChecks("", [])[0]).toMatchObject({ code: "environment.PORT", state: "todo" });
    env.PUBLIC_ORIGIN = "http://soudan.kaze.jp";
    expect(environmentChecks("", [])[0]?.state).toBe("ok");
  });

  test("holds no name that looks like ours and is read by nobody", () => {
    env.LOG = "json";
    const hints = (...given: string[]) =>
      environmentChecks("", given).map(
        ({ state, todo = "" }) => `${state} ${/^\w+(?= のこと)/u.exec(todo)?.[0] ?? ""}`,
      );
    expect(hints("PUBLIC_ORGIN")).toEqual(["warn PUBLIC_ORIGIN"]);
    expect(hints("TRUSTED_PROXY")).toEqual(["warn "]);
    expect(hints("smtp_url")).toEqual(["warn SMTP_URL"]);
    expect(hints("SMPT_URL")).toEqual(["warn SMTP_URL"]);
    expect(hints("BACKUPDIR", "VAULTKEY", "KOMICHI_PORT")).toEqual(["warn BACKUP_DIR", "warn VAULT_KEY", "warn "]);
    const others = [
      "PATH",
      "HOME",
      "HOSTNAME",
      "MAIL",
      "LOGNAME",
      "NODE_ENV",
      "XDG_DATA_DIRS",
      "SUPPORT",
      "INVOCATION_ID",
    ];
    expect(hints(...others, "DATA_DIR", "PORT", "BACKUP_S3_REGION")).toEqual(["ok "]);
  });

  test("names one place for backups", () => {
    Object.assign(env, { LOG: "json", BACKUP_S3_ENDPOINT: "http://127.0.0.1:9", BACKUP_S3_BUCKET: "b" });
    Object.assign(env, { BACKUP_S3_ACCESS_KEY_ID: "a", BACKUP_S3_SECRET_ACCESS_KEY: "s" });
    expect(environmentChecks("", ["BACKUP_DIR"])[0]?.code).toBe("environment.BACKUP_DIR");
    expect(environmentChecks("", [])[0]?.state).toBe("ok");
  });
});

describe("the files", () => {
  test.each([".", "vault.key", "backup.key", "cluster.json", "logs", "logs/tombstones/2026-11-28-a.jsonl"])(
    "of DATA_DIR that others may read are named: %s",
    async (name) => {
      const path = inData(name);
      mkdirSync(inData("logs/tombstones"), { recursive: true, mode: 0o700 });
      if (!existsSync(path)) writeFileSync(path, randomBytes(32).toString("base64"), { mode: 0o600 });
      for (const [open, kept] of [
        [0o740, 0o700],
        [0o704, 0o711],
      ] as const) {
        chmodSync(path, open);
        const says = await expectToDo(`permissions.${name === "." ? "data" : name}`);
        expect(says).toContain(`chmod go-rw ${path}`);
        chmodSync(path, kept);
        expect(await sentenceOf("permissions")).toMatch(/^ok/u);
      }
    },
  );

  test("of a share for backups, which may know no permissions, can wait: they are sealed", async () => {
    chmodSync(env.BACKUP_DIR, 0o777);
    expect(await expectWarning("permissions.backups")).toContain(env.BACKUP_DIR);
    chmodSync(env.BACKUP_DIR, 0o700);
  });

  test("belong to the user who runs this", async () => {
    const getuid = vi.spyOn(process, "getuid").mockReturnValue(4567);
    const { checks } = await doctor();
    getuid.mockRestore();
    const owner = checks.find(({ code }) => code === "permissions.vault.key.owner");
    expect([owner?.state, owner?.sentence]).toEqual(["todo", expect.stringContaining("uid 4567")]);
  });
});

test("a database that a restore moved aside can wait for a week, then it has to be deleted", async () => {
  const folder = inData("before-restore-20261101T090000Z");
  mkdirSync(folder, { mode: 0o700 });
  const past = (days: number) => () => new Date(Date.UTC(2026, 10, 1 + days, 9, 1));
  world.now = past(6);
  expect(asideChecks(world)).toEqual([expect.objectContaining({ code: "backup.aside", state: "warn" })]);
  world.now = past(7);
  const [{ state, sentence, todo = "" } = { state: "", sentence: "" }] = asideChecks(world);
  expect(state).toBe("todo");
  expect(sentence).toContain(`${folder} に残っています（7日前のもの）`);
  expect(todo).toContain(`rm -r ${folder}`);
  world.now = () => new Date();
  chmodSync(folder, 0o755);
  const permissions = "permissions.before-restore-20261101T090000Z";
  expect((await doctor()).checks.map(({ code }) => code)).toEqual(
    expect.arrayContaining(["backup.aside", permissions]),
  );
  rmSync(folder, { recursive: true });
  expect((await doctor()).checks.map(({ code }) => code)).not.toContain("backup.aside");
});

test("clocks more than two seconds apart, either way, break what they are for", async () => {
  for (const apart of [-3000, 3000]) {
    world.now = () => new Date(Date.now() + apart);
    expect(await expectToDo("clock")).toContain("認証アプリ");
  }
  for (const apart of [-1500, 1500]) {
    world.now = () => new Date(Date.now() + apart);
    expect(await sentenceOf("clock")).toMatch(/^ok: .*差 1\.[0-5] 秒/u);
  }
});

test("a clock that nobody keeps right can wait, and one of which nothing is known is not spoken of", async () => {
  world.isClockKept = () => Promise.resolve(false);
  expect(await expectWarning("clock.ntp")).toContain("timedatectl");
  world.isClockKept = () => Promise.resolve(undefined);
  expect(await sentenceOf("clock.ntp")).toBe("undefined: undefined");
});

test.each([
  ["todo", 1.9, 10],
  ["todo", 50, 600],
  ["warn", 4, 10],
  ["warn", 50, 300],
  ["ok", 5, 20],
])("a disk: %s with %d GB of %d", async (state, free, total) => {
  world.space = () => Promise.resolve({ free: free * gigabyte, total: total * gigabyte });
  if (state === "todo") expect(await expectToDo("disk.data", "disk.backups")).toContain(`${free.toFixed(1)} GB`);
  else expect(await sentenceOf("disk.data")).toMatch(`${state}: `);
});

test("of the backups alone that is full, is named alone", async () => {
  const full = env.BACKUP_DIR;
  world.space = (path) => Promise.resolve({ free: path === full ? 0 : 100 * gigabyte, total: 200 * gigabyte });
  expect(await expectToDo("disk.backups")).toContain(full);
});
