/** Takes in a picture for the site: JPEG, PNG or WebP become pixels of our own, or a sentence says why not. */

import { runChild } from "#api/drawings/child.ts";
import { kindOfFile, refusals } from "./file-kinds.ts";
import { maxBytes, maxPixels, UnusablePicture } from "./logo.ts";

export interface PhotoFile {
  variant: "small" | "large" | "master";
  type: "image/webp" | "image/jpeg";
  width: number;
  height: number;
  content: Buffer;
}

export type PhotoAnswer = PhotoFile[] | "narrow" | "tall" | "large" | "broken";

const sentences: Record<Extract<PhotoAnswer, string>, string> = {
  narrow: "画像が小さすぎて、ぼやけて見えます。幅が 200 ピクセル以上のものを選んでください。",
  tall: "縦に長すぎる画像です。必要なところを切り取ってから選んでください。",
  large: `画像が大きすぎます（縦と横をかけて ${maxPixels / 10_000} 万画素まで）。小さくしてから選んでください。`,
  broken:
    "画像として開けませんでした。ファイルが壊れているか、途中で切れています。書き出し直すか、別のファイルを選んでください。",
};

const svgSentence = "SVG は、ここでは使えません。PNG で書き出したものを選んでください。";
const unknownSentence = "画像として開けませんでした。JPEG、PNG、WebP のどれかを選んでください。";

/**
 * The files of the picture in this upload, decoded in a process of its own that opens nothing else, turned as the camera
 * held it, without metadata (place, camera, comments). The upload itself is kept nowhere. Throws UnusablePicture with a
 * sentence for staff.
 */
export async function readPhoto(content: Buffer): Promise<PhotoFile[]> {
  const kind = kindOfFile(content);
  if (kind === "svg") throw new UnusablePicture(svgSentence);
  if (kind === "unknown") throw new UnusablePicture(unknownSentence);
  if (kind !== "picture") throw new UnusablePicture(refusals[kind]);
  if (content.length > maxBytes.picture)
    throw new UnusablePicture(
      `ファイルが大きすぎます（${maxBytes.picture / 1024 / 1024} MB まで）。小さくしてから選んでください。`,
    );
  const program = new URL("photo-child.ts", import.meta.url);
  const answer = (await runChild<PhotoAnswer>(program, content)) ?? "broken";
  if (typeof answer === "string") throw new UnusablePicture(sentences[answer]);
  return answer.map((file) => ({ ...file, content: Buffer.from(file.content) }));
}
