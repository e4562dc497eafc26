/**
 * The bytes of a mail that many get. nodemailer builds the body once, with placeholders where each reader's own tokens
 * stand; for a copy only these are encoded anew, in their places, and the headers built. A token is as long as its placeholder,
 * so nothing else moves: base64 and quoted-printable break their lines where they did. A copy is byte by byte what nodemailer would
 * have built (tests/emails/smtp/prepared.test.ts) and costs a twentieth of it.
 */

import { randomBytes } from "node:crypto";
import MailComposer from "nodemailer/lib/mail-composer";
import MimeNode from "nodemailer/lib/mime-node";
import { senderAddress } from "#emails/addresses.ts";
import type { Copy } from "#emails/composers/composed.ts";
import type { MailContent } from "#emails/templates/mail-content.ts";
import type { OutgoingMail } from "./mailer.ts";

/** A place of a placeholder in the encoded body. */
interface Place {
  placeholder: string;
  /** The bytes that are encoded together with the token, which begins at `at` in them. */
  bytes: Buffer;
  at: number;
  encoding: "base64" | "latin1";
  /** Where in the body each character of their encoded form stands. */
  positions: number[];
}

interface Prepared {
  /** Of which nodemailer makes the boundary between the parts. */
  baseBoundary: string;
  body: Buffer;
  places: Place[];
  /** Memory of copies that were sent: the body behind room for the headers. */
  free: Buffer[];
}

/** Bytes of headers that there is room for without asking for memory of their own. */
const headersRoom = 4096;

const prepared = new WeakMap<MailContent, Promise<Prepared>>();

interface CopyBytes {
  bytes: Buffer;
  /** To be called when the bytes are needed no more: the next copy is written in their place, which spares its memory. */
  release: () => void;
}

/** One reader's copy as it goes over the wire. Throws when a value is not as long as its placeholder. */
export async function copyBytes(message: OutgoingMail, { content, values }: Copy): Promise<CopyBytes> {
  let preparing = prepared.get(content);
  if (preparing === undefined) prepared.set(content, (preparing = prepare(content, [...values.keys()])));
  const { baseBoundary, body, places, free } = await preparing;
  const headers = headersOf(message, baseBoundary);
  const room = Math.max(headers.length, headersRoom);
  const memory = (room === headersRoom && free.pop()) || Buffer.concat([Buffer.alloc(room), body]);
  memory.write(headers, room - headers.length, "latin1");
  for (const place of places) {
    const value = values.get(place.placeholder) ?? "";
    if (value.length !== place.placeholder.length) throw new Error("a token of another length than its placeholder");
    place.bytes.write(value, place.at, "latin1");
    const encoded = place.bytes.toString(place.encoding);
    // Counted: an iterator costs a small object for each letter, here a fifth of all that a copy asks memory for.
    const { positions } = place;
    for (let i = 0; i < positions.length; i++) memory[room + (positions[i] ?? 0)] = encoded.charCodeAt(i);
  }
  const release = () => void (room === headersRoom && free.push(memory));
  return { bytes: memory.subarray(room - headers.length), release };
}

/** By nodemailer's own rules, in the order in which it writes them. */
function headersOf({ headers, to, replyTo = "", subject, messageId }: OutgoingMail, baseBoundary: string): string {
  const node = new MimeNode("multipart/alternative", { baseBoundary });
  node.addHeader({ ...headers });
  node.setHeader("from", { ...senderAddress() });
  node.setHeader(
    "to",
    to.map((address) => ({ ...address })),
  );
  if (replyTo !== "") node.setHeader("reply-to", { name: "", address: replyTo });
  node.setHeader("subject", subject);
  node.setHeader("message-id", messageId);
  return `${node.buildHeaders()}\r\n\r\n`;
}

async function prepare({ text, html }: MailContent, placeholders: string[]): Promise<Prepared> {
  const baseBoundary = randomBytes(8).toString("hex");
  const whole = await new MailComposer({ text, html, baseBoundary }).compile().build();
  const headersEnd = whole.indexOf("\r\n\r\n") + 4;
  const boundary = /boundary="([^"]+)"/u.exec(whole.toString("latin1", 0, headersEnd))?.[1] ?? "";
  const body = whole.subarray(headersEnd);
  const parts = partsOf(body.toString("latin1"), boundary);
  const places = parts.flatMap((part) => placeholders.flatMap((placeholder) => placesIn(part, placeholder)));
  return { baseBoundary, body, places, free: [] };
}

interface Part {
  encoding: string;
  /** Its encoded content, one character a byte, and where that begins in the body. */
  content: string;
  start: number;
}

function partsOf(body: string, boundary: string): Part[] {
  const parts: Part[] = [];
  for (let at = body.indexOf(`--${boundary}`); ;) {
    const start = body.indexOf("\r\n\r\n", at) + 4;
    const end = body.indexOf(`\r\n--${boundary}`, start);
    if (start < 4 || end < 0) return parts;
    const encoding = /^Content-Transfer-Encoding: (\S+)/imu.exec(body.slice(at, start))?.[1] ?? "7bit";
    parts.push({ encoding, content: body.slice(start, end), start });
    at = end + 2;
  }
}

/** Where the placeholder stands in a part, as often as it does. */
function placesIn(part: Part, placeholder: string): Place[] {
  // Without the breaks that the encoding put in: "=" and a line break in quoted-printable, line breaks in base64.
  const isBase64 = part.encoding === "base64";
  const kept: number[] = [];
  for (const { index, 0: character } of part.content.matchAll(isBase64 ? /[^\r\n]/gu : /=\r\n|[^]/gu))
    if (character.length === 1) kept.push(part.start + index);
  const plain = isBase64
    ? Buffer.from(part.content, "base64")
    : Buffer.from(part.content.replaceAll("=\r\n", ""), "latin1");
  const places: Place[] = [];
  for (let at = plain.indexOf(placeholder); at >= 0; at = plain.indexOf(placeholder, at + 1)) {
    const end = at + placeholder.length;
    // base64 writes three bytes as four characters: those of the token with its neighbours in the same three.
    const [from, to] = isBase64 ? [at - (at % 3), Math.min(end + ((3 - (end % 3)) % 3), plain.length)] : [at, end];
    const positions = isBase64 ? kept.slice((from / 3) * 4, Math.ceil(to / 3) * 4) : kept.slice(from, to);
    const bytes = Buffer.from(plain.subarray(from, to));
    places.push({ placeholder, bytes, at: at - from, encoding: isBase64 ? "base64" : "latin1", positions });
  }
  return places;
}
