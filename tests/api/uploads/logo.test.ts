import { rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { runChild } from "#api/drawings/child.ts";
import { kindOfFile } from "#api/uploads/file-kinds.ts";
import { type Logo, type LogoFile, readLogo, UnusablePicture } from "#api/uploads/logo.ts";
import { opened } from "../drawings/pictures.ts";
import { blackPng, entityBomb, halves, illustrator, svg, textChunk, useBomb } from "./attacks.ts";

/** The sentence for whoever chose this file. */
async function refusal(content: Buffer): Promise<string> {
  try {
    await readLogo(content);
  } catch (error) {
    if (error instanceof UnusablePicture) return error.message;
    throw error;
  }
  return "taken";
}

const [pictureProgram, svgProgram] = ["picture-child.ts", "svg-child.ts"].map(
  (name) => new URL(`../../../api/uploads/${name}`, import.meta.url),
) as [URL, URL];
const filesOf = ({ page, large, master }: Logo) => [page, large, master];
const green = '<rect width="400" height="200" fill="#00a040"/>';

describe("a logo is taken in", () => {
  test.each([
    ["JPEG", () => halves().jpeg().toBuffer()],
    ["JPEG in CMYK", () => halves().toColourspace("cmyk").jpeg().toBuffer()],
    ["PNG", () => halves().png().toBuffer()],
    ["PNG with a palette", () => halves().png({ palette: true }).toBuffer()],
    ["PNG of 16 bits", () => halves().toColourspace("rgb16").png().toBuffer()],
    ["WebP", () => halves().webp({ lossless: true }).toBuffer()],
    [
      "SVG",
      () => svg('<rect width="200" height="200" fill="#f00"/><rect x="200" width="200" height="200" fill="#00f"/>'),
    ],
  ])("%s: two sizes as WebP and one as PNG, the same picture", async (_, make) => {
    const logo = await readLogo(await make());
    expect(filesOf(logo).map(({ type }) => type)).toEqual(["image/webp", "image/webp", "image/png"]);
    for (const file of filesOf(logo)) {
      const picture = await opened(file.content);
      expect([picture.width, picture.height]).toEqual([file.width, file.height]);
      expect(file.width / file.height).toBe(2);
      const [left, right] = [0.25, 0.75].map((part) => picture.at(Math.round(file.width * part), file.height / 2));
      expect([(left?.[0] ?? 0) > 180, (left?.[2] ?? 255) < 90, (right?.[2] ?? 0) > 120]).toEqual([true, true, true]);
    }
  });

  test("it is made smaller, never larger; an SVG is drawn at 512 and 1,024 whatever size it names", async () => {
    const sizes = async (content: Buffer) => filesOf(await readLogo(content)).map(({ width }) => width);
    expect(await sizes(await halves().resize(3000, 1500).png().toBuffer())).toEqual([512, 1024, 1024]);
    expect(await sizes(await halves().png().toBuffer())).toEqual([400, 400, 400]);
    expect(await sizes(svg(green, 'width="32" height="16" viewBox="0 0 400 200"'))).toEqual([512, 1024, 1024]);
    expect(await sizes(svg(green, 'viewBox="0 0 4000 2000"'))).toEqual([512, 1024, 1024]);
  });

  test("what is transparent stays so", async () => {
    const { master, page } = await readLogo(svg('<circle cx="200" cy="100" r="90" fill="#00a040"/>'));
    for (const { content } of [master, page]) expect((await opened(content)).at(2, 2)[3]).toBe(0);
  });

  test("a photograph is turned as the camera held it, and says nothing of where and with what it was taken", async () => {
    const photo = await halves()
      .withExif({
        IFD0: { Make: "Camera-of-Family", Orientation: "6" },
        IFD3: {
          GPSLatitudeRef: "N",
          GPSLatitude: "34/1 39/1 0/1",
          GPSLongitudeRef: "E",
          GPSLongitude: "133/1 55/1 0/1",
        },
      })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    const withXmp = await sharp(photo)
      .keepMetadata()
      .withXmp("<x:xmpmeta xmlns:x='adobe:ns:meta/'>secret</x:xmpmeta>")
      .toBuffer();
    expect((await sharp(withXmp).metadata()).exif).toBeDefined();
    const logo = await readLogo(withXmp);
    expect([logo.page.width, logo.page.height]).toEqual([200, 400]);
    for (const { content } of filesOf(logo)) {
      const { exif, xmp, icc, iptc, orientation } = await sharp(content).metadata();
      expect([exif, xmp, icc, iptc, orientation]).toEqual([undefined, undefined, undefined, undefined, undefined]);
      expect(content.includes("Camera-of-Family")).toBe(false);
    }
  });

  test("of a moving picture the first one", async () => {
    const frames = await sharp([await halves().png().toBuffer(), await halves().negate().png().toBuffer()], {
      join: { animated: true },
    })
      .webp()
      .toBuffer();
    expect((await sharp(frames).metadata()).pages).toBe(2);
    expect((await readLogo(frames)).page.height).toBe(200);
  });

  test("what Illustrator writes around an SVG is no hindrance", async () => {
    expect((await opened((await readLogo(illustrator)).master.content)).at(500, 500).slice(0, 3)).toEqual([0, 160, 64]);
  });
});

describe("nothing but the picture comes through", () => {
  const script = "<script>alert(document.cookie)</script><?php system($_GET[0]); ?>";

  test.each([
    ["behind a JPEG", async () => Buffer.concat([await halves().jpeg().toBuffer(), Buffer.from(script)])],
    ["in the comment of a PNG", () => blackPng(100, 100, textChunk(script))],
    ["behind a PNG, as a whole ZIP", () => Buffer.concat([blackPng(100, 100), Buffer.from(`PK\u0003\u0004${script}`)])],
    ["in the metadata of a WebP", () => halves().withXmp(`<x>${script}</x>`).webp().toBuffer()],
    ["in an SVG", () => svg(`${green}${script.replace(/<\?.*/u, "")}<g onload="alert(1)"/>`)],
  ])("a script %s is gone", async (_, make) => {
    const content = await make();
    expect(content.includes("alert(")).toBe(true);
    for (const file of filesOf(await readLogo(content))) {
      expect(file.content.includes("alert(")).toBe(false);
      expect(file.content.includes("system(")).toBe(false);
    }
  });

  test("an SVG draws no file and asks no other machine, even where the drawing program is given it unexamined", async () => {
    const file = join(tmpdir(), `logo-${process.pid}.png`);
    writeFileSync(file, await halves().png().toBuffer());
    let requests = 0;
    const server = createServer((_, response) => {
      requests++;
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const origin = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
    const hrefs = [`file://${file}`, file, `../../../../../..${file}`, `${origin}/a.png`];
    const images = hrefs.map((href) => `<image href="${href}" width="400" height="200"/>`).join("");
    const more = `<style>@import url("${origin}/a.css");</style><use href="${origin}/a.svg#x"/>`;
    const drawn = await runChild<LogoFile[]>(svgProgram, svg(more + green + images));
    rmSync(file);
    server.close();
    expect((await opened(Buffer.from(drawn?.[2]?.content ?? []))).at(100, 100).slice(0, 3)).toEqual([0, 160, 64]);
    expect(requests).toBe(0);
  });

  test("the programs that decode open no other format, and know neither key nor database", async () => {
    const gif = await halves().gif().toBuffer();
    expect(await runChild(pictureProgram, gif)).toBe("broken");
    expect(await runChild(svgProgram, gif)).toBe("broken");
    expect(await runChild(pictureProgram, svg(green))).toBe("broken");
    expect(await runChild(svgProgram, await halves().png().toBuffer())).toBe("broken");
    const program = join(tmpdir(), `environment-${process.pid}.mjs`);
    writeFileSync(program, 'process.once("message", () => process.send(Object.keys(process.env)));');
    const names = await runChild<string[]>(pathToFileURL(program), {});
    rmSync(program);
    expect(names?.filter((name) => !name.startsWith("NODE_CHANNEL"))).toEqual(["FONTCONFIG_FILE", "MALLOC_ARENA_MAX"]);
  });

  test("no font of this machine reaches them: two letters are drawn alike, as two boxes or not at all", async () => {
    const [one, other] = await Promise.all(
      ["髙", "𠮷"].map((letter) =>
        runChild<LogoFile[] | string>(svgProgram, svg(`<text x="100" y="150" font-size="99">${letter}</text>`)),
      ),
    );
    expect(one).toEqual(other);
  });

  test("a program that dies or takes too long is over, and the next one runs", async () => {
    const program = join(tmpdir(), `endless-${process.pid}.mjs`);
    writeFileSync(
      program,
      'process.once("message", (what) => what.end ? process.exit(1) : setInterval(() => {}, 1000));',
    );
    const url = pathToFileURL(program);
    expect(await Promise.all([runChild(url, { end: true }), runChild(url, {}, 500)])).toEqual([undefined, undefined]);
    rmSync(program);
    expect(await refusal(svg(green))).toBe("taken");
  });
});

describe("what cannot be taken is refused with a sentence that says why", () => {
  test("pictures made to take all memory or time", async () => {
    expect(await refusal(blackPng(10_000, 10_000))).toContain("大きすぎます");
    expect(await refusal(svg(green, 'width="20000" height="20000"'))).toContain("大きすぎます");
    expect(await refusal(entityBomb)).toContain("ENTITY");
    expect(await runChild(svgProgram, entityBomb)).toBe("broken");
    expect(await refusal(useBomb)).toContain("開けませんでした");
    // The next one is taken in as if nothing had been.
    expect(await refusal(svg(green))).toBe("taken");
  });

  test("a picture that was cut off, though its head is sound", async () => {
    const whole = await halves().resize(1200, 600).jpeg().toBuffer();
    const cut = whole.subarray(0, Math.round(whole.length * 0.6));
    expect((await sharp(cut).metadata()).width).toBe(1200);
    expect(await refusal(cut)).toContain("途中で切れて");
    const png = await halves().png().toBuffer();
    expect(await refusal(png.subarray(0, png.length - 60))).toContain("途中で切れて");
  });

  test("too many bytes, too few pixels, and nothing to be seen", async () => {
    expect(await refusal(Buffer.concat([blackPng(9, 9), Buffer.alloc(10 * 1024 * 1024)]))).toContain("10 MB まで");
    expect(await refusal(svg(`${green}<!--${"x".repeat(1024 * 1024)}-->`))).toContain("1 MB まで");
    expect(await refusal(blackPng(32, 32))).toContain("小さすぎて");
    expect(await refusal(svg(""))).toContain("何も描かれていない");
  });

  const image = '<image width="9" height="9" href="data:image/png;base64,AAAA"/>';
  test.each([
    ["words, which this machine would draw as boxes", svg('<text x="9" y="90">きぼう</text>'), "アウトライン化"],
    ["words under a prefix", svg('<s:text xmlns:s="http://www.w3.org/2000/svg">き</s:text>'), "アウトライン化"],
    ["a picture, to which our limit of pixels would not apply", svg(green + image), "埋め込まれて"],
    ["a picture in a filter", svg('<filter id="f"><feImage href="a.png"/></filter>'), "埋め込まれて"],
    ["another file", svg('<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="/etc/hosts"/>'), "埋め込まれて"],
    ["an element in an entity", Buffer.from(`<!DOCTYPE svg [<!ENTITY e "&#60;image/>">]><svg>&e;</svg>`), "ENTITY"],
    [
      "an external entity",
      Buffer.from(`<!DOCTYPE svg [<!ENTITY e SYSTEM "file:///etc/hosts">]><svg>&e;</svg>`),
      "ENTITY",
    ],
    ["a parameter entity", Buffer.from(`<!DOCTYPE svg [<!ENTITY % e "<!ENTITY f 'x'>">%e;]><svg/>`), "ENTITY"],
    ["another encoding", Buffer.from(`<?xml version="1.0" encoding="UTF-7"?><svg>+ADw-image/></svg>`), "UTF-8"],
  ])("an SVG that holds %s", async (_, content, sentence) => {
    expect(await refusal(content)).toContain(sentence);
  });

  const box = (brand: string) => Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from(`ftyp${brand}\0\0\0\0mif1`)]);
  test.each([
    ["heic", box("heic"), "HEIC", "JPEG にした"],
    ["heic", box("mif1"), "HEIC", "互換性優先"],
    ["avif", box("avif"), "AVIF", "PNG か JPEG"],
    ["gif", Buffer.from("GIF89a\u0001\0\u0001\0"), "GIF", "PNG で"],
    ["pdf", Buffer.from("%PDF-1.7\n"), "PDF", "PNG か SVG"],
    ["compressed", Buffer.from([0x1f, 0x8b, 8, 0]), "SVGZ", "展開"],
    ["unknown", Buffer.from("<html><body><svg/></body></html>"), "開けません", "JPEG、PNG、WebP、SVG"],
    ["unknown", Buffer.from("II*\0"), "開けません", "JPEG、PNG、WebP、SVG"],
    ["unknown", Buffer.alloc(0), "開けません", "JPEG、PNG、WebP、SVG"],
  ])("%s, with the way to one that can be taken", async (kind, content, what, way) => {
    expect(kindOfFile(content)).toBe(kind);
    const sentence = await refusal(content);
    expect(sentence).toContain(what);
    expect(sentence).toContain(way);
  });

  test("a file that only begins like a picture, or is another format under its first bytes", async () => {
    expect(await refusal(Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.from("<svg/>".repeat(99))]))).toContain(
      "開けません",
    );
    expect(await refusal(Buffer.from("RIFF\0\0\0\0WEBPxxxx"))).toContain("開けません");
    expect(await refusal(Buffer.from("<svg this is no xml"))).toContain("開けません");
  });
});
