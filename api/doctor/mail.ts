/** Whether mail can leave: the conversation with the mail server, and the sender's records in DNS. */

import { type SeenRecord, seenRecords, type SenderRecord, senderRecords } from "#api/readiness/sender-records.ts";
import { env } from "#db/env.ts";
import { doctorWords } from "#db/words/staff/doctor.ts";
import { verifyMailServer } from "#emails/smtp/verify.ts";
import { type Check, ok, type Outside, skipped, todo, warn, whenReal } from "./check.ts";

/** `verify` speaks with the server. */
export async function mailServerChecks(isReal: boolean, verify = verifyMailServer): Promise<Check[]> {
  const say = doctorWords.mail;
  const code = "mail.server";
  if (env.SMTP_URL === undefined) return [whenReal(isReal)(code, say.none, say.noneAdvice)];
  const { state, reply, isEncrypted, isSignedIn } = await verify(env.SMTP_URL);
  const { host } = new URL(env.SMTP_URL);
  if (state === "ready") return [ok(code, say.ok(host, isEncrypted, isSignedIn))];
  return [todo(code, say[state](host, reply), say.advice[state])];
}

/** `sender`: the address that mail comes from; undefined while it is the sample's or an example. */
export async function senderRecordChecks(
  sender: string | undefined,
  { resolveTxt }: Pick<Outside, "resolveTxt">,
): Promise<Check[]> {
  if (sender === undefined || env.SMTP_URL === undefined) return [skipped("mail.records", doctorWords.records.skipped)];
  const records = senderRecords(sender);
  const seen = await seenRecords(records, { resolveTxt });
  return records.map((record, i) => judge(record, seen[i] ?? { state: "unknown", texts: [] }));
}

function judge({ kind, name, text }: SenderRecord, { state, texts }: SeenRecord): Check {
  const say = doctorWords.records;
  const code = `mail.${kind.toLowerCase()}`;
  const [seen = ""] = texts;
  if (state === "seen") return ok(code, say.seen(kind, name));
  if (state === "not_yet")
    return todo(code, say.not_yet(kind, name), text === undefined ? say.addByService : say.add(name, text));
  // Of a record that the mail service makes up, nobody here knows the right text.
  if (text === undefined)
    return state === "other" ? ok(code, say.otherOfService(kind, seen)) : skipped(code, say.byService(kind));
  if (state === "unknown") return skipped(code, say.unknown(kind, name));
  // A mail service may be allowed in other words (include:). A key of another text is never right.
  return kind === "DKIM"
    ? todo(code, say.other(kind, name, seen), say.add(name, text))
    : warn(code, say.other(kind, name, seen), say.include(text));
}
