/**
 * Draws the sample's share picture and icons into site/public: what is shown until an organisation has a name. Run by
 * hand when the drawings or the sample's name change: `node tests/draw-sample-pictures.ts`.
 */

import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { drawPictures } from "#api/drawings/drawings.ts";
import { brandPalette } from "#db/settings/brand.ts";
import { settings } from "#db/settings/settings.ts";
import { wordsIn } from "#db/words/words.ts";

const file = (name: string) => fileURLToPath(new URL(`../site/public/${name}`, import.meta.url));
const { name, purpose } = settings();
const badge = wordsIn("ja").site.sample;
const drawn = await drawPictures({ name: name.ja, sentence: purpose.ja, palette: brandPalette(), badge });
writeFileSync(file("og.png"), drawn.share);
writeFileSync(file("icon.svg"), drawn.icon);
writeFileSync(file("icon-180.png"), drawn.icon180);
