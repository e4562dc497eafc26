/** The organisation's colour: the palette made from it, and the style that puts it into pages. */

import { createHash } from "node:crypto";
import { type Palette, paletteCss, paletteOf } from "#db/colour/palette.ts";
import { oncePerSettings, sampleValues } from "./settings.ts";

/** The product's own blue, in which site/styles/tokens.css and site/styles/public/tokens.css are written. */
export const productColour = "#0055ad";

/** The palette of the settings in force. */
export const brandPalette = oncePerSettings<void, Palette>(({ values }) =>
  paletteOf(values.colour === "" ? productColour : values.colour),
);

/**
 * The style with the organisation's colours and its hash for the CSP; undefined where none was chosen. For public pages
 * alone: to staff, red means an overdue promise and blue what can be pressed.
 */
export const brandStyle = oncePerSettings<void, { css: string; hash: `sha256-${string}` } | undefined>(({ values }) => {
  if (values.colour === "") return undefined;
  const night = paletteCss(brandPalette(), "night");
  const css = `${paletteCss(brandPalette())}@media(prefers-color-scheme:dark){${night}}`;
  return { css, hash: `sha256-${createHash("sha256").update(css).digest("base64")}` };
});

/** Counts changes of how they are drawn: pictures of before an update are drawn anew. */
const drawing = 2;

/**
 * The version of the pictures that carry the organisation's name, which stands in their addresses, so that LINE and X
 * fetch changed ones anew; undefined while they are the built ones, the sample's.
 */
export const pictureVersion = oncePerSettings<void, string | undefined>(({ values, name, purpose, stage }) => {
  const shown = [name.ja, purpose.ja, values.colour, values.logo, stage];
  const ofSample = [sampleValues["name.ja"], sampleValues["purpose.ja"], "", "", "sample"];
  if (shown.every((value, at) => value === ofSample[at])) return undefined;
  return createHash("sha256")
    .update(JSON.stringify([drawing, ...shown]))
    .digest("hex")
    .slice(0, 12);
});

/** The address of one of these pictures. */
export const picturePath = (path: string): string =>
  pictureVersion() === undefined ? path : `${path}?v=${pictureVersion()}`;
