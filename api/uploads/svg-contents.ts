/**
 * What an uploaded SVG may not hold, looked for in its text before any parser reads it. Elements alone: a script in it
 * is never run, since only pixels leave this room.
 */

/** "words": letters, which this machine without fonts draws as boxes. */
export type SvgFinding = "words" | "picture" | "declarations" | "encoding";

export const svgSentences: Record<SvgFinding, string> = {
  words:
    "この SVG には、文字が文字のまま入っています。端末ごとに違う形で表示されるので、「アウトライン化（パスに変換）」したものか、PNG で書き出したものを選んでください。",
  picture: "この SVG の中には、写真などの画像が埋め込まれています。PNG で書き出したものを選んでください。",
  declarations: "この SVG には、使えない宣言（ENTITY）が入っています。PNG で書き出したものを選んでください。",
  encoding: "この SVG の文字コードは UTF-8 ではありません。PNG で書き出したものを選んでください。",
};

/** Elements of these names, with or without a prefix of a namespace. */
const element = (...names: string[]) => new RegExp(String.raw`<(?:[^\s<>:]+:)?(?:${names.join("|")})[\s>/]`, "u");

/** Names of namespaces, as Adobe Illustrator declares them: an address, which holds no element. */
const harmlessEntity = /<!ENTITY\s+[\w-]+\s+(?:"https?:[^"<>&%]*"|'https?:[^'<>&%]*')\s*>/gu;

/**
 * The first reason not to draw it. Embedded pictures and included files: another decoder, without our limit of pixels (a
 * PNG of 400 million in 500 KB took 1.6 GB). Entities and encodings other than UTF-8: either can hide an element from
 * this search.
 */
export function findInSvg(content: Buffer): SvgFinding | undefined {
  const text = content.toString("utf8").replace(/^\uFEFF/u, "");
  const encoding = /^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([^"']*)["']/u.exec(text)?.[1] ?? "utf-8";
  if (!/^utf-?8$/iu.test(encoding) || text.includes("\0")) return "encoding";
  if (/<!ENTITY/u.test(text.replace(harmlessEntity, ""))) return "declarations";
  if (element("image", "feImage", "include").test(text)) return "picture";
  return element("text").test(text) ? "words" : undefined;
}
