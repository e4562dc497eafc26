/**
 * The DNS records by which other mail servers know that our mail is ours: SPF (RFC 7208), DKIM (RFC 6376) and DMARC
 * (RFC 7489). Says which to add, and whether they are seen. It looks for the one string that it told to add: to
 * evaluate a whole SPF record would answer another question. Nothing depends on the answer.
 */

import { createPrivateKey, createPublicKey } from "node:crypto";
import { Resolver } from "node:dns/promises";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { type Env, env } from "#db/env.ts";

export interface SenderRecord {
  kind: "SPF" | "DKIM" | "DMARC";
  /** Name of the record. */
  name: string;
  /** Text of the TXT record; undefined where only the mail service knows it. */
  text: string | undefined;
}

/** `other`: there is a record of the kind with another text. `unknown`: the lookup failed or took too long. */
export type RecordState = "seen" | "other" | "not_yet" | "unknown";

export interface SeenRecord {
  state: RecordState;
  /** The texts of this kind that were seen. */
  texts: readonly string[];
}

type MailEnv = Pick<Env, "SMTP_URL" | "DKIM_DOMAIN" | "DKIM_SELECTOR" | "DKIM_KEY_FILE">;

/** The records for mail from this address; empty where it is none. */
export function senderRecords(address: string, variables: MailEnv = env): SenderRecord[] {
  const domain = /@([^\s@]+)$/u.exec(address)?.[1]?.toLowerCase();
  if (domain === undefined) return [];
  const host = variables.SMTP_URL === undefined ? undefined : new URL(variables.SMTP_URL).hostname;
  const isOurs = host !== undefined && !/^(?:localhost|127\.|\[|\d+\.\d+\.\d+\.\d+$)/u.test(host);
  return [
    { kind: "SPF", name: domain, text: isOurs ? `v=spf1 a:${host} ~all` : undefined },
    dkimRecord(domain, variables),
    { kind: "DMARC", name: `_dmarc.${domain}`, text: "v=DMARC1; p=none" },
  ];
}

/** With the public half of the key that signs here; where the mail service signs, it shows the record itself. */
function dkimRecord(domain: string, { DKIM_DOMAIN, DKIM_SELECTOR, DKIM_KEY_FILE }: MailEnv): SenderRecord {
  if (DKIM_DOMAIN === undefined || DKIM_SELECTOR === undefined || DKIM_KEY_FILE === undefined)
    return { kind: "DKIM", name: `（送信サービスが示す名前）._domainkey.${domain}`, text: undefined };
  const key = publicKeyIn(DKIM_KEY_FILE);
  return {
    kind: "DKIM",
    name: `${DKIM_SELECTOR}._domainkey.${DKIM_DOMAIN}`,
    text: key && `v=DKIM1; k=rsa; p=${key}`,
  };
}

/** Undefined where this process cannot read the key: the one that sends says so at its start (emails/smtp/dkim.ts). */
function publicKeyIn(file: string): string | undefined {
  try {
    const key = createPublicKey(createPrivateKey(readFileSync(file)));
    return key.export({ type: "spki", format: "der" }).toString("base64");
  } catch {
    return undefined;
  }
}

const beginnings = { SPF: /^v=spf1\b/iu, DKIM: /^v=DKIM1\b|\bp=/iu, DMARC: /^v=DMARC1\b/iu };
/** The one part of the text that has to be there. */
const neededPart = ({ kind, text = "" }: SenderRecord): string =>
  ({ SPF: / (a:\S+)/u.exec(text)?.[1] ?? "", DKIM: /p=\S+/u.exec(text)?.[0] ?? "", DMARC: "" })[kind];

/** Timeouts, in milliseconds: of one question to one server, and of all together. */
const timeout = { question: 2000, all: 5000 };

type Lookup = (name: string) => Promise<string[][]>;
const lookUp: Lookup = (name) => new Resolver({ timeout: timeout.question, tries: 1 }).resolveTxt(name);

/** What is seen of each record now, in their order. Never throws. */
export async function seenRecords(
  records: readonly SenderRecord[],
  { resolveTxt = lookUp, timeoutMs = timeout.all }: { resolveTxt?: Lookup; timeoutMs?: number } = {},
): Promise<SeenRecord[]> {
  const unknown = (): SeenRecord => ({ state: "unknown", texts: [] });
  return Promise.all(
    records.map(async (record) => {
      if (!/^[\w.-]+$/u.test(record.name)) return unknown();
      const abort = new AbortController();
      const late = sleep(timeoutMs, undefined, { signal: abort.signal }).then(unknown, unknown);
      return Promise.race([seenRecord(record, resolveTxt), late]).finally(() => abort.abort());
    }),
  );
}

async function seenRecord(record: SenderRecord, resolveTxt: Lookup): Promise<SeenRecord> {
  try {
    const texts = (await resolveTxt(record.name)).map((parts) => parts.join(""));
    const ofKind = texts.filter((text) => beginnings[record.kind].test(text));
    if (ofKind.length === 0) return { state: "not_yet", texts: [] };
    const isOurs = record.text !== undefined && ofKind.some((text) => text.includes(neededPart(record)));
    return { state: isOurs ? "seen" : "other", texts: ofKind };
  } catch (error) {
    const { code = "" } = error as { code?: string };
    return { state: code === "ENOTFOUND" || code === "ENODATA" ? "not_yet" : "unknown", texts: [] };
  }
}
