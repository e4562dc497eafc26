/** The stories of the README and the manual, 「鍵をなくしたとき」 and 「鍵が盗まれたとき」, with the commands that they name. */

import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { open, sealObject } from "#db/backup/seal.ts";
import { notify } from "#db/client.ts";
import { env } from "#db/env.ts";
import { keysChannel, registerProcess } from "#db/vault/processes.ts";
import { keyIdOf, openVault } from "#db/vault/vault.ts";
import { writeKey } from "#db/vault/written-keys.ts";
import { runCommand } from "../../command.ts";
import {
  become,
  type Installation,
  installation,
  readHere,
  readWith,
  receive,
  rotated,
  stopped,
  stored,
  variablesOf,
} from "./installations.ts";

let unregister: (() => Promise<void>) | undefined;
afterEach(async () => {
  await unregister?.();
  unregister = undefined;
});

const fileOf = ({ data }: Installation, kind = "vault") => join(data, `${kind}.key`);
const command = (place: Installation, words: string[], input = "") =>
  runCommand(words, { variables: { LOG: "off", BACKUP_KEY: "", ...variablesOf(place) }, input });

/** What stands on the paper: both keys as `keys` shows them. */
async function papers(place: Installation) {
  const { out } = await command(place, ["keys", "--json"]);
  const shown = JSON.parse(out) as Record<"vault" | "backup", { written: string }[]>;
  return { vault: shown.vault[0]?.written ?? "", backup: shown.backup[0]?.written ?? "" };
}

describe("the vault's key is lost", () => {
  test("while a process runs, which writes it again: nothing else happens", async () => {
    const place = await installation();
    await become(place);
    ({ unregister } = await registerProcess("web"));
    await receive(place, 2);
    const before = [readFileSync(fileOf(place), "utf8"), readFileSync(fileOf(place, "backup"), "utf8")];
    for (const kind of ["vault", "backup"]) rmSync(fileOf(place, kind));
    await notify(keysChannel); // as its next heartbeat would
    // Within two heartbeats, where the process did not listen yet.
    await expect.poll(() => existsSync(fileOf(place, "backup")), { timeout: 25_000 }).toBe(true);
    expect([readFileSync(fileOf(place), "utf8"), readFileSync(fileOf(place, "backup"), "utf8")]).toEqual(before);
    expect(statSync(fileOf(place)).mode & 0o777).toBe(0o600);
    expect((await command(place, ["keys", "noted"])).err).not.toContain("There is no vault key here");
  });

  test("and the process is stopped before it has noticed: it writes it when it stops", async () => {
    const place = await installation();
    await become(place);
    ({ unregister } = await registerProcess("web"));
    await receive(place, 1);
    const [key = ""] = stored(place);
    rmSync(fileOf(place));
    await unregister();
    unregister = undefined;
    expect(stored(place)).toEqual([key]);
    expect(await readWith(place, key)).toEqual(place.accepted);
  });

  test("with nothing running: the start refuses, the paper is typed in, and everything opens", async () => {
    const place = await installation();
    await stopped(place);
    const { vault } = await papers(place);
    rmSync(fileOf(place));
    const refused = await command(place, ["keys", "noted"]);
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining("There is no vault key here")]);
    expect(refused.err).toContain("keys enter vault");
    const doctor = await command(place, ["doctor"]);
    expect([doctor.code, doctor.out]).toEqual([
      1,
      expect.stringContaining("npm run -s cli -- keys enter vault で入れて"),
    ]);
    expect(existsSync(fileOf(place))).toBe(false); // no new one in its place
    expect(await command(place, ["keys", "enter", "vault"], `${vault}\n`)).toMatchObject({ code: 0 });
    await become(place);
    await openVault();
    expect(await readHere(place)).toEqual(place.accepted);
  });

  test("with nothing running, the paper may also stand in VAULT_KEY, as it was written", async () => {
    const place = await installation();
    await stopped(place);
    const { vault } = await papers(place);
    rmSync(fileOf(place));
    expect(await readWith(place, vault.replaceAll("-", " ").toLowerCase())).toEqual(place.accepted);
  });

  test("and another was put in its place: the sentence names the key that is missing", async () => {
    const place = await installation();
    await stopped(place);
    const [key = ""] = stored(place);
    writeFileSync(fileOf(place), writeKey("vault", randomBytes(32)));
    const { code, err } = await command(place, ["keys", "noted"]);
    expect([code, err]).toEqual([1, expect.stringContaining(`key id ${keyIdOf(Buffer.from(key, "base64"))}`)]);
  });
});

