/** Looks into a PDF: how many pages, and a picture of the first. */

import { Worker } from "node:worker_threads";
import sharp from "sharp";
import type { Opened } from "./pdf-worker.ts";

/** The picture as pages show it. */
export interface Picture {
  /** WebP. */
  content: Buffer;
  width: number;
  height: number;
}

export interface Examined {
  pages: number;
  picture: Picture;
}

/** Why a file cannot be offered; the message is shown to whoever sent it. */
export class UnusablePdf extends Error {
  override name = "UnusablePdf";
}

const mostPages = 300;
const mostMs = 30_000;
const pictureWidth = 480;
const mostPictureBytes = 30 * 1024;

const sentences: Record<Extract<Opened, string>, string> = {
  locked: "パスワードや印刷の制限がかかった PDF です。家族が開けないことがあるので、保護をはずしてから選んでください。",
  active:
    "この PDF には、開いたときや押したときに動くしかけ（スクリプト、ほかのファイルやソフトを開く命令、送信ボタンなど）か、添付ファイルが入っています。家族の端末で動くと危ないため、お預かりできません。PDF を開いて「印刷」を選び、「PDF に保存」で作り直したものを選んでください。ウェブページへのリンクと、書き込める欄だけなら、そのままで大丈夫です。",
  unclear:
    "この PDF の中身を、すべては確かめられませんでした。PDF を開いて「印刷」を選び、「PDF に保存」で作り直したものを選んでください。",
  broken:
    "PDF として開けませんでした。ファイルが壊れているか、途中で切れています。作り直すか、別のファイルを選んでください。",
  blank: "この PDF の最初のページを表示できませんでした。作り直すか、別のファイルを選んでください。",
  empty: "この PDF にはページがありません。別のファイルを選んでください。",
};

/** The one that is being looked at; the next waits for it, so that only one takes memory. */
let turn: Promise<unknown> = Promise.resolve();

/**
 * Page count and first page of a PDF. Throws UnusablePdf, in a sentence, for what is no PDF, is
 * protected, acts by itself, or has no pages or too many.
 */
export function examinePdf(content: Buffer): Promise<Examined> {
  const mine = turn.then(() => examine(content));
  turn = mine.catch(() => undefined);
  return mine;
}

async function examine(content: Buffer): Promise<Examined> {
  if (!content.subarray(0, 5).equals(Buffer.from("%PDF-")))
    throw new UnusablePdf("PDF のファイルではないようです。名前が「.pdf」でも、中身が PDF でないことがあります。");
  if (isProtected(content)) throw new UnusablePdf(sentences.locked);
  const opened = await open(content);
  if (typeof opened === "string") throw new UnusablePdf(sentences[opened]);
  if (opened.pages > mostPages)
    throw new UnusablePdf(`${opened.pages} ページあります。${mostPages} ページまでに分けてください。`);
  return { pages: opened.pages, picture: await paint(opened) };
}

/** An owner's password alone opens without asking, and then forbids printing. The trailer is never compressed. */
const isProtected = (content: Buffer) => /\/Encrypt\s*(?:\d+\s+\d+\s+R|<<)/u.test(content.toString("latin1"));

/**
 * PDFium runs in a thread that ends with the file: a request for help does not wait for it, a file
 * made to keep it busy is given up, and its memory, which WebAssembly never gives back, goes with it.
 */
async function open(content: Buffer): Promise<Opened> {
  const worker = new Worker(new URL("./pdf-worker.ts", import.meta.url), { workerData: new Uint8Array(content) });
  const { promise, resolve } = Promise.withResolvers<Opened>();
  const giveUp = setTimeout(() => resolve("broken"), mostMs);
  worker.once("message", resolve);
  // PDFium aborts on some damaged files.
  worker.once("error", () => resolve("broken"));
  worker.once("exit", () => resolve("broken"));
  try {
    return await promise;
  } finally {
    clearTimeout(giveUp);
    await worker.terminate();
  }
}

/** Quality and width, from the best: a photograph on the cover loses sharpness before it loses size. */
const attempts = [80, 60, 40, 20]
  .map((quality) => ({ quality, width: pictureWidth }))
  .concat([360, 240, 120].map((width) => ({ quality: 20, width })));

/** The first attempt that is small enough. */
async function paint({ pixels, width, height }: Exclude<Opened, string>): Promise<Picture> {
  for (const attempt of attempts) {
    const { data, info } = await sharp(pixels, { raw: { width, height, channels: 4 } })
      .flatten({ background: "#fff" })
      .resize({ width: attempt.width, height: attempt.width * 2, fit: "inside" })
      .webp({ quality: attempt.quality })
      .toBuffer({ resolveWithObject: true });
    if (data.length <= mostPictureBytes) return { content: data, width: info.width, height: info.height };
  }
  throw new UnusablePdf(sentences.blank);
}
