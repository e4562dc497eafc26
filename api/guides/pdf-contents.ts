/**
 * What a PDF would do by itself: run a script, open a program, send a form, bring another file along.
 * A family opens our guides at home and on the hospital's machines; a guide only has to be read.
 * Links to web pages and plain form fields stay allowed.
 */

import { inflateSync } from "node:zlib";
import {
  PDFArray,
  type PDFContext,
  PDFDict,
  PDFName,
  type PDFObject,
  PDFObjectStreamParser,
  PDFParser,
  type PDFRawStream,
  PDFStream,
  PDFXRefStreamParser,
} from "pdf-lib";

/** "active": it holds what acts by itself. "locked": it is encrypted. "unclear": not all of it could be looked into. */
export type Finding = "active" | "locked" | "unclear";

/** Keys and values of ISO 32000-2 (12.6.4, 12.5.6, 7.11.4, 12.7.8) that no guide needs. */
const activeNames = new Set(
  [
    ...["JavaScript", "Launch", "SubmitForm", "ImportData", "GoToR", "GoToE", "Rendition", "RichMediaExecute"],
    ...["RichMedia", "Movie", "Sound", "Screen", "3D", "FileAttachment", "EmbeddedFile", "EmbeddedFiles", "XFA"],
  ].map((name) => `/${name}`),
);
/** Short ones, which as values may be anybody's name of a font. */
const activeKeys = new Set(["/JS", "/AA", "/EF"]);

/** The same in the bytes, where an object may hide that our parser does not take for one. */
const activeText =
  /\/(?:JavaScript|Launch|SubmitForm|ImportData|GoTo[RE]|RichMedia|FileAttachment|EmbeddedFiles?)(?!\w)/u;

/** Bytes to which a stream of objects may unpack; those of 300 pages have one or two million. */
const mostUnpacked = 64 * 1024 * 1024;

/** Of the one file that a thread looks into. The parser swallows what is thrown while it parses. */
const findings = new Set<Finding>();

/** The worst of what a guide must not hold, or undefined. One file at a time. Throws nothing. */
export async function findActive(content: Uint8Array): Promise<Finding | undefined> {
  findings.clear();
  if (activeText.test(unescaped(textOf(content)))) return "active";
  try {
    await parse(content);
  } catch {
    findings.add("unclear");
  }
  return (["active", "locked", "unclear"] as const).find((finding) => findings.has(finding));
}

async function parse(content: Uint8Array): Promise<void> {
  const parser = PDFParser.forBytesWithOptions(content, Number.POSITIVE_INFINITY, true);
  // Private in its types. What is defined twice would be seen once: every definition is looked at as it is read.
  const { context } = parser as unknown as { context: PDFContext };
  const opening: PDFObject[] = [];
  const assign = context.assign.bind(context);
  context.assign = (ref, object) => {
    look(object, opening);
    assign(ref, object);
  };
  await parser.parseDocument();
  if (context.trailerInfo.Encrypt) findings.add("locked");
  if (!opening.every((action) => isPlainOpening(context, action))) findings.add("active");
}

/** With the letters of names in plain: /J#61vaScript. */
const unescaped = (text: string) =>
  text.replace(/#([\da-f]{2})/giu, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));

const textOf = ({ buffer, byteOffset, byteLength }: Uint8Array) =>
  Buffer.from(buffer, byteOffset, byteLength).toString("latin1");

/** Twice: the parser reads #4A and not #4a, which it then writes as #234a. */
const nameOf = (name: PDFName) => unescaped(unescaped(name.asString()));

/** Notes what is active in this object, and in `opening` what the document does when it is opened. */
function look(object: PDFObject, opening: PDFObject[]): void {
  if (object instanceof PDFName && activeNames.has(nameOf(object))) findings.add("active");
  if (object instanceof PDFArray) for (const one of object.asArray()) look(one, opening);
  if (object instanceof PDFStream) {
    // A stream of objects that did not say so in time: nobody has looked into it.
    if (object.dict.has(PDFName.of("First"))) findings.add("unclear");
    look(object.dict, opening);
  }
  if (!(object instanceof PDFDict)) return;
  for (const [key, value] of object.entries()) {
    const name = nameOf(key);
    if (activeNames.has(name) || activeKeys.has(name)) findings.add("active");
    if (name === "/OpenAction") opening.push(value);
    look(value, opening);
  }
}

/** To begin at a certain page is no action; to go there by one, and nowhere else, is none that matters. */
function isPlainOpening(context: PDFContext, action: PDFObject): boolean {
  const opened = context.lookup(action);
  if (!(opened instanceof PDFDict)) return opened instanceof PDFArray || opened === undefined;
  const isAlone = opened.keys().every((key) => ["/Type", "/S", "/D", "/SD"].includes(key.asString()));
  return isAlone && opened.lookup(PDFName.of("S")) === PDFName.of("GoTo");
}

/** The parser unpacks without end, and not what some packers did before: neither is left to it. Throws. */
function guardUnpacking(stream: PDFRawStream, mayHavePredictor: boolean): void {
  const filter = stream.dict.lookup(PDFName.of("Filter"));
  const only = filter instanceof PDFArray && filter.size() === 1 ? filter.lookup(0) : filter;
  if (only === undefined) return;
  const isUsual = only === PDFName.FlateDecode && (mayHavePredictor || !stream.dict.has(PDFName.of("DecodeParms")));
  if (!isUsual) findings.add("unclear");
  if (!isUsual) throw new Error("packed in a way that is not looked into");
  inflateSync(stream.contents, { maxOutputLength: mostUnpacked });
}

const { forStream: objectsOf } = PDFObjectStreamParser;
PDFObjectStreamParser.forStream = (stream, ...rest) => {
  guardUnpacking(stream, false);
  return objectsOf(stream, ...rest);
};
const { forStream: tableOf } = PDFXRefStreamParser;
PDFXRefStreamParser.forStream = (stream) => {
  guardUnpacking(stream, true);
  return tableOf(stream);
};
