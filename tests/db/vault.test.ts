import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { blindIndex, idFromToken, newDataKey, seal, tokenForId, unseal, unwrap } from "#db/vault.ts";

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
