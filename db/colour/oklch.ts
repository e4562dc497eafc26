/** Colours: sRGB hex, OKLCH (lightness, chroma and hue as eyes see them), and contrast by WCAG 2.2. */

export interface Oklch {
  /** 0 for black to 1 for white. */
  lightness: number;
  /** 0 for grey; about 0.3 for the strongest colours of a screen. */
  chroma: number;
  /** Degrees: red 29, yellow 110, green 142, blue 264. */
  hue: number;
}

type Triple = readonly [number, number, number];

/** Red, green and blue of "#0055ad", each 0 to 1. */
const channelsOf = (hex: string): Triple =>
  [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255) as unknown as Triple;

const toLinear = (value: number) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
const fromLinear = (value: number) => (value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055);

const dot = (row: Triple, [a, b, c]: Triple) => row[0] * a + row[1] * b + row[2] * c;
const times = ([first, second, third]: readonly [Triple, Triple, Triple], vector: Triple): Triple => [
  dot(first, vector),
  dot(second, vector),
  dot(third, vector),
];

// Björn Ottosson, "A perceptual color space for image processing" (2020); CSS Color 4 has the same matrices.
const rgbToLms: readonly [Triple, Triple, Triple] = [
  [0.4122214708, 0.5363325363, 0.0514459929],
  [0.2119034982, 0.6806995451, 0.1073969566],
  [0.0883024619, 0.2817188376, 0.6299787005],
];
const lmsToLab: readonly [Triple, Triple, Triple] = [
  [0.2104542553, 0.793617785, -0.0040720468],
  [1.9779984951, -2.428592205, 0.4505937099],
  [0.0259040371, 0.7827717662, -0.808675766],
];
const labToLms: readonly [Triple, Triple, Triple] = [
  [1, 0.3963377774, 0.2158037573],
  [1, -0.1055613458, -0.0638541728],
  [1, -0.0894841775, -1.291485548],
];
const lmsToRgb: readonly [Triple, Triple, Triple] = [
  [4.0767416621, -3.3077115913, 0.2309699292],
  [-1.2684380046, 2.6097574011, -0.3413193965],
  [-0.0041960863, -0.7034186147, 1.707614701],
];

const mapEach = ([a, b, c]: Triple, change: (value: number) => number): Triple => [change(a), change(b), change(c)];

function labOf(hex: string): Triple {
  const lms = times(rgbToLms, mapEach(channelsOf(hex), toLinear));
  return times(lmsToLab, mapEach(lms, Math.cbrt));
}

export function oklchOf(hex: string): Oklch {
  const [lightness, a, b] = labOf(hex);
  return { lightness, chroma: Math.hypot(a, b), hue: ((Math.atan2(b, a) * 180) / Math.PI + 360) % 360 };
}

/** How far apart two colours are in hue and chroma, whatever their lightness: 0 the same, 0.3 red and green. */
export function tintDifference(one: string, other: string): number {
  const [[, a, b], [, c, d]] = [labOf(one), labOf(other)];
  return Math.hypot(a - c, b - d);
}

function channelsIn({ lightness, chroma, hue }: Oklch): Triple {
  const angle = (hue * Math.PI) / 180;
  const lms = times(labToLms, [lightness, chroma * Math.cos(angle), chroma * Math.sin(angle)]);
  return mapEach(
    times(
      lmsToRgb,
      mapEach(lms, (value) => value ** 3),
    ),
    fromLinear,
  );
}

const isInSrgb = (channels: Triple) => channels.every((value) => value >= -0.0005 && value <= 1.0005);

/**
 * The hex of a colour. Where a screen cannot show that much chroma at this lightness, the chroma is cut until it can;
 * lightness and hue stay.
 */
export function hexOf(colour: Oklch): string {
  const chroma = isInSrgb(channelsIn(colour))
    ? colour.chroma
    : bisect(0, colour.chroma, (chroma) => isInSrgb(channelsIn({ ...colour, chroma })));
  const hex = channelsIn({ ...colour, chroma }).map((value) =>
    Math.round(Math.min(1, Math.max(0, value)) * 255)
      .toString(16)
      .padStart(2, "0"),
  );
  return `#${hex.join("")}`;
}

/**
 * Between `passing`, which passes, and `failing`, which need not: the value next to the border that still passes,
 * to a 65,000th of the way.
 */
export function bisect(passing: number, failing: number, passes: (value: number) => boolean): number {
  let [good, bad] = [passing, failing];
  for (let step = 0; step < 16; step++) {
    const middle = (good + bad) / 2;
    if (passes(middle)) good = middle;
    else bad = middle;
  }
  return good;
}

/** Relative luminance, WCAG 2.2. */
const luminance = (hex: string) => dot([0.2126, 0.7152, 0.0722], mapEach(channelsOf(hex), toLinear));

/** Contrast ratio by WCAG 2.2, 1 to 21. Colours as "#rrggbb". */
export function contrast(one: string, other: string): number {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}
