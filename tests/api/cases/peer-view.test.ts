/** What one who accompanies a family is given of it: by the function, whatever a page then shows. */

import { beforeAll, expect, test } from "vitest";
import { assign } from "#api/cases/assign.ts";
import { openCase } from "#api/cases/case.ts";
import { close, reopen } from "#api/cases/close.ts";
import { EntryForm } from "#api/entries/forms.ts";
import { addEntry } from "#api/entries/write-entry.ts";
import { type Member, member, receive } from "../requests.ts";

const contact = { name: "はな", email: "hana.secret@example.jp", phone: "090-7777-0002", reply_by: "email" };
const entry = { happened_at: "2026-11-20T14:30", channel: "phone", from_party: "family", to_party: "staff" };
let manager: Member;
let peer: Member;
let caseId = "";

beforeAll(async () => {
  [manager, peer] = [await member("manager"), await member("peer")];
  ({ caseId } = await receive(contact));
  await assign(manager, caseId, { staff_id: peer.id });
  await addEntry(peer, caseId, EntryForm.parse({ ...entry, what: "話を聞いた。" }));
  await close(manager, caseId, { reason: "settled", version: 2, owed: "not_needed" });
  await reopen(manager, caseId);
});

/** Every key there is, with the path that leads to it; places in a list count once. */
function keysOf(value: unknown, path = ""): string[] {
  if (Array.isArray(value)) return [...new Set(value.flatMap((one) => keysOf(one, `${path}[]`)))];
  if (value === null || typeof value !== "object" || value instanceof Date) return [path];
  return Object.entries(value)
    .filter(([, one]) => one !== undefined)
    .flatMap(([key, one]) => keysOf(one, path === "" ? key : `${path}.${key}`));
}

test("a peer is given these fields of a case, and no other", async () => {
  expect(keysOf(await openCase(peer, caseId)).toSorted()).toEqual(
    [
      ...["id", "state", "openedAt", "version", "isErased", "erasure"],
      ...["turn", "dueDay", "isOverdue", "dueLabel", "why"].map((key) => `owed.${key}`),
      ...["receivedAt", "reference", "locale", "id", "leadId", "caseId", "relation", "schoolStage", "municipality"].map(
        (key) => `consultations[].${key}`,
      ),
      ...["heardFrom", "replyBy", "replyByDate", "consent", "receiptCodeConfirmedAt", "message", "contact.name"].map(
        (key) => `consultations[].${key}`,
      ),
      ...["channel", "consentAskedBy", "consentAskedByName", "consentAskedAt", "consentReminderId", "heardWords"].map(
        (key) => `consultations[].${key}`,
      ),
      ...["id", "staffId", "name", "assignedAt", "role"].map((key) => `assignments[].${key}`),
      "holders.responsible",
      ...["assignmentId", "staffId", "name", "since", "absent"].map((key) => `holders.helpers[].${key}`),
      ...[
        "id",
        "caseId",
        "authorId",
        "happenedAt",
        "channel",
        "fromParty",
        "toParty",
        "outcome",
        "createdAt",
        "author",
      ].map((key) => `entries[].${key}`),
      ...["who", "whom", "what"].map((key) => `entries[].body.${key}`),
      ...["id", "caseId", "reason", "closedBy", "closedAt", "reopenedBy", "reopenedAt"].map(
        (key) => `closures[].closure.${key}`,
      ),
      "closures[].by",
      ...["id", "at", "action", "by", "from", "to", "whom"].map((key) => `changes[].${key}`),
      ...["id", "kind", "aboutMessageId", "state", "queuedAt", "finishedAt"].map((key) => `mails[].${key}`),
    ].toSorted(),
  );
});

test("and nothing in them leads to the family", async () => {
  const given = JSON.stringify(await openCase(peer, caseId));
  expect(given).toContain("はな");
  expect(given).toContain('"why":""');
  // The whole number: a few digits of it stand in many an id.
  for (const secret of ["hana.secret", "7777-0002", "77770002"]) expect(given).not.toContain(secret);
});

test("a manager is given the address and the phone, but no key and no fingerprint", async () => {
  const seen = await openCase(manager, caseId);
  expect(seen.consultations[0]?.contact).toEqual({ name: "はな", email: contact.email, phone: contact.phone });
  expect(keysOf(seen).filter((key) => /key|index|hash|hmac/iu.test(key))).toEqual([]);
});
