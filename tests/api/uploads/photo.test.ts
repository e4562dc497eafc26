import sharp from "sharp";
import { beforeAll, expect, test } from "vitest";
import { refusals } from "#api/uploads/file-kinds.ts";
import { readPhoto } from "#api/uploads/photo.ts";

let photo: Buffer;
beforeAll(async () => {
  const noise = { width: 3000, height: 2000, channels: 3, background: "#336699" } as const;
  photo = await sharp({ create: { ...noise, noise: { type: "gaussian", mean: 128, sigma: 30 } } })
    .blur(3)
    .jpeg({ quality: 90 })
    .toBuffer();
});

/** The camera was held upright: its left is the picture's top. Position and camera stand in it. */
const fromCamera = () =>
  sharp(photo)
    .withExif({
      IFD0: { Make: "MIHON-CAMERA" },
      IFD3: { GPSLatitudeRef: "N", GPSLatitude: "34/1 39/1 0/1", GPSLongitudeRef: "E", GPSLongitude: "133/1 55/1 0/1" },
    } as never)
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();

const spiedOn = /MIHON-CAMERA|GPS|Exif|http:\/\/ns\.adobe|ICC_PROFILE|<script|<html|PK\u0003\u0004/u;

test("becomes two widths in two formats and a master, from the pixels alone", async () => {
  const files = await readPhoto(photo);
  expect(files.map(({ variant, type, width, height }) => [variant, type, width, height])).toEqual([
    ["small", "image/webp", 480, 320],
    ["small", "image/jpeg", 480, 320],
    ["large", "image/webp", 960, 640],
    ["large", "image/jpeg", 960, 640],
    ["master", "image/webp", 1600, 1067],
  ]);
  for (const { content, type } of files)
    expect((await sharp(content).metadata()).format).toBe(type === "image/webp" ? "webp" : "jpeg");
});

test("is turned as the camera held it, and keeps neither place nor camera", async () => {
  const original = await fromCamera();
  expect(original.toString("latin1")).toMatch(/MIHON-CAMERA/u);
  const files = await readPhoto(original);
  expect([files[0]?.width, files[0]?.height]).toEqual([480, 720]);
  for (const { content } of files) {
    const { exif, xmp, icc, orientation } = await sharp(content).metadata();
    expect([exif, xmp, icc, orientation]).toEqual([undefined, undefined, undefined, undefined]);
    expect(content.toString("latin1")).not.toMatch(spiedOn);
  }
});

test.each([
  ["a page", Buffer.from("<html><script>alert(1)</script></html>")],
  ["an archive", Buffer.from("PK\u0003\u0004 archive")],
])("behind it, %s is gone", async (_name, behind) => {
  for (const { content } of await readPhoto(Buffer.concat([photo, behind])))
    expect(content.toString("latin1")).not.toMatch(spiedOn);
});

test("is never enlarged; what is transparent becomes white", async () => {
  const drawing = await sharp({ create: { width: 300, height: 300, channels: 4, background: "#00000000" } })
    .png()
    .toBuffer();
  const files = await readPhoto(drawing);
  expect(new Set(files.map(({ width }) => width))).toEqual(new Set([300]));
  for (const { content } of files)
    expect([...(await sharp(content).raw().toBuffer()).subarray(0, 3)]).toEqual([255, 255, 255]);
});

const svg = Buffer.from(
  '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="400"><script>alert(1)</script></svg>',
);
const heic = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from("ftypheic"), Buffer.alloc(64)]);

test.each([
  ["SVG with a script", () => svg, "PNG で書き出した"],
  ["HEIC", () => heic, refusals.heic],
  ["a GIF under another name", () => Buffer.from("GIF89a....."), refusals.gif],
  ["AVIF", () => Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from("ftypavif"), Buffer.alloc(64)]), refusals.avif],
  ["a PDF", () => Buffer.from("%PDF-1.7"), refusals.pdf],
  ["words", () => Buffer.from("ただの文"), "画像として開けませんでした。JPEG、PNG、WebP のどれかを選んでください。"],
  ["nothing", () => Buffer.alloc(0), "画像として開けませんでした。JPEG、PNG、WebP のどれかを選んでください。"],
  ["a JPEG that was cut off", () => photo.subarray(0, photo.length / 2), "途中で切れています"],
  ["a head alone", () => photo.subarray(0, 400), "途中で切れています"],
])("%s is refused with what to do", async (_name, file, sentence) => {
  await expect(readPhoto(file())).rejects.toThrow(sentence);
});

test("100 million pixels in a small file are refused before they are decoded, and a smear as well", async () => {
  const huge = await sharp({ create: { width: 10_000, height: 10_000, channels: 3, background: "#fff" } })
    .png({ compressionLevel: 9 })
    .toBuffer();
  expect(huge.length).toBeLessThan(1024 * 1024);
  await expect(readPhoto(huge)).rejects.toThrow("4000 万画素");
  const strip = await sharp({ create: { width: 250, height: 20_000, channels: 3, background: "#fff" } })
    .png()
    .toBuffer();
  await expect(readPhoto(strip)).rejects.toThrow("縦に長すぎる");
  const tiny = await sharp({ create: { width: 120, height: 120, channels: 3, background: "#fff" } })
    .png()
    .toBuffer();
  await expect(readPhoto(tiny)).rejects.toThrow("200 ピクセル");
});

test("a tall one has the same widths as a wide one", async () => {
  const tall = await sharp({ create: { width: 1000, height: 4000, channels: 3, background: "#fff" } })
    .png()
    .toBuffer();
  const sizes = (await readPhoto(tall)).map(({ width, height }) => [width, height]);
  expect(sizes).toEqual([
    [480, 1920],
    [480, 1920],
    [960, 3840],
    [960, 3840],
    [400, 1600],
  ]);
});

test("of an animation the first picture is taken", async () => {
  const frame = (colour: string) =>
    sharp({ create: { width: 300, height: 300, channels: 3, background: colour } })
      .png()
      .toBuffer();
  const animation = await sharp([await frame("#ff0000"), await frame("#0000ff")], { join: { animated: true } })
    .webp()
    .toBuffer();
  const [small] = await readPhoto(animation);
  expect([small?.width, small?.height]).toEqual([300, 300]);
});

test("leaves this process as large as it was", async () => {
  await readPhoto(photo);
  const before = process.memoryUsage().rss;
  for (let count = 0; count < 12; count++) await readPhoto(photo);
  expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024);
}, 60_000);
