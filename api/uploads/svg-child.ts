/**
 * Program (started by logo.ts in a process of its own) that draws an uploaded SVG as pixels. The SVG itself is kept
 * nowhere and served to nobody: a browser would run the scripts in it.
 */

import sharp from "sharp";
import { logoFiles, sides } from "./logo-files.ts";
import { type LogoAnswer, maxPixels } from "./logo.ts";

sharp.block({ operation: ["VipsForeignLoad"] });
sharp.unblock({ operation: ["VipsForeignLoadSvg"] });
sharp.cache(false);
sharp.concurrency(1);

/** Pixels per inch at which an SVG is as large as it says. */
const plainDensity = 72;

/** Drawn at the resolution at which its longest side has as many pixels as the master. */
async function draw(content: Uint8Array): Promise<LogoAnswer> {
  const { width = 0, height = 0 } = await sharp(content, { limitInputPixels: maxPixels }).metadata();
  const longest = Math.max(width, height);
  if (longest === 0) return "broken";
  const density = Math.min(10_000, Math.max(1, (plainDensity * sides.master) / longest));
  return logoFiles(
    sharp(content, { limitInputPixels: maxPixels, failOn: "warning", density }).timeout({ seconds: 20 }),
  );
}

const reasonOf = (error: Error): LogoAnswer => (/pixel limit|dimensions/u.test(error.message) ? "large" : "broken");

process.once("message", (content) => {
  void draw(content as Uint8Array)
    .catch(reasonOf)
    .then((answer) => process.send?.(answer));
});
