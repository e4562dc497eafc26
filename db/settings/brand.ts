/** The organisation's colour: the palette made from it, and the style that puts it into pages. */

import { createHash } from "node:crypto";
import { type Palette, paletteCss, paletteOf } from "#db/colour/palette.ts";
import { oncePerSettings } from "./settings.ts";

/** The product's own blue, in which site/styles/tokens.css is written. */
export const productColour = "#0055ad";

/** The palette of the settings in force. */
export const brandPalette = oncePerSettings<void, Palette>(({ values }) =>
  paletteOf(values.colour === "" ? productColour : values.colour),
);

/** The style with the organisation's colours and its hash for the CSP; undefined where none was chosen. */
export const brandStyle = oncePerSettings<void, { css: string; hash: `sha256-${string}` } | undefined>(({ values }) => {
  if (values.colour === "") return undefined;
  const css = paletteCss(brandPalette());
  return { css, hash: `sha256-${createHash("sha256").update(css).digest("base64")}` };
});
