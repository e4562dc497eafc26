import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { drawPictures, type PictureValues } from "#api/drawings/drawings.ts";
import { iconLetter } from "#api/drawings/icon.ts";
import { paletteOf } from "#db/colour/palette.ts";
import { darkness, opened } from "./pictures.ts";

const values: PictureValues = {
  name: "髙﨑𠮷の家",
  sentence: "病気の子どもと家族の居場所",
  palette: paletteOf("#a0522d"),
};
const areaOfName = [70, 200, 440, 130] as const;

/** As the drawing program gets no environment, no font of this machine reaches it: FONTCONFIG_FILE names none (tests/api/uploads). */
describe("pictures drawn without any font", () => {
  test("the share picture has its size, few bytes, and letters where the name stands", async () => {
    const { share } = await drawPictures(values);
    const picture = await opened(share);
    expect([picture.width, picture.height]).toEqual([1200, 630]);
    expect(share.length).toBeLessThan(40_000);
    // The colour type in the head of a PNG: 3 is a palette.
    expect(share[25]).toBe(3);
    const ink = darkness(picture, ...areaOfName);
    expect(ink).toBeGreaterThan(0.05);
    expect(ink).toBeLessThan(0.5);
  });

  test("names of the same length with other letters look different: none is a row of boxes", async () => {
    const [one, other] = await Promise.all(
      ["髙髙髙髙髙", "崎崎崎崎崎"].map(async (name) => opened((await drawPictures({ ...values, name })).share)),
    );
    expect(one?.bytes.equals(other?.bytes ?? Buffer.alloc(0))).toBe(false);
  });

  test("the same values give the same bytes, so that the hash in the address changes only with them", async () => {
    const [one, other] = await Promise.all([drawPictures(values), drawPictures(values)]);
    expect(one).toEqual(other);
  });

  test("a name with & < > and quotes, a long one and an empty one are drawn", async () => {
    for (const name of [`<script>"&'`, "𠮷".repeat(60), ""]) {
      const { share, icon, icon180 } = await drawPictures({ ...values, name, badge: "見本" });
      expect((await opened(share)).width).toBe(1200);
      expect((await opened(icon180)).width).toBe(180);
      expect(icon).not.toContain("script");
    }
  });

  test("the icon is an SVG of paths, in the colour of the organisation, and opaque for phones", async () => {
    const { icon, icon180 } = await drawPictures(values);
    expect(icon).toMatch(
      /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 32 32"><rect [^>]+><path [^>]+><\/svg>$/u,
    );
    expect(icon).toContain(values.palette.chosen);
    const picture = await opened(icon180);
    expect([picture.width, picture.height, picture.at(0, 0)[3]]).toEqual([180, 180, 255]);
    expect((await opened(await sharp(Buffer.from(icon), { density: 288 }).png().toBuffer())).at(64, 30)).not.toEqual(
      [],
    );
  });

  test("a logo stands in the share picture and in the icon, in proportion", async () => {
    const logo = await sharp({ create: { width: 400, height: 100, channels: 3, background: "#00a040" } })
      .png()
      .toBuffer();
    const { share, icon, icon180 } = await drawPictures({ ...values, logo });
    const picture = await opened(share);
    expect(picture.at(840, 315).slice(0, 3)).toEqual([0, 160, 64]);
    expect(picture.at(840, 140).slice(0, 3)).toEqual([255, 255, 255]);
    expect((await opened(icon180)).at(90, 90).slice(0, 3)).toEqual([0, 160, 64]);
    expect(icon).toContain('href="data:image/png;base64,');
    expect(icon.length).toBeLessThan(20_000);
  });

  test.each([
    ["ほしのこみち", "ほ"],
    ["特定非営利活動法人 髙﨑の会", "髙"],
    ["認定NPO法人きぼう", "き"],
    ["NPO法人", "N"],
    ["「𠮷」の家", "𠮷"],
    ["", ""],
  ])("the icon of %s is %s", (name, letter) => {
    expect(iconLetter(name)).toBe(letter);
  });
});
