import { randomBytes, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { eq, sql } from "drizzle-orm";
import { afterEach, describe, expect, test } from "vitest";
import { askForChange } from "#api/approvals/answer.ts";
import { makeLink } from "#api/approvals/links.ts";
import { recordOnPaper } from "#api/approvals/record.ts";
import { openCase } from "#api/cases/case.ts";
import { DownloadForm } from "#api/downloads/forms.ts";
import { grantDownload } from "#api/downloads/grant.ts";
import { draftsOfPage } from "#api/drafts/drafts.ts";
import { saveDraft } from "#api/drafts/save.ts";
import { installBundledGuides } from "#api/guides/install-bundled.ts";
import { eraseFamily } from "#api/privacy/erase.ts";
import { readLog } from "#db/backup/logs.ts";
import { db, transaction } from "#db/client.ts";
import { env } from "#db/env.ts";
import { cases } from "#db/schema/cases.ts";
import { consultations } from "#db/schema/consultations.ts";
import { deliveries } from "#db/schema/mail.ts";
import { blindIndex } from "#db/vault/blind-index.ts";
import { rotateKey } from "#db/vault/rotate-key.ts";
import { idFromToken, tokenForId } from "#db/vault/tokens.ts";
import { newDataKey, openVault, seal, unseal, unwrap } from "#db/vault/vault.ts";
import { compose } from "#emails/outbox/compose.ts";
import { added } from "../../api/content/typed.ts";
import { member, receive } from "../../api/requests.ts";

describe("sealing", () => {
  const place = "consultations.message";
  const id = randomUUID();

  test("what was sealed can be read again through the wrapped key alone", () => {
    const { key, wrapped } = newDataKey("cases.wrapped_key", "1");
    const sealed = seal(key, "夜、眠れません。𠮷", place, id);
    expect(sealed.toString("latin1")).not.toContain("眠");
    expect(unseal(unwrap(wrapped, "cases.wrapped_key", "1"), sealed, place, id)).toBe("夜、眠れません。𠮷");
  });

  test("a value moved to another row, or altered by one bit, does not open", () => {
    const { key } = newDataKey("cases.wrapped_key", "1");
    const sealed = seal(key, "text", place, id);
    expect(() => unseal(key, sealed, place, randomUUID())).toThrow();
    expect(() => unseal(key, sealed, "consultations.contact", id)).toThrow();
    for (const at of [0, 5, 20, sealed.length - 1]) {
      const altered = Buffer.from(sealed);
      altered[at] = (altered[at] ?? 0) ^ 1;
      expect(() => unseal(key, altered, place, id)).toThrow();
    }
  });

  test("a wrapped key belongs to its row", () => {
    const { wrapped } = newDataKey("cases.wrapped_key", "1");
    expect(() => unwrap(wrapped, "cases.wrapped_key", "2")).toThrow();
  });

  test("an erased key says that there is nothing", () => {
    expect(() => unwrap(null, "cases.wrapped_key", id)).toThrow("erased");
  });
});

describe("blind index and tokens", () => {
  test("equal values are equal, other values and kinds are not", () => {
    expect(blindIndex("email", "a@example.jp")).toEqual(blindIndex("email", "a@example.jp"));
    expect(blindIndex("email", "a@example.jp")).not.toEqual(blindIndex("email", "b@example.jp"));
    expect(blindIndex("email", "a")).not.toEqual(blindIndex("phone", "a"));
  });

  test("a token opens its own row and purpose only", () => {
    const id = randomUUID();
    const token = tokenForId("unsubscribe", id);
    expect(idFromToken("unsubscribe", token)).toBe(id);
    expect(idFromToken("confirm", token)).toBeUndefined();
    for (const letter of "ABCQgw-_") {
      const altered = `${token.slice(0, -1)}${letter}`;
      if (altered !== token) expect(idFromToken("unsubscribe", altered)).toBeUndefined();
    }
    expect(idFromToken("unsubscribe", "")).toBeUndefined();
    expect(idFromToken("unsubscribe", undefined)).toBeUndefined();
  });
});

describe("a token", () => {
  test("has one spelling", () => {
    for (let i = 0; i < 64; i++) {
      const token = tokenForId("click", randomUUID());
      const others = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"].map(
        (end) => token.slice(0, -1) + end,
      );
      expect(others.filter((other) => idFromToken("click", other) !== undefined)).toEqual([token]);
    }
  });
});

