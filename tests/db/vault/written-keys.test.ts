/** Keys on paper: what is typed again is the same key, and a slip of the pen or the finger is found and named. */

import { randomBytes } from "node:crypto";
import { assert, constantFrom, integer, property, tuple, uint8Array } from "fast-check";
import { describe, expect, test } from "vitest";
import { keyGroupOf, readWrittenKey, writeKey } from "#db/vault/written-keys.ts";

const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const kinds = constantFrom("vault" as const, "backup" as const);
const keys = uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes));
const groups = (written: string) => written.split("-");

/** Printed by the first release that wrote keys down. */
const paper = "T007E-1RAHB-R8SAN-64W3H-YHJDS-AHDPT-4TBGP-EXZ8Q-B34KF-KAGTF-HBXPN-QQ2CR-QMPSN";

/** The sentence of the refusal, or "" where the text was read. */
function refusal(text: string, kind: "vault" | "backup" = "vault"): string {
  try {
    readWrittenKey(kind, text);
    return "";
  } catch (error) {
    return (error as Error).message;
  }
}

const fullWidth = (text: string) =>
  text.replaceAll(/[0-9A-Z]/gu, (letter) => String.fromCodePoint((letter.codePointAt(0) ?? 0) + 0xfee0));

test("what is written is read as the same key, and its first letter says which it is", () => {
  assert(
    property(kinds, keys, (kind, key) => {
      const written = writeKey(kind, key);
      expect(written).toMatch(/^(?:[0-9A-HJKMNP-TV-Z]{5}-){12}[0-9A-HJKMNP-TV-Z]{5}$/u);
      expect(written).toMatch(kind === "vault" ? /^[TV]/u : /^[AB]/u);
      expect(readWrittenKey(kind, written)).toEqual(key);
    }),
  );
  for (const byte of [0, 255]) {
    const key = Buffer.alloc(32, byte);
    expect(readWrittenKey("backup", writeKey("backup", key))).toEqual(key);
  }
});

test("a paper of today is read in ten years", () => {
  const key = Buffer.from(Array.from({ length: 32 }, (_, n) => n * 7));
  expect(writeKey("vault", key)).toBe(paper);
  expect(readWrittenKey("vault", paper)).toEqual(key);
});

describe("however it is typed", () => {
  const key = randomBytes(32);
  const written = writeKey("vault", key);
  test.each([
    ["in small letters", written.toLowerCase()],
    ["in full width, with the Japanese space", fullWidth(written).replaceAll("-", "　")],
    ["with the dashes of a Japanese keyboard", written.replaceAll("-", "ー")],
    ["with minus signs and long dashes", written.replaceAll("-", " − ").replace("−", "—")],
    ["in lines", `\n  ${groups(written).slice(0, 7).join(" ")}\r\n${groups(written).slice(7).join(" ")}\n`],
    ["without any space", written.replaceAll("-", "")],
    ["in groups of other sizes", written.replaceAll("-", "").replaceAll(/(.{13})/gu, "$1 ")],
    ["with O for 0, I and l for 1, U for V", written.replaceAll("0", "O").replaceAll("1", "l").replaceAll("V", "u")],
    ["with I for 1", written.replaceAll("1", "I")],
  ])("%s", (_, text) => {
    expect(readWrittenKey("vault", text)).toEqual(key);
  });
});

describe("found, and its group named", () => {
  test("each single character that is another", () => {
    const written = writeKey("vault", randomBytes(32));
    for (let at = 0; at < written.length; at++) {
      if (written[at] === "-") continue;
      for (const other of alphabet) {
        if (other === written[at]) continue;
        const sentence = refusal(written.slice(0, at) + other + written.slice(at + 1));
        expect(sentence).toMatch(new RegExp(`^Group ${Math.floor(at / 6) + 1} \\(`, "u"));
      }
    }
  });

  test("any two characters of a group exchanged, and neighbours across groups", () => {
    assert(
      property(kinds, keys, (kind, key) => {
        const written = writeKey(kind, key).replaceAll("-", "");
        for (let one = 0; one < written.length - 1; one++) {
          const end = Math.max(one + 1, Math.floor(one / 5) * 5 + 4);
          for (let other = one + 1; other <= end; other++) {
            if (written[one] === written[other]) continue;
            const letters = [...written];
            [letters[one], letters[other]] = [letters[other] ?? "", letters[one] ?? ""];
            expect(refusal(letters.join(""), kind)).toMatch(new RegExp(`^Groups? ${Math.floor(one / 5) + 1} \\(`, "u"));
          }
        }
      }),
      { numRuns: 20 },
    );
  });

  test("any two groups exchanged, also where both hold the same", () => {
    for (const key of [randomBytes(32), Buffer.alloc(32)]) {
      const written = groups(writeKey("vault", key));
      for (let one = 0; one < 13; one++) {
        for (let other = one + 1; other < 13; other++) {
          const exchanged = written.with(one, written[other] ?? "").with(other, written[one] ?? "");
          expect(refusal(exchanged.join("-"))).toMatch(`Groups ${one + 1} and ${other + 1} (`);
        }
      }
    }
  });

  test("a character left out or typed twice", () => {
    assert(
      property(keys, tuple(integer({ min: 0, max: 12 }), integer({ min: 0, max: 4 })), (key, [group, at]) => {
        const written = groups(writeKey("vault", key));
        const one = written[group] ?? "";
        const short = written.with(group, one.slice(0, at) + one.slice(at + 1)).join(" ");
        const long = written.with(group, one.slice(0, at) + one.slice(at, at + 1) + one.slice(at)).join(" ");
        expect([refusal(short), refusal(long)]).toEqual([
          expect.stringContaining(`Group ${group + 1} (`),
          expect.stringContaining(`Group ${group + 1} (`),
        ]);
        expect(refusal(short.replaceAll(" ", ""))).toContain("here are 64 characters in all");
      }),
    );
  });

  test("a letter that no key has", () => {
    const written = groups(writeKey("vault", randomBytes(32)));
    expect(refusal(written.with(6, "ABCあD").join("-"))).toBe('"あ" in group 7 occurs in no key.');
  });
});

test("the other key is named, and so is nothing at all", () => {
  const key = randomBytes(32);
  expect(refusal(writeKey("backup", key))).toBe("This is the key of the backups, not the vault's key.");
  expect(refusal(writeKey("vault", key), "backup")).toBe("This is the vault's key, not the key of the backups.");
  expect(refusal("")).toContain("here are 0 characters in all");
  expect(refusal("TVTVT")).toContain("here are 5 characters in all");
});

test("groups are counted from 1", () => {
  const written = writeKey("vault", randomBytes(32));
  expect([keyGroupOf(written, 1), keyGroupOf(written, 13)]).toEqual([written.slice(0, 5), written.slice(-5)]);
});
