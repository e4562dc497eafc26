import { randomUUID } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { sendReply } from "#api/correspondence/reply.ts";
import { saveDraft } from "#api/drafts/save.ts";
import { addEntry } from "#api/entries/write-entry.ts";
import { writeBrief } from "#api/peers/write-brief.ts";
import { eraseFamily } from "#api/privacy/erase.ts";
import { remind } from "#api/reminders/remind.ts";
import { writeSideNote } from "#api/side-notes/write-side-note.ts";
import { dayOf } from "#db/calendar/days.ts";
import { db } from "#db/client.ts";
import { consultations } from "#db/schema/consultations.ts";
import { sealedPlaces } from "#db/vault/sealed-places.ts";
import { newDataKey, seal, unseal } from "#db/vault/vault.ts";
import { wrappedKeyColumns } from "#db/vault/wrapped-keys.ts";
import { correct } from "../../api/contacts/families.ts";
import { member, receive } from "../../api/requests.ts";

/** Columns of bytes that hold keyed hashes, and nothing that could be opened. */
const hashed = [
  "consultations.email_index",
  "consultations.phone_index",
  "consultations.receipt_code_hash",
  "download_grants.email_index",
  "download_grants.token_hash",
  "drafts.key_hmac",
  "form_keys.body_hmac",
  "form_keys.key_hmac",
  "invitations.token_hash",
  "kept_pages.correspondence",
  "kept_pages.form",
  "kept_pages.network",
  "kept_pages.token_hash",
  "leads.body_hmac",
  "leads.idempotency_hmac",
  // A picture that everybody is shown.
  "logos.content",
  "mail_counts.address",
  "messages.body_hmac",
  "messages.idempotency_hmac",
  // Public while a page shows it; encoded anew from pixels.
  "picture_files.content",
  "rate_windows.network",
  "sign_in_attempts.account",
  "sign_in_attempts.network",
  "staff_networks.network",
  "subscribers.email_index",
  "suppressions.email_index",
  "visits.key",
];

/** Exports of advertising cost on their way: what importing them stores is not sealed either, deleted after a day; public reports. */
const open = ["ad_upload_parts.content", "surveys.report"];

test("every column of bytes is either in the list of sealed places or known to hold a hash", async () => {
  const rows = await db.execute<{ name: string }>(sql`
    select table_name || '.' || column_name as name from information_schema.columns
    where table_schema = 'public' and data_type = 'bytea'`);
  const columns = rows.map(({ name }) => name).toSorted();
  expect([...Object.keys(sealedPlaces), ...hashed, ...open].toSorted()).toEqual(columns);
});

test("what rotate-key finds in the database is what the list calls wrapped by the vault, and each text's key is among it", async () => {
  const found = (await wrappedKeyColumns()).map(({ place }) => place);
  const ofVault = Object.entries(sealedPlaces).flatMap(([place, { sealedWith }]) =>
    sealedWith === "vault" ? [place] : [],
  );
  expect(found).toEqual(ofVault.toSorted());
  const used: string[] = Object.values(sealedPlaces).map(({ sealedWith }) => sealedWith);
  expect(used.filter((key) => key !== "vault" && key !== "token" && !ofVault.includes(key))).toEqual([]);
});

test("a text is not sealed for a column that belongs to another key", () => {
  const id = randomUUID();
  const { key: readersKey } = newDataKey("subscribers.wrapped_key", id);
  // @ts-expect-error: a family's message is sealed with its case's key
  const sealed = seal(readersKey, "text", "consultations.message", id);
  const { key: caseKey } = newDataKey("cases.wrapped_key", id);
  expect(() => unseal(caseKey, sealed, "consultations.message", id)).toThrow();
  // @ts-expect-error: only a column whose name begins with "wrapped", which rotate-key finds, holds a wrapped key
  newDataKey("consultations.message", id);
});

test("of an erased family, no place that is sealed with its key holds anything", async () => {
  const manager = await member("manager");
  const call = { channel: "phone", from_party: "family", to_party: "staff" } as const;
  const { caseId, reference } = await receive({ email: "hana@example.jp", reply_by: "email" });
  await remind(manager, caseId, { what: "電話する。", on: dayOf(new Date()) });
  await addEntry(manager, caseId, { ...call, happened_at: new Date(), what: "話した。" });
  await sendReply(manager, caseId, { reply: "お返事です。", latest: "", take: true });
  await writeSideNote(manager, caseId, { note: "父に連絡しない。", latest: "" });
  await correct(manager, caseId, { email: "hanako@example.jp" });
  await writeBrief(manager, caseId, { brief: "申し送りです。", seen: "" });
  await db
    .update(consultations)
    .set({ heardWords: Buffer.from("only of a call") })
    .where(eq(consultations.caseId, caseId));
  const unsent = { form: `/staff/cases/${caseId}/entries`, page: `/staff/cases/${caseId}` };
  await saveDraft(manager.id, { ...unsent, values: { what: "書きかけ" }, errors: {} });
  const filled = async () => {
    const lengths: Record<string, number> = {};
    for (const [place, { sealedWith }] of Object.entries(sealedPlaces)) {
      if (sealedWith !== "cases.wrapped_key" && place !== "cases.wrapped_key") continue;
      const [table = "", column = ""] = place.split(".");
      const [row] = await db.execute<{ bytes: number }>(sql`
        select coalesce(sum(octet_length(${sql.identifier(column)})), 0)::int as bytes from ${sql.identifier(table)}
        where ${sql.identifier(table === "cases" ? "id" : "case_id")} = ${caseId}`);
      lengths[place] = row?.bytes ?? 0;
    }
    return lengths;
  };
  const before = await filled();
  expect(Object.entries(before).filter(([, bytes]) => bytes === 0)).toEqual([]); // nothing of the list is missed here
  await eraseFamily(reference);
  const after = await filled();
  expect(Object.entries(after).filter(([, bytes]) => bytes > 0)).toEqual([]);
});
