/** Reads the body of a request: a form or a JSON object, in UTF-8. Validation comes later (api/forms/read-form.ts). */

import { isUtf8 } from "node:buffer";
import { HTTPException } from "hono/http-exception";
import { Invalid } from "#db/errors.ts";
import type { Locale } from "#db/terms/locale.ts";
import { wordsIn } from "#db/words/words.ts";
import type { AppContext } from "./context.ts";

export interface Body {
  /** By field name: text, lists of texts and files; from JSON, any JSON value. */
  values: Record<string, unknown>;
  /** Names of the fields whose bytes are not UTF-8: their text holds U+FFFD where characters were lost. */
  unreadable: string[];
}

/**
 * Reads the body. Throws HTTPException 415 when it is compressed or in another charset than UTF-8, and
 * Invalid, at `body`, when it is neither a form nor a JSON object.
 */
export async function readBody(c: AppContext): Promise<Body> {
  const type = c.req.header("content-type") ?? "";
  refuseOtherEncodings(c.req.header("content-encoding"), type);
  if (type.startsWith("application/json")) return readJson(await bytesOf(c));
  if (!/^(?:application\/x-www-form-urlencoded|multipart\/form-data)/u.test(type))
    throw new Invalid({ body: "JSON かフォームの形式で送ってください。" });
  const bytes = await bytesOf(c);
  const form = await c.req.parseBody({ all: true }).catch(() => {
    throw new Invalid({ body: "フォームを読み取れませんでした。" });
  });
  // An untouched optional input arrives as an empty string: it counts as not answered.
  const values = Object.fromEntries(Object.entries(form).filter(([, value]) => value !== "" && !isNoFile(value)));
  return { values, unreadable: brokenFields(values, bytes, type.startsWith("multipart")) };
}

/** Throws Invalid at the fields whose text did not arrive as it was typed. */
export function refuseUnreadable(fields: string[], locale: Locale = "ja"): void {
  if (fields.length > 0)
    throw new Invalid(Object.fromEntries(fields.map((name) => [name, wordsIn(locale).errors.unreadable])));
}

const bytesOf = async (c: AppContext) => Buffer.from(await c.req.arrayBuffer());

/** RFC 9110, 8.4 and 8.3.2. A compressed body, or one in another charset, would be stored as unreadable text. */
function refuseOtherEncodings(encoding = "identity", type: string): void {
  if (encoding.trim() !== "" && !/^\s*identity\s*$/iu.test(encoding))
    throw new HTTPException(415, { message: "本文は圧縮せずに送ってください（Content-Encoding は使えません）。" });
  const charset = /;\s*charset\s*=\s*"?([^";]*)/iu.exec(type)?.[1]?.trim();
  if (charset !== undefined && !/^(?:utf-?8|us-ascii)$/iu.test(charset))
    throw new HTTPException(415, { message: "文字は UTF-8 で送ってください。" });
}

/** What a browser sends for a file input in which nothing was chosen. */
const isNoFile = (value: unknown) => value instanceof File && value.size === 0 && value.name === "";

function readJson(bytes: Buffer): Body {
  if (!isUtf8(bytes)) throw new Invalid({ body: "文字を読み取れませんでした。UTF-8 で送ってください。" });
  try {
    const values: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (values !== null && typeof values === "object" && !Array.isArray(values))
      return { values: values as Record<string, unknown>, unreadable: [] };
  } catch {
    // refused below, like any other body that is not an object
  }
  throw new Invalid({ body: "JSON のオブジェクトを送ってください。" });
}

/** The fields that hold U+FFFD because their bytes were broken; a person may also have typed that character. */
function brokenFields(values: Record<string, unknown>, bytes: Buffer, isMultipart: boolean): string[] {
  const suspects = Object.keys(values).filter((name) =>
    [values[name]].flat().some((value) => typeof value === "string" && value.includes("\uFFFD")),
  );
  if (suspects.length === 0) return [];
  const isBroken = isMultipart ? brokenInParts(values, bytes) : brokenInPairs(bytes);
  return suspects.filter(isBroken);
}

/** A multipart text that was decoded without replacements occurs in the body byte for byte. */
const brokenInParts = (values: Record<string, unknown>, bytes: Buffer) => (name: string) =>
  [values[name]].flat().some((value) => typeof value === "string" && !bytes.includes(`\r\n\r\n${value}\r\n--`));

function brokenInPairs(bytes: Buffer): (name: string) => boolean {
  const broken = new Set<string>();
  for (const pair of bytes.toString("latin1").split("&")) {
    const [name = "", value = ""] = pair.split(/=(.*)/su);
    if (!isUtf8(octetsOf(value))) broken.add(octetsOf(name.replaceAll("+", " ")).toString());
  }
  return (name) => broken.has(name);
}

/** The bytes of percent-encoded text; an incomplete code is left as it is, as browsers do. */
const octetsOf = (text: string) =>
  Buffer.from(
    text.replace(/%([\da-f]{2})/giu, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))),
    "latin1",
  );