describe("the wrapping key", () => {
  const usual = env.VAULT_KEY ?? "";
  const fresh = () => randomBytes(32).toString("base64");
  async function open(keys: string | undefined) {
    env.VAULT_KEY = keys;
    return openVault();
  }
  const rotate = async () => (await rotateKey({ isStored: true })).rewrapped;
  afterEach(() => open(usual));

  /** Key ids in every column that holds a wrapped key, found in the catalogue. */
  async function keyIds(): Promise<Record<string, string[]>> {
    const columns = await db.execute<{ table: string; column: string }>(
      sql`select table_name as table, column_name as column from information_schema.columns where table_schema = 'public' and column_name like 'wrapped%'`,
    );
    const found: Record<string, string[]> = {};
    for (const { table, column } of columns) {
      const rows = await db.execute<{ id: string }>(
        sql`select distinct encode(substring(${sql.identifier(column)} from 2 for 4), 'hex') as id from ${sql.identifier(table)} where ${sql.identifier(column)} is not null`,
      );
      found[table] = rows.map(({ id }) => id);
    }
    return found;
  }

  /** A consent to publication on paper, and a wish for changes by a link. */
  async function fillApprovals() {
    const manager = await member("manager");
    const contentId = await added(manager, "voice", { "ja.words": "声", "ja.from": "母" });
    const at = { kind: "voice", contentId, locale: "ja", revisionNo: 1 } as const;
    const given = { reference: "1", givenBy: "見本", givenOn: "2026-11-01", until: "2030-12-31" };
    await recordOnPaper(manager, at, { ...given, channels: ["site"] });
    const token = tokenForId("preview", await makeLink(manager, at, "approve"));
    await askForChange(token, "直してください。", { network: "198.51.100.1", now: new Date() });
  }

  /** One row in every table that seals. */
  async function fill() {
    const { caseId } = await receive({ message: "夜に眠れません", email: "hana@example.jp", reply_by: "email" });
    await installBundledGuides();
    const arrival = { channel: "api", network: "198.51.100.1", key: undefined, now: new Date() } as const;
    const form = DownloadForm.parse({ email: "hana@example.jp", guide: "learning-in-hospital", newsletter: true });
    await grantDownload(form, arrival);
    await fillApprovals();
    return caseId;
  }

  test("can be changed: everything opens under the new one alone, and tokens and indexes stay", async () => {
    const caseId = await fill();
    const manager = await member("manager");
    const unsent = { form: "/staff/newsletters", page: "/staff/newsletters/new", values: { body: "号" }, errors: {} };
    await saveDraft(manager.id, unsent);
    const token = tokenForId("click", randomUUID());
    const index = blindIndex("email", "hana@example.jp");
    const next = fresh();
    await open(`${next},${usual}`);
    expect(await rotate()).toBeGreaterThan(5);
    expect(await rotate()).toBe(0);
    const ids = await keyIds();
    expect(Object.keys(ids).toSorted()).toEqual([
      ...["approvals", "cases", "download_grants", "draft_keys", "preview_links", "subscribers", "vault_keys"],
    ]);
    expect(new Set(Object.values(ids).flat()).size).toBe(1);
    await open(next);
    expect((await openCase(manager, caseId)).consultations[0]?.message).toBe("夜に眠れません");
    expect((await draftsOfPage(manager.id, unsent.page))[0]?.values).toEqual(unsent.values);
    expect([idFromToken("click", token) === undefined, blindIndex("email", "hana@example.jp")]).toEqual([false, index]);
    await open(`${usual},${next}`);
    await rotate();
  });

  test("while it is changed, a case erased meanwhile stays erased", async () => {
    const { caseId } = await receive();
    const next = fresh();
    await open(`${next},${usual}`);
    let rewrapping: Promise<number> | undefined;
    await transaction(async (tx) => {
      await tx.update(cases).set({ wrappedKey: null }).where(eq(cases.id, caseId));
      rewrapping = rotate();
      // It has read the old key once it waits for this row.
      const waits = sql`select 1 from pg_locks where not granted`;
      while ((await db.execute(waits)).length === 0) await sleep(5);
    });
    await rewrapping;
    const [row] = await db.select().from(cases).where(eq(cases.id, caseId));
    expect(row?.wrappedKey).toBeNull();
    await open(`${usual},${next}`);
    await rotate();
  });

  test("another key opens nothing and says so", async () => {
    await expect(open(fresh())).rejects.toThrow("VAULT_KEY does not hold the key");
  });

  test("is never made anew for a database that was sealed with another", async () => {
    await expect(open(undefined)).rejects.toThrow("There is no vault key here, but this database was sealed with one");
    expect(existsSync(join(env.DATA_DIR, "vault.key"))).toBe(false);
  });

  test.each(["short", "", `${"A".repeat(43)}=,x`])("VAULT_KEY=%j is refused by its name", async (key) => {
    env.VAULT_KEY = key;
    await expect(openVault()).rejects.toThrow("The environment variable VAULT_KEY is not usable");
  });
});

describe("erasure", () => {
  test("takes the key and what the family could be found by, stops their mail, and leaves a line outside", async () => {
    const { caseId, reference } = await receive({ email: "hana@example.jp", phone: "086-000-0000", reply_by: "email" });
    const sent = await db.select().from(deliveries);
    mkdirSync(join(env.DATA_DIR, "outbox"), { recursive: true });
    for (const { id } of sent) writeFileSync(join(env.DATA_DIR, "outbox", `${id}.eml`), "To: hana@example.jp");
    await eraseFamily(reference);
    const left = readdirSync(join(env.DATA_DIR, "outbox")).length;
    expect(sent.length - left).toBe(2); // the receipt and the notice of this case, and nobody else's
    const [row] = await db
      .select()
      .from(cases)
      .innerJoin(consultations, eq(consultations.caseId, cases.id))
      .where(eq(cases.id, caseId));
    expect([row?.cases.wrappedKey, row?.consultations.emailIndex, row?.consultations.phoneIndex]).toEqual([
      null,
      null,
      null,
    ]);
    expect(() => unwrap(row?.cases.wrappedKey ?? null, "cases.wrapped_key", caseId)).toThrow("erased");
    expect((await readLog("tombstones", [])).at(-1)).toMatchObject({ case: caseId });
    const mails = await db
      .select()
      .from(deliveries)
      .where(eq(deliveries.leadId, row?.consultations.leadId ?? ""));
    const composed = await Promise.all(mails.map((mail) => compose(mail)));
    expect(composed.map((mail, at) => [mails[at]?.kind, mail === "cancelled"])).toContainEqual(["receipt", true]);
  });
});
