/** Examines a PDF: whether it can be offered, its number of pages, and a picture of the first. */

import { Worker } from "node:worker_threads";
import type { OpenedPdf } from "./pdf-worker.ts";

/** The picture as pages show it. */
export interface Picture {
  /** WebP. */
  content: Buffer;
  width: number;
  height: number;
}

export interface ExaminedPdf {
  pages: number;
  picture: Picture;
}

/** Why a file cannot be offered; the message is shown to whoever uploaded it. */
export class UnusablePdf extends Error {
  override name = "UnusablePdf";
}

const maxPages = 300;
const timeoutMs = 30_000;
const pictureWidth = 480;
const maxPictureBytes = 30 * 1024;

const errorSentences: Record<Extract<OpenedPdf, string>, string> = {
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

/** The examination that was queued last; the next one waits for it, so that only one PDF takes memory at a time. */
let lastInQueue: Promise<unknown> = Promise.resolve();

/**
 * Page count and first page of a PDF. Throws UnusablePdf, with a sentence for staff, when the file is no
 * PDF, is protected, has active content (pdf-contents.ts), or has no pages or too many.
 */
export function examinePdf(content: Buffer): Promise<ExaminedPdf> {
  const examination = lastInQueue.then(() => examine(content));
  lastInQueue = examination.catch(() => undefined);
  return examination;
}

async function examine(content: Buffer): Promise<ExaminedPdf> {
  if (!content.subarray(0, 5).equals(Buffer.from("%PDF-")))
    throw new UnusablePdf("PDF のファイルではないようです。名前が「.pdf」でも、中身が PDF でないことがあります。");
  if (isProtected(content)) throw new UnusablePdf(errorSentences.locked);
  const opened = await open(content);
  if (typeof opened === "string") throw new UnusablePdf(errorSentences[opened]);
  if (opened.pages > maxPages)
    throw new UnusablePdf(`${opened.pages} ページあります。${maxPages} ページまでに分けてください。`);
  return { pages: opened.pages, picture: await paint(opened) };
}

/** Also finds an owner's password, with which a PDF opens without asking but forbids printing. The trailer is never compressed. */
const isProtected = (content: Buffer) => /\/Encrypt\s*(?:\d+\s+\d+\s+R|<<)/u.test(content.toString("latin1"));

/**
 * Runs PDFium in a worker thread of its own for each file: it does not block other requests, a file made
 * to keep it busy is stopped by the timeout, and its memory, which WebAssembly never frees, is freed with
 * the thread.
 */
async function open(content: Buffer): Promise<OpenedPdf> {
  const worker = new Worker(new URL("./pdf-worker.ts", import.meta.url), { workerData: new Uint8Array(content) });
  const { promise, resolve } = Promise.withResolvers<OpenedPdf>();
  const timeout = setTimeout(() => resolve("broken"), timeoutMs);
  worker.once("message", resolve);
  // PDFium aborts on some damaged files.
  worker.once("error", () => resolve("broken"));
  worker.once("exit", () => resolve("broken"));
  try {
    return await promise;
  } finally {
    clearTimeout(timeout);
    await worker.terminate();
  }
}

/** Quality and width to try, from the best: a photograph on the cover loses quality before it loses size. */
const pictureAttempts = [80, 60, 40, 20]
  .map((quality) => ({ quality, width: pictureWidth }))
  .concat([360, 240, 120].map((width) => ({ quality: 20, width })));

/** The picture at the first quality and width at which it is small enough. Throws UnusablePdf. */
async function paint({ pixels, width, height }: Exclude<OpenedPdf, string>): Promise<Picture> {
  // Loaded here: 20 MB of memory that a process without a new guide never needs.
  const { default: sharp } = await import("sharp");
  for (const attempt of pictureAttempts) {
    const { data, info } = await sharp(pixels, { raw: { width, height, channels: 4 } })
      .flatten({ background: "#fff" })
      .resize({ width: attempt.width, height: attempt.width * 2, fit: "inside" })
      .webp({ quality: attempt.quality })
      .toBuffer({ resolveWithObject: true });
    if (data.length <= maxPictureBytes) return { content: data, width: info.width, height: info.height };
  }
  throw new UnusablePdf(errorSentences.blank);
}
