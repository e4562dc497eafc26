/** Decoding an uploaded JPEG, PNG or WebP. Only the programs that run in a process of their own import this: it blocks the other loaders. */

import sharp, { type Sharp } from "sharp";
import { maxPixels } from "./logo.ts";

// Of the many formats that libvips opens, only these three: each further one is code that a stranger's bytes reach.
sharp.block({ operation: ["VipsForeignLoad"] });
sharp.unblock({ operation: ["VipsForeignLoadJpeg", "VipsForeignLoadPng", "VipsForeignLoadWebp"] });
sharp.cache(false);
sharp.concurrency(1);

/** Decoded whole, also where a head alone would do: a JPEG that was cut off has a sound head. Turned as the camera held it. */
const decode = (content: Uint8Array): Sharp =>
  sharp(content, { limitInputPixels: maxPixels, failOn: "warning", pages: 1 }).timeout({ seconds: 20 }).autoOrient();

/** "large": refused before it was decoded. "broken": it cannot be opened. */
const reasonOf = (error: Error): "large" | "broken" => (/pixel limit/u.test(error.message) ? "large" : "broken");

/** Waits for the one picture that the parent sends, and answers with the files that are made of it, or why there are none. */
export function answerOnce(filesOf: (decoded: Sharp) => Promise<unknown>): void {
  process.once("message", (content) => {
    void filesOf(decode(content as Uint8Array))
      .catch(reasonOf)
      .then((answer) => process.send?.(answer));
  });
}
