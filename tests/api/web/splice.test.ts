import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { carry, join, newFormKey, split } from "#api/web/pieces.ts";
import { markOf, prepareSplice } from "#api/web/splice.ts";
import { pages } from "../../site/built.ts";

const marks = [markOf(0, 43), markOf(1, 25)];
const [tokenMark = "", keyMark = ""] = marks;
const open = (joined: string | undefined) =>
  joined === undefined ? undefined : brotliDecompressSync(Buffer.from(joined, "latin1")).toString();
const letters = (length: number) =>
  fc.string({ unit: fc.constantFrom(..."abcXYZ019-_"), minLength: length, maxLength: length });

test("a mark repeats no four letters, and shares none with the other", () => {
  for (const mark of marks) {
    const fours = Array.from({ length: mark.length - 3 }, (_, i) => mark.slice(i, i + 4));
    expect(new Set(fours).size).toBe(fours.length);
  }
  expect(marks.map((mark) => mark.length)).toEqual([43, 25]);
  expect([...tokenMark].some((letter) => keyMark.includes(letter))).toBe(false);
});

/** Text as pages have it: markup that repeats, Japanese, and marks here and there. */
const text = fc
  .array(
    fc.oneof(
      {
        weight: 3,
        arbitrary: fc.constantFrom(`<li><a href="/guides?c=${tokenMark}">資料</a></li>`, tokenMark, keyMark),
      },
      fc.constantFrom(
        "療養とともに暮らす",
        '<p class="note">',
        `<a href="/consultation?c=`,
        `">相談する</a>`,
        "\n",
        "",
      ),
      fc.string({ unit: "grapheme", maxLength: 40 }).map((some) => some.replaceAll(/\p{Cc}/gu, "")),
      fc.nat(400).map((count) => "ことば".repeat(count)),
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(""));

test("any token and key come out in all their places, and nothing else changes", async () => {
  let spliced = 0;
  await fc.assert(
    fc.asyncProperty(text, fc.array(fc.tuple(letters(43), letters(25)), { minLength: 1 }), async (page, visitors) => {
      const held = marks.filter((mark) => page.includes(mark));
      const splice = await prepareSplice(page, held);
      if (splice === undefined) return; // such a page is compressed anew for each visitor; few texts are like that
      for (const [token, key] of visitors) {
        const texts = held.map((mark) => (mark === tokenMark ? token : key));
        const expected = page.replaceAll(tokenMark, token).replaceAll(keyMark, key);
        expect(open(splice(texts))).toBe(expected);
        spliced += held.length;
      }
    }),
    { numRuns: 150 },
  );
  expect(spliced).toBeGreaterThan(100);
});

test("a page without its mark, or with the mark's letters elsewhere, is left to be compressed each time", async () => {
  expect(await prepareSplice("<p>no mark</p>", [tokenMark])).toBeUndefined();
  expect(await prepareSplice(`${tokenMark} and \u0003 alone`, [tokenMark])).toBeUndefined();
  expect(await prepareSplice(`${tokenMark}${keyMark}`, [tokenMark])).toBeUndefined();
});

test("each built page, carried and with a key, is as if joined and compressed for this visitor, and hardly larger", async () => {
  const token = "tokenTOKEN0123456789-_tokenTOKEN0123456789x";
  const key = newFormKey();
  expect([token.length, key.length]).toEqual([43, 25]);
  expect(carry("/a", token)).toBe(`/a?c=${token}`);
  for (const [path, html] of pages) {
    const pieces = split(html);
    const marked = join(pieces, tokenMark, keyMark);
    const held = marks.filter((mark) => marked.includes(mark));
    const splice = await prepareSplice(marked, held);
    const joined = splice?.(held.map((mark) => (mark === tokenMark ? token : key))) ?? "";
    const expected = join(pieces, token, key);
    expect([path, open(joined)]).toEqual([path, expected]);
    const alone = brotliCompressSync(expected, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } });
    expect(joined.length).toBeLessThan(alone.length * 1.1);
  }
});
