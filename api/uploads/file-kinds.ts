/** What an uploaded picture really is, by its first bytes; its name and the type that a browser names do not count. */

/** "picture": JPEG, PNG or WebP. "svg". The others cannot be taken. */
export type FileKind = "picture" | "svg" | keyof typeof refusals;

const convert =
  "iPhone では「設定 → カメラ → フォーマット → 互換性優先」にして撮り直すか、写真アプリの「ファイルに書き出す」で JPEG を選べます。Mac では「プレビュー」で開き、「書き出す」で JPEG を選べます。";

/** For whoever chose the file: what it is, and the way to one that can be taken. */
export const refusals = {
  heic: `HEIC（iPhone の写真の形式）は、まだ使えません。JPEG にしたものを選んでください。${convert}`,
  avif: "AVIF の画像は使えません。PNG か JPEG で書き出したものを選んでください。Windows の「ペイント」や Mac の「プレビュー」で開いて、「名前を付けて保存（書き出す）」で選べます。",
  gif: "GIF の画像は使えません。PNG で書き出したものを選んでください。Windows の「ペイント」や Mac の「プレビュー」で開いて、「名前を付けて保存（書き出す）」で選べます。",
  pdf: "PDF は使えません。元のデータから PNG か SVG で書き出してもらうか、PDF を画面いっぱいに表示して、画面を写した画像（PNG）を選んでください。",
  compressed: "圧縮されたファイル（ZIP や SVGZ）です。展開（解凍）してから、中の画像を選んでください。",
  unknown: "画像として開けませんでした。JPEG、PNG、WebP、SVG のどれかを選んでください。",
} as const;

const starts = (content: Buffer, ...bytes: number[]) => content.subarray(0, bytes.length).equals(Buffer.from(bytes));

/** Brands of the container of HEIC and AVIF (ISO/IEC 23008-12; AV1 Image File Format). */
function kindByBrand(brand: string): FileKind {
  if (/^avi[fs]$/u.test(brand)) return "avif";
  return /^(?:hei[cxms]|hev[cxms]|mif1|msf1)$/u.test(brand) ? "heic" : "unknown";
}

/** An XML document whose first element is <svg>, whatever declarations and comments stand before it; UTF-8 only. */
function isSvg(content: Buffer): boolean {
  const head = content
    .subarray(0, 64 * 1024)
    .toString("utf8")
    .replace(/^\uFEFF/u, "");
  const first = /<(?![!?])[^\s/>]*/u.exec(head.replace(/<!--[^]*?-->/gu, "").replace(/<!ENTITY[^>]*>/gu, ""))?.[0];
  return /^\s*</u.test(head) && /^<(?:[\w-]+:)?svg$/u.test(first ?? "");
}

export function kindOfFile(content: Buffer): FileKind {
  if (starts(content, 0xff, 0xd8, 0xff)) return "picture";
  if (starts(content, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return "picture";
  const text = content.subarray(0, 16).toString("latin1");
  if (text.startsWith("RIFF") && text.slice(8, 12) === "WEBP") return "picture";
  if (text.slice(4, 8) === "ftyp") return kindByBrand(text.slice(8, 12));
  if (text.startsWith("GIF8")) return "gif";
  if (text.startsWith("%PDF")) return "pdf";
  if (starts(content, 0x1f, 0x8b) || text.startsWith("PK")) return "compressed";
  return isSvg(content) ? "svg" : "unknown";
}
