/** Program (started by photo.ts in a process of its own) that decodes an uploaded picture for the site. */

import sharp from "sharp";
import { maxPixels } from "./logo.ts";
import { photoFiles } from "./photo-files.ts";
import type { PhotoAnswer } from "./photo.ts";

// Of the many formats that libvips opens, only these three: each further one is code that a stranger's bytes reach.
sharp.block({ operation: ["VipsForeignLoad"] });
sharp.unblock({ operation: ["VipsForeignLoadJpeg", "VipsForeignLoadPng", "VipsForeignLoadWebp"] });
sharp.cache(false);
sharp.concurrency(1);

/** Decoded whole, also where a head alone would do: a JPEG that was cut off has a sound head. */
const decode = (content: Uint8Array) =>
  sharp(content, { limitInputPixels: maxPixels, failOn: "warning", pages: 1 }).timeout({ seconds: 20 }).autoOrient();

const reasonOf = (error: Error): PhotoAnswer => (/pixel limit/u.test(error.message) ? "large" : "broken");

process.once("message", (content) => {
  void photoFiles(decode(content as Uint8Array))
    .catch(reasonOf)
    .then((answer: PhotoAnswer) => process.send?.(answer));
});
