/**
 * Finds active content in a PDF: scripts, commands that open programs, form submission, embedded files.
 * Families open our guides at home and on the hospital's computers; a guide only has to be read. Links to
 * web pages and plain form fields stay allowed.
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

/** "active": it has active content. "locked": it is encrypted. "unclear": not all of it could be examined. */
export type PdfFinding = "active" | "locked" | "unclear";

/** Keys and values of ISO 32000-2 (12.6.4, 12.5.6, 7.11.4, 12.7.8) that no guide needs. */
const activeNames = new Set(
  [
    ...["JavaScript", "Launch", "SubmitForm", "ImportData", "GoToR", "GoToE", "Rendition", "RichMediaExecute"],
    ...["RichMedia", "Movie", "Sound", "Screen", "3D", "FileAttachment", "EmbeddedFile", "EmbeddedFiles", "XFA"],
  ].map((name) => `/${name}`),
);
/** Short names that count as keys only: as a value, any of them may be the name of a font. */
const activeKeys = new Set(["/JS", "/AA", "/EF"]);

/** The same names in the raw bytes, in case of an object that our parser does not recognise. */
const activeText =
  /\/(?:JavaScript|Launch|SubmitForm|ImportData|GoTo[RE]|RichMedia|FileAttachment|EmbeddedFiles?)(?!\w)/u;

/** Limit in bytes for one decompressed stream of objects; 300 pages have one or two million. */
const maxDecompressedBytes = 64 * 1024 * 1024;

/** Findings of the one file this thread examines. Collected here because the parser swallows what is thrown while it parses. */
const findings = new Set<PdfFinding>();

/** The most serious finding, or undefined. One file at a time. Throws nothing. */
export async function findActive(content: Uint8Array): Promise<PdfFinding | undefined> {
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
  // Private in its types. Of an object defined twice only the last would be kept: so each is examined as it is read.
  const { context } = parser as unknown as { context: PDFContext };
  const openActions: PDFObject[] = [];
  const assign = context.assign.bind(context);
  context.assign = (ref, object) => {
    examineObject(object, openActions);
    assign(ref, object);
  };
  await parser.parseDocument();
  if (context.trailerInfo.Encrypt) findings.add("locked");
  if (!openActions.every((action) => isHarmlessOpenAction(context, action))) findings.add("active");
}

/** Decodes the escapes of names: /J#61vaScript is /JavaScript. */
const unescaped = (text: string) =>
  text.replace(/#([\da-f]{2})/giu, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));

const textOf = ({ buffer, byteOffset, byteLength }: Uint8Array) =>
  Buffer.from(buffer, byteOffset, byteLength).toString("latin1");

/** Decoded twice: the parser decodes #4A but not #4a, which it then writes as #234a. */
const nameOf = (name: PDFName) => unescaped(unescaped(name.asString()));

/** Collects active content of this object into `findings`, and the actions on opening the document into `openActions`. */
function examineObject(object: PDFObject, openActions: PDFObject[]): void {
  if (object instanceof PDFName && activeNames.has(nameOf(object))) findings.add("active");
  if (object instanceof PDFArray) for (const item of object.asArray()) examineObject(item, openActions);
  if (object instanceof PDFStream) {
    // A stream of objects that was not recognised as one when it was read: its objects were not examined.
    if (object.dict.has(PDFName.of("First"))) findings.add("unclear");
    examineObject(object.dict, openActions);
  }
  if (!(object instanceof PDFDict)) return;
  for (const [key, value] of object.entries()) {
    const name = nameOf(key);
    if (activeNames.has(name) || activeKeys.has(name)) findings.add("active");
    if (name === "/OpenAction") openActions.push(value);
    examineObject(value, openActions);
  }
}

/** A destination (which page to show first) is no action; a GoTo action that only does the same is harmless. */
function isHarmlessOpenAction(context: PDFContext, action: PDFObject): boolean {
  const target = context.lookup(action);
  if (!(target instanceof PDFDict)) return target instanceof PDFArray || target === undefined;
  const hasOnlyDestination = target.keys().every((key) => ["/Type", "/S", "/D", "/SD"].includes(key.asString()));
  return hasOnlyDestination && target.lookup(PDFName.of("S")) === PDFName.of("GoTo");
}

/**
 * Checks a stream before the parser decompresses it: the parser sets no limit on the size, and does not
 * support every filter or predictor. Throws when the stream cannot be decompressed safely.
 */
function checkDecompression(stream: PDFRawStream, mayHavePredictor: boolean): void {
  const filter = stream.dict.lookup(PDFName.of("Filter"));
  const only = filter instanceof PDFArray && filter.size() === 1 ? filter.lookup(0) : filter;
  if (only === undefined) return;
  const isUsual = only === PDFName.FlateDecode && (mayHavePredictor || !stream.dict.has(PDFName.of("DecodeParms")));
  if (!isUsual) findings.add("unclear");
  if (!isUsual) throw new Error("compressed in a way that is not supported");
  inflateSync(stream.contents, { maxOutputLength: maxDecompressedBytes });
}

const { forStream: objectsOf } = PDFObjectStreamParser;
PDFObjectStreamParser.forStream = (stream, ...rest) => {
  checkDecompression(stream, false);
  return objectsOf(stream, ...rest);
};
const { forStream: tableOf } = PDFXRefStreamParser;
PDFXRefStreamParser.forStream = (stream) => {
  checkDecompression(stream, true);
  return tableOf(stream);
};
