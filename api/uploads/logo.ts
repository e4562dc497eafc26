/** Takes in a logo that somebody uploads: JPEG, PNG, WebP or SVG become pixels of our own, or a sentence says why not. */

import { runChild } from "#api/drawings/child.ts";
import { type FileKind, kindOfFile, refusals } from "./file-kinds.ts";
import type { LogoFault } from "./logo-files.ts";
import { findInSvg, svgSentences } from "./svg-contents.ts";

export interface LogoFile {
  type: "image/webp" | "image/png";
  width: number;
  height: number;
  content: Buffer;
}

/** All of one picture; what is transparent stays so. */
export interface Logo {
  /** WebP, longest side at most 512: for pages. */
  page: LogoFile;
  /** WebP, longest side at most 1,024: for screens with twice the pixels. */
  large: LogoFile;
  /** PNG of the same size: for our own drawings (`drawPictures`) and for mails. */
  master: LogoFile;
}

/** Why a file cannot be used; the message is a sentence for whoever uploaded it. */
export class UnusablePicture extends Error {
  override name = "UnusablePicture";
}

/** 40 million: a camera of 2026 has up to 50 for one photograph, a logo never. Refused before anything is decoded. */
export const maxPixels = 40_000_000;
export const maxBytes = { picture: 10 * 1024 * 1024, svg: 1024 * 1024 } as const;

export type LogoAnswer = LogoFile[] | LogoFault | "large" | "broken";

const sentences: Record<Extract<LogoAnswer, string>, string> = {
  large: `画像が大きすぎます（縦と横をかけて ${maxPixels / 10_000} 万画素まで）。小さくしてから選んでください。`,
  broken:
    "画像として開けませんでした。ファイルが壊れているか、途中で切れています。書き出し直すか、別のファイルを選んでください。",
  empty: "この画像には何も描かれていないようです。別のファイルを選んでください。",
  small: "画像が小さすぎて、ぼやけて見えます。長いほうの辺が 64 ピクセル以上のものを選んでください。",
};

/**
 * Throws for what is not even opened: another format, too many bytes, or an SVG with more than drawing in it.
 */
function checkFile(kind: FileKind, content: Buffer): asserts kind is "picture" | "svg" {
  if (kind !== "picture" && kind !== "svg") throw new UnusablePicture(refusals[kind]);
  const limit = maxBytes[kind];
  if (content.length > limit)
    throw new UnusablePicture(
      `ファイルが大きすぎます（${limit / 1024 / 1024} MB まで）。小さくしてから選んでください。`,
    );
  const finding = kind === "svg" ? findInSvg(content) : undefined;
  if (finding !== undefined) throw new UnusablePicture(svgSentences[finding]);
}

const programs = {
  picture: new URL("picture-child.ts", import.meta.url),
  svg: new URL("svg-child.ts", import.meta.url),
};

/**
 * The logo in this file, decoded in a process of its own that may open nothing else, turned as the camera held it,
 * without metadata (place, camera, comments), encoded anew. Throws UnusablePicture with a sentence for staff.
 */
export async function readLogo(content: Buffer): Promise<Logo> {
  const kind = kindOfFile(content);
  checkFile(kind, content);
  const answer = (await runChild<LogoAnswer>(programs[kind], content)) ?? "broken";
  if (typeof answer === "string") throw new UnusablePicture(sentences[answer]);
  const [page, large, master] = answer.map((one) => ({ ...one, content: Buffer.from(one.content) }));
  if (page === undefined || large === undefined || master === undefined) throw new UnusablePicture(sentences.broken);
  return { page, large, master };
}