describe("the vault's key is stolen", () => {
  test("rotate-key: the stolen one opens nothing any more, the paper of the new one opens everything", async () => {
    const place = await installation();
    await stopped(place);
    const [stolen = ""] = stored(place);
    const { code, err } = await rotated(place);
    const { vault } = await papers(place);
    expect([code, err]).toEqual([0, expect.stringContaining(vault)]); // printed once, to be written down
    await become(place);
    await openVault();
    await receive(place, 2);
    await expect(readWith(place, stolen)).rejects.toThrow("does not hold the key that wrapped this row");
    expect(await readWith(place, vault)).toEqual(place.accepted);
  });

  test("the command says for how long the old key is needed", async () => {
    const place = await installation();
    await stopped(place);
    const { out } = await command(place, ["rotate-key"]);
    expect(out).toContain("Keep the old key, too, as long as backups of before are kept (35 days)");
  });
});

describe("the key of the backups", () => {
  const words = Buffer.from("a backup");
  const opened = async (sealed: Buffer) => (await open(sealed)).toString();

  test("lost, with the paper at hand: typed in, it opens the backups again", async () => {
    const place = await installation();
    await stopped(place);
    const sealed = await sealObject(words);
    const { backup } = await papers(place);
    rmSync(fileOf(place, "backup"));
    await openVault(); // as a start does: a new key, for new backups
    const [fresh = ""] = readFileSync(fileOf(place, "backup"), "utf8").split("\n");
    await expect(opened(sealed)).rejects.toThrow(`(here: key id ${keyIdOf(Buffer.from(fresh, "base64"))})`);
    expect(await command(place, ["keys", "enter", "backup"], `${backup}\n`)).toMatchObject({ code: 0 });
    expect(await opened(sealed)).toBe("a backup");
  });

  test("stolen: rotate-key --backup, and the stolen one opens no backup taken since; older ones still open here", async () => {
    const place = await installation();
    await stopped(place);
    const before = await sealObject(words);
    const { backup: stolen } = await papers(place);
    const { code, out, err } = await command(place, ["rotate-key", "--backup"]);
    const { backup: fresh } = await papers(place);
    expect([code, err]).toEqual([0, expect.stringContaining(fresh)]);
    expect(out).toContain("Take a backup with it now");
    const since = await sealObject(words);
    expect([fresh === stolen, await opened(before), await opened(since)]).toEqual([false, "a backup", "a backup"]);
    const thief = { DATA_DIR: join(place.data, "thief"), BACKUP_KEY: stolen };
    const { DATA_DIR } = env;
    Object.assign(env, thief);
    await expect(opened(since)).rejects.toThrow("No key for backups that is here opens this backup");
    expect(await opened(before)).toBe("a backup");
    env.BACKUP_KEY = fresh;
    expect(await opened(since)).toBe("a backup");
    await expect(opened(before)).rejects.toThrow("keys enter backup");
    Object.assign(env, { DATA_DIR, BACKUP_KEY: undefined });
  });

  test("of a variable is changed there: the command says how", async () => {
    const place = await installation();
    await stopped(place);
    const variables = { ...variablesOf(place), BACKUP_KEY: writeKey("backup", randomBytes(32)) };
    const { code, err } = await runCommand(["rotate-key", "--backup"], { variables });
    expect([code, err]).toEqual([1, expect.stringContaining('Store BACKUP_KEY="NEW,OLD"')]);
  });
});
