import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { contrast, hexOf, oklchOf } from "#db/colour/oklch.ts";
import {
  day,
  night,
  paletteCss,
  paletteOf,
  parseColour,
  warningSentences,
  type Palette,
  type Tones,
} from "#db/colour/palette.ts";

const styles = ["tokens.css", "public/tokens.css"].map((file) =>
  readFileSync(new URL(`../../../site/styles/${file}`, import.meta.url), "utf8"),
);
/** The colours of the public pages: what its own stylesheet says over the shared one, by day and by night. */
const [byDay = "", byNight = ""] = styles.join("").split("@media (prefers-color-scheme: dark)");
const colours = (css: string) =>
  Object.fromEntries(
    [...css.matchAll(/(--[a-z-]+): (#[\da-f]{6});/gu)].map(([, name = "", value = ""]) => [name, value]),
  );
const tokens = { day: colours(byDay), night: { ...colours(byDay), ...colours(byNight) } };

const three = Array.from({ length: 4096 }, (_, at) => parseColour(at.toString(16).padStart(3, "0")) ?? "");
const palettes: Palette[] = three.map(paletteOf);

/** What does not reach its contrast on a ground, of these tones. */
const failing = (tones: Tones, grounds: readonly string[]) =>
  [...grounds, tones.tint].flatMap((ground) =>
    (
      [
        ["key", 4.5],
        ["strong", 7],
        ["line", 3],
      ] as const
    )
      .filter(([name, ratio]) => contrast(tones[name], ground) < ratio)
      .map(([name]) => `${name} ${tones[name]} on ${ground}`),
  );

const hueApart = (one: string, other: string) => {
  const apart = Math.abs(oklchOf(one).hue - oklchOf(other).hue);
  return Math.min(apart, 360 - apart);
};

describe("the palette of a colour", () => {
  test.each(["day", "night"] as const)("its grounds and meanings are those of the stylesheet, by %s", (when) => {
    const own = { day, night }[when];
    const grounds = Object.entries(tokens[when]).filter(([name]) =>
      /^--(?:ground(?:-warm|-soft)?|card|good-soft|warn-soft|bad-soft)$/u.test(name),
    );
    expect(new Set(own.grounds)).toEqual(new Set(grounds.map(([, value]) => value)));
    expect([own.ink, own.good, own.bad]).toEqual(["--text", "--good", "--bad"].map((name) => tokens[when][name]));
  });

  test.each(["day", "night"] as const)("what the stylesheet sets beside the palette is legible by %s", (when) => {
    const { grounds } = { day, night }[when];
    const of = (name: string) => tokens[when][name] ?? "";
    const pairs = [
      ...grounds.flatMap((ground) => [
        ["--text", ground, 7],
        ["--text-soft", ground, 4.5],
        ["--line-strong", ground, 3],
        ["--clay", ground, 4.5],
      ]),
      ...["--night", "--night-low", "--night-high"].flatMap((ground) => [
        ["--on-night", of(ground), 7],
        ["--on-night-soft", of(ground), 4.5],
        ["--star", of(ground), 4.5],
        ["--open-now", of(ground), 4.5],
        ["--lamp", of(ground), 3],
      ]),
      ["--on-lamp", of("--lamp"), 7],
      ["--on-lamp", of("--lamp-bright"), 7],
      ["--on-arch", of("--arch"), 4.5],
    ] as [string, string, number][];
    expect(pairs.filter(([words, ground, ratio]) => contrast(of(words), ground) < ratio)).toEqual([]);
  });

  test("all 4,096 colours of three digits are legible on every ground by day and by night", () => {
    expect(three).toHaveLength(4096);
    expect(palettes.flatMap((one) => failing(one.day, day.grounds))).toEqual([]);
    expect(palettes.flatMap((one) => failing(one.night, night.grounds))).toEqual([]);
  });

  test("words on the colour, and on the chosen colour itself, are legible", () => {
    const low = palettes.flatMap(({ chosen, onChosen, day, night }) =>
      [
        [day.onKey, day.key],
        [day.onStrong, day.strong],
        [night.onKey, night.key],
        [night.onStrong, night.strong],
        [onChosen, chosen],
      ].filter(([words = "", colour = ""]) => contrast(words, colour) < 4.5),
    );
    expect(low).toEqual([]);
    const onKeys = palettes.flatMap(({ day, night }) => [
      contrast(day.onKey, day.key),
      contrast(night.onKey, night.key),
    ]);
    expect(Math.min(...onKeys)).toBeGreaterThanOrEqual(4.5);
  });

  test("greys, whose links and buttons would look switched off, are strong by day and by night", () => {
    const greys = palettes.filter(({ chosen }) => oklchOf(chosen).chroma < 0.03);
    const weak = greys.filter(
      ({ day: byDay, night: byNight }) =>
        day.grounds.some((ground) => contrast(byDay.key, ground) < 7) ||
        night.grounds.some((ground) => contrast(byNight.key, ground) < 7),
    );
    expect(greys.length).toBeGreaterThan(16);
    expect(weak).toEqual([]);
  });

  test("words of the page stay legible on the tint", () => {
    const low = palettes.filter(
      ({ day: byDay, night: byNight }) => contrast(day.ink, byDay.tint) < 7 || contrast(night.ink, byNight.tint) < 7,
    );
    expect(low).toEqual([]);
  });

  test("the hue stays: what was chosen is recognised", () => {
    const strayed = palettes.filter(
      ({ chosen, day }) =>
        oklchOf(chosen).chroma > 0.05 && oklchOf(day.key).chroma > 0.05 && hueApart(chosen, day.key) > 4,
    );
    expect(strayed.map(({ chosen, day }) => [chosen, day.key])).toEqual([]);
  });

  test("a colour that is legible as it is stays as it is", () => {
    expect(paletteOf("#0055ad")).toMatchObject({ isAdjusted: false, day: { key: "#0055ad", onKey: "#ffffff" } });
    expect(paletteOf("#ffd400").night.key).toBe("#ffd400");
  });

  test("what is pressed is seen to change: the strong tone is a step away from the other", () => {
    const alike = palettes.filter(({ day: { key, strong } }) => {
      const [one, other] = [oklchOf(key).lightness, oklchOf(strong).lightness];
      return one > 0.15 && one - other < 0.1;
    });
    expect(alike.map(({ day }) => day)).toEqual([]);
    expect(paletteOf("#0055ad").day.strong).toMatch(/^#00[23]/u);
  });

  test("it is no darker than it must be", () => {
    const yellow = paletteOf("#ffd400");
    expect(yellow.isAdjusted).toBe(true);
    const least = Math.min(...[...day.grounds, yellow.day.tint].map((ground) => contrast(yellow.day.key, ground)));
    expect(least).toBeLessThan(4.6);
  });

  test.each([
    ["#e60012", ["bad"]],
    ["#b20000", ["bad"]],
    ["#800000", ["bad"]],
    ["#00602b", ["good"]],
    ["#00a040", ["good"]],
    ["#6a1b9a", []],
    ["#0055ad", []],
    ["#ffd400", []],
    ["#888888", ["grey"]],
    ["#ffffff", ["grey"]],
    ["#000000", ["grey"]],
  ])("%s warns of %j", (colour, warnings) => {
    expect(paletteOf(colour).warnings).toEqual(warnings);
  });

  test("each warning says which colour is meant, and the choice stays with the organisation", () => {
    expect([warningSentences.bad, warningSentences.good, warningSentences.grey]).toEqual([
      ...[expect.stringContaining("赤"), expect.stringContaining("緑"), expect.stringContaining("本文")],
    ]);
  });

  test("the stylesheet has the names that the pages use", () => {
    const css = paletteCss(paletteOf("#a0522d"));
    for (const name of Object.keys(tokens).filter((token) => token.startsWith("--key")))
      expect(css).toContain(`${name}:#`);
    expect(css).toMatch(/^html:root\{(?:--[a-z-]+:#[\da-f]{6};?)+\}$/u);
    expect(paletteCss(paletteOf("#a0522d"), "night")).not.toBe(css);
  });
});

describe("a colour as people write it", () => {
  test.each([
    ["#0055ad", "#0055ad"],
    ["0055AD", "#0055ad"],
    [" #05a ", "#0055aa"],
    ["＃００５５ａｄ", "#0055ad"],
    ["blue", undefined],
    ["#12", undefined],
    ["#0055ad;}", undefined],
    ["", undefined],
  ])("「%s」 is %s", (input, colour) => {
    expect(parseColour(input)).toBe(colour);
  });

  test("to OKLCH and back is the same colour", () => {
    expect(three.map((hex) => hexOf(oklchOf(hex)))).toEqual(three);
  });
});
