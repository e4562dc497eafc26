import { randomBytes, randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { describe, expect, inject, test } from "vitest";
import { connectAsOwner, db, disconnect } from "#db/client.ts";
import { env } from "#db/env.ts";
import { cases } from "#db/schema/cases.ts";
import { newId } from "#db/schema/columns.ts";
import {
  blindIndex,
  idFromToken,
  newDataKey,
  openVault,
  rewrapAll,
  seal,
  tokenForId,
  unseal,
  unwrap,
} from "#db/vault.ts";

describe("sealing", () => {
  const place = `consultations.message.${randomUUID()}`;

  test("what was sealed can be read again through the wrapped key alone", () => {
    const { key, wrapped } = newDataKey("cases.wrapped_key.1");
    const sealed = seal(key, "夜、眠れません。𠮷", place);
    expect(sealed.toString("latin1")).not.toContain("眠");
    expect(unseal(unwrap(wrapped, "cases.wrapped_key.1"), sealed, place)).toBe("夜、眠れません。𠮷");
  });

  test("a value moved to another row, or altered by one bit, does not open", () => {
    const { key } = newDataKey("cases.wrapped_key.1");
    const sealed = seal(key, "text", place);
    expect(() => unseal(key, sealed, `consultations.message.${randomUUID()}`)).toThrow();
    for (const at of [0, 5, 20, sealed.length - 1]) {
      const altered = Buffer.from(sealed);
      altered[at] = (altered[at] ?? 0) ^ 1;
      expect(() => unseal(key, altered, place)).toThrow();
    }
  });

  test("a wrapped key belongs to its row", () => {
    const { wrapped } = newDataKey("cases.wrapped_key.1");
    expect(() => unwrap(wrapped, "cases.wrapped_key.2")).toThrow();
  });

  test("an erased key says that there is nothing", () => {
    expect(() => unwrap(null, place)).toThrow("erased");
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

test("a family erased while keys are rotated stays erased, and the others open under the new key alone", async () => {
  const rows = [newId(), newId()].map((id) => ({ id, ...newDataKey(`cases.wrapped_key.${id}`) }));
  const [erased, other] = rows as [(typeof rows)[0], (typeof rows)[0]];
  await db.insert(cases).values(rows.map(({ id, wrapped }) => ({ id, wrappedKey: wrapped })));
  const old = env.VAULT_KEY;
  env.VAULT_KEY = `${randomBytes(32).toString("base64")},${old}`;
  await openVault();

  const watcher = connectAsOwner(inject("clusterUrl"));
  const [here] = await db.execute<{ name: string }>("select current_database() as name");
  const waits = `select 1 from pg_stat_activity where datname = '${here?.name}' and wait_event_type = 'Lock'`;
  let rotation: Promise<number> | undefined;
  await db.transaction(async (tx) => {
    await tx.update(cases).set({ wrappedKey: null }).where(eq(cases.id, erased.id));
    rotation = rewrapAll();
    while ((await watcher.execute(waits)).length === 0); // it has read the key and wants to write it
  });
  await rotation;
  await disconnect(watcher);

  env.VAULT_KEY = env.VAULT_KEY.split(",")[0];
  await openVault();
  const keyOf = async (id: string) => (await db.select().from(cases).where(eq(cases.id, id)))[0]?.wrappedKey ?? null;
  expect(await keyOf(erased.id)).toBeNull();
  const sealed = seal(other.key, "text", "somewhere");
  expect(unseal(unwrap(await keyOf(other.id), `cases.wrapped_key.${other.id}`), sealed, "somewhere")).toBe("text");
});
