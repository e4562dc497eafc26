import { mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { sizeOf, acceptUpload } from "#api/guides/files.ts";
import { examinePdf } from "#api/guides/pdf.ts";
import { env } from "#db/env.ts";
import { Invalid } from "#db/errors.ts";
import { lockedPdf, pdf, samplePdf } from "./pdfs.ts";

const store = join(env.DATA_DIR, "guides");

/** The sentence at the field, or what the file was taken in as. */
async function tried(content: Buffer, name = "見本.pdf") {
  try {
    return (await acceptUpload(samplePdf(name, content))).pages;
  } catch (error) {
    if (error instanceof Invalid) return error.errors["file"];
    throw error;
  }
}

const whole = readFileSync(new URL("../../../site/content/guides/learning-in-hospital.pdf", import.meta.url));
const png = () => sharp({ create: { width: 9, height: 9, channels: 3, background: "red" } }).png();

describe("a file is judged by what is in it", () => {
  test.each([
    [
      "a page of HTML called .pdf",
      () => Buffer.from("<!doctype html><p>こんにちは"),
      "PDF のファイルではないようです。",
    ],
    ["a picture called .pdf", async () => png().toBuffer(), "PDF のファイルではないようです。"],
    ["nothing at all", () => Buffer.alloc(0), "PDF のファイルではないようです。"],
    ["HTML behind the right first letters", () => Buffer.from("%PDF-1.7\n<html>"), "PDF として開けませんでした。"],
    ["a PDF cut off half way", () => whole.subarray(0, whole.length / 2), "PDF として開けませんでした。"],
    ["a PDF that asks for a password", lockedPdf, "パスワードや印刷の制限がかかった PDF です。"],
    ["a PDF without pages", () => pdf({ pages: 0 }), "この PDF にはページがありません。"],
    ["a PDF of 301 pages", () => pdf({ pages: 301 }), "301 ページあります。300 ページまでに分けてください。"],
    ["more than 20 MB", () => Buffer.alloc(20 * 1024 * 1024 + 1, "%PDF-"), "ファイルが大きすぎます（21 MB）。"],
  ])("%s is refused with a sentence", async (_, content, sentence) => {
    expect(String(await tried(await content()))).toContain(sentence);
  });

  test("whatever the name says, a PDF is one, to the last page and the last byte", async () => {
    expect(await tried(pdf(), "資料.docx")).toBe(1);
    expect(await tried(pdf({ pages: 300 }))).toBe(300);
    expect(await tried(whole)).toBe(6);
    expect(await tried(Buffer.concat([pdf(), Buffer.alloc(20 * 1024 * 1024 - pdf().length, "\n")]))).toBe(1);
  });

  test("nothing of a refused file stays", async () => {
    mkdirSync(store, { recursive: true });
    const before = readdirSync(store);
    await tried(lockedPdf());
    await tried(pdf({ pages: 301, drawing: "% not seen before" }));
    expect(readdirSync(store)).toEqual(before);
  });
});

describe("the picture of the first page", () => {
  test("is a small WebP of what is printed there", async () => {
    // The upper half of the sheet in red.
    const { picture } = await examinePdf(pdf({ drawing: "1 0 0 rg 0 421 595 421 re f" }));
    const meta = await sharp(picture.content).metadata();
    expect([meta.format, meta.width, meta.height]).toEqual(["webp", picture.width, picture.height]);
    expect([picture.width, picture.height]).toEqual([480, 680]);
    const { data } = await sharp(picture.content).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    const at = (x: number, y: number) => [...data.subarray((y * 480 + x) * 3, (y * 480 + x) * 3 + 3)];
    const [red = [], white = []] = [at(240, 100), at(240, 600)];
    expect(red[0]).toBeGreaterThan(240);
    expect(Math.max(red[1] ?? 255, red[2] ?? 255)).toBeLessThan(16);
    expect(Math.min(...white)).toBeGreaterThan(250);
  });

  test.each([
    ["a slide", [842, 595], [480, 339]],
    ["a banner as long as a street", [100, 14_400], [7, 960]],
    ["a stamp", [20, 20], [480, 480]],
  ] as const)("keeps the shape of %s", async (_, size, shown) => {
    const { picture } = await examinePdf(pdf({ size: [...size] }));
    expect([picture.width, picture.height]).toEqual(shown);
  });

  test("stays under 30 KB, however busy the cover is", async () => {
    let [seed, drawing] = [1, ""];
    const next = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    for (let count = 0; count < 20_000; count++) {
      const colour = [next(), next(), next()].map((part) => part.toFixed(2)).join(" ");
      drawing += `${colour} rg ${Math.round(next() * 590)} ${Math.round(next() * 838)} 5 5 re f\n`;
    }
    const { picture } = await examinePdf(pdf({ drawing }));
    expect(picture.content.length).toBeLessThanOrEqual(30 * 1024);
    expect(picture.content.length).toBeGreaterThan(15 * 1024);
  });
});

describe("the store", () => {
  test("keeps a file and its picture under their hashes, for this system user alone", async () => {
    const stored = await acceptUpload(samplePdf("学校のしおり.pdf"));
    expect(stored.storedAs).toMatch(/^[0-9a-f]{64}\.pdf$/u);
    expect(stored.preview).toMatch(/^[0-9a-f]{64}-480x680\.webp$/u);
    expect(sizeOf(stored.preview)).toEqual({ width: 480, height: 680 });
    const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);
    expect(mode(store)).toBe("700");
    for (const name of [stored.storedAs, stored.preview]) expect(mode(join(store, name))).toBe("600");
    expect(readdirSync(store).filter((name) => !/\.(?:pdf|webp)$/u.test(name))).toEqual([]);
  });

  test.each([
    ["入院中の学びと復学のはじめ方.pdf", "入院中の学びと復学のはじめ方.pdf"],
    ["../../../etc/passwd", "passwd.pdf"],
    ["C:\\Users\\hana\\しおり.PDF", "しおり.pdf"],
    ["..pdf", "資料.pdf"],
    ["改\r\n行\u202e.pdf", "改行.pdf"],
    [`${"長".repeat(200)}.pdf`, `${"長".repeat(60)}.pdf`],
    ["か\u3099っこう.pdf", "がっこう.pdf"],
  ])("a file called %j is saved by families as %j", async (sent, kept) => {
    expect((await acceptUpload(samplePdf(sent, pdf()))).fileName).toBe(kept);
  });
});

test("files wait for each other, and a refused one holds nobody up", async () => {
  const tries = [pdf(), lockedPdf(), Buffer.from("%PDF-"), pdf({ pages: 3 })].map((content) =>
    examinePdf(content).then(
      ({ pages }) => pages,
      (error: Error) => error.name,
    ),
  );
  expect(await Promise.all(tries)).toEqual([1, "UnusablePdf", "UnusablePdf", 3]);
});
