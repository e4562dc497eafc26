/** What a peer who helps in a case is given of it: by the function, whatever a page then shows. */

import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { assign, unassign } from "#api/cases/assign.ts";
import { openCase } from "#api/cases/case.ts";
import { close } from "#api/cases/close.ts";
import { contactOf } from "#api/contacts/contacts.ts";
import { correctContact } from "#api/contacts/correct.ts";
import { replaceReceiptCode, sendReply } from "#api/correspondence/reply.ts";
import { EntryForm } from "#api/entries/forms.ts";
import { addEntry } from "#api/entries/write-entry.ts";
import { openCaseAsPeer } from "#api/peers/peer-case.ts";
import { listPeerCases } from "#api/peers/peer-cases.ts";
import { showEntryToPeers, writeBrief } from "#api/peers/write-brief.ts";
import { eraseFamily } from "#api/privacy/erase.ts";
import { remind } from "#api/reminders/remind.ts";
import { writeSideNote } from "#api/side-notes/write-side-note.ts";
import { dayOf } from "#db/calendar/days.ts";
import { db } from "#db/client.ts";
import { cases } from "#db/schema/cases.ts";
import { consultations } from "#db/schema/consultations.ts";
import { promises } from "#db/schema/promises.ts";
import { sealedPlaces } from "#db/vault/sealed-places.ts";
import { seal, unwrap } from "#db/vault/vault.ts";
import { family, type Family, passOf, write } from "../correspondence/families.ts";
import { get, type Member, member, signIn, trailOf } from "../requests.ts";

/** One word for each sealed text of a case that a peer must not be given; it stands in nothing else. */
const hidden = {
  "consultations.message": "カナリア-最初の相談",
  "consultations.contact": "canary-address@example.jp",
  "messages.body": "カナリア-書き足し",
  "entries.body": "カナリア-ほかの記録",
  "reminders.body": "カナリア-ほかの人の予定",
  "contact_corrections.before": "canary-before@example.jp",
  "consultations.heard_words": "カナリア-どこで知ったか",
};
const more = {
  phone: "09077770002",
  reply: "カナリア-お返事",
  who: "カナリア-相手の名前",
  whom: "カナリア-先生の名前",
  note: "カナリア-メモ",
};
const shown = {
  brief: "申し送りの文章",
  sideNote: "父には連絡しない",
  entry: "選ばれた記録",
  own: "ピアの訪問の記録",
  reminder: "ピアの予定",
};
const visit = { happened_at: "2026-11-20T14:30", channel: "visit", from_party: "staff", to_party: "family" };
const entry = (fields: Record<string, unknown>) => EntryForm.parse({ ...visit, ...fields });

let manager: Member;
let peer: Member;
let who: Family;
let code = "";
let cookie = "";

beforeAll(async () => {
  [manager, peer] = [await member("manager"), await member("peer")];
  who = await family({
    ...{ message: hidden["consultations.message"], name: "はな", reply_by: "email" },
    ...{ email: hidden["contact_corrections.before"], phone: more.phone, topics: ["peer"], school_stage: "elementary" },
  });
  const { caseId } = who;
  await assign(manager, caseId, { staff_id: manager.id });
  await assign(manager, caseId, { staff_id: peer.id, role: "helper" });
  await writeSideNote(manager, caseId, { note: shown.sideNote, latest: "" });
  await correctContact(manager, caseId, {
    ...{ name: "はな", email: hidden["consultations.contact"], phone: more.phone, reply_by: "email" },
    ...{ version: (await openCase(manager, caseId)).version, resend: false },
  });
  await storeHeardWords(caseId, hidden["consultations.heard_words"]);
  await write(await passOf(who), hidden["messages.body"]);
  const latest = (await openCase(manager, caseId)).messages.at(-1)?.id ?? "";
  await sendReply(manager, caseId, { reply: more.reply, latest });
  await addEntry(
    manager,
    caseId,
    entry({ what: hidden["entries.body"], who: more.who, whom: more.whom, channel: "phone" }),
  );
  await addEntry(manager, caseId, entry({ what: more.note, channel: "note" }));
  await addEntry(manager, caseId, entry({ what: shown.entry, for_peers: true }));
  await addEntry(peer, caseId, entry({ what: shown.own }));
  const today = dayOf(new Date());
  await remind(manager, caseId, { what: hidden["reminders.body"], on: today, who: manager.id });
  await remind(manager, caseId, { what: shown.reminder, on: today, who: peer.id });
  await writeBrief(manager, caseId, { brief: shown.brief, seen: "" });
  code = await replaceReceiptCode(manager, caseId);
  cookie = await signIn(peer);
});

/** As a call would have brought them: this family wrote by the form, which asks for no words of their own. */
async function storeHeardWords(caseId: string, words: string): Promise<void> {
  const [row] = await db
    .select({ id: consultations.id, key: cases.wrappedKey })
    .from(consultations)
    .innerJoin(cases, eq(cases.id, consultations.caseId))
    .where(eq(cases.id, caseId));
  const { id = "", key = null } = row ?? {};
  const heardWords = seal(unwrap(key, "cases.wrapped_key", caseId), words, "consultations.heard_words", id);
  await db.update(consultations).set({ heardWords }).where(eq(consultations.id, id));
}

/** Every key there is, with the path that leads to it; places in a list count once. */
function keysOf(value: unknown, path = ""): string[] {
  if (Array.isArray(value)) return [...new Set(value.flatMap((one) => keysOf(one, `${path}[]`)))];
  if (value === null || typeof value !== "object" || value instanceof Date) return [path];
  return Object.entries(value)
    .filter(([, one]) => one !== undefined)
    .flatMap(([key, one]) => keysOf(one, path === "" ? key : `${path}.${key}`));
}

const secrets = () => [...Object.values(hidden), ...Object.values(more), code];

describe("a peer is given", () => {
  test("these fields of a case, and no other", async () => {
    const { found } = await openCaseAsPeer(peer, who.caseId);
    const facts = ["reference", "state", "name", "relation", "topics[]", "schoolStage", "municipality", "locale"];
    const ofEntry = [
      "id",
      "at",
      "channel",
      "fromParty",
      "toParty",
      "outcome",
      "who",
      "whom",
      "what",
      "author",
      "isOwn",
    ];
    expect(keysOf(found).toSorted()).toEqual(
      [
        ...["id", "responsible", ...facts.map((key) => `family.${key}`)],
        ...["id", "text", "writtenAt", "by"].map((key) => `brief.${key}`),
        ...["id", "text", "by.name", "by.at"].map((key) => `sideNote.${key}`),
        ...ofEntry.map((key) => `entries[].${key}`),
        ...["id", "what", "dueDay", "owner.id", "owner.name", "doneAt", "silencedAt"].map(
          (key) => `reminders[].${key}`,
        ),
      ].toSorted(),
    );
  });

  test("the brief, the entries that were chosen, their own, and what they are to do", async () => {
    const given = JSON.stringify(await openCaseAsPeer(peer, who.caseId));
    for (const text of ["はな", who.reference, ...Object.values(shown)]) expect(given).toContain(text);
    const page = await (await get(`/staff/cases/${who.caseId}`, { cookie })).text();
    for (const text of ["はな", who.reference, ...Object.values(shown)]) expect(page).toContain(text);
  });

  test("nothing else that is sealed: not by the function, not on a page", async () => {
    // Each sealed text of a case has its word above, or is given to peers, or is nobody's but its writer's.
    const other = ["consultations.receipt_code", "briefs.body", "drafts.case_body", "side_notes.body"];
    const places = Object.entries(sealedPlaces).filter(([, { sealedWith }]) => sealedWith === "cases.wrapped_key");
    expect(places.map(([place]) => place).toSorted()).toEqual([...Object.keys(hidden), ...other].toSorted());
    const open = JSON.stringify([await openCase(manager, who.caseId), await contactOf(manager, who.caseId)]);
    for (const secret of secrets().filter((one) => one !== code && !one.includes("予定")))
      expect(open).toContain(secret);

    const given = [await openCaseAsPeer(peer, who.caseId), await listPeerCases(peer)].map((one) => JSON.stringify(one));
    for (const path of ["/staff", `/staff/cases/${who.caseId}`, `/staff/search?q=${who.reference}`])
      given.push(await (await get(path, { cookie })).text());
    for (const text of given) for (const secret of secrets()) expect(text).not.toContain(secret);
  });

  test("nothing by the functions of those who answer families", async () => {
    await expect(openCase(peer, who.caseId)).rejects.toMatchObject({ name: "Forbidden" });
    await expect(openCaseAsPeer(manager, who.caseId)).rejects.toMatchObject({ name: "Forbidden" });
    await expect(listPeerCases(manager)).rejects.toMatchObject({ name: "Forbidden" });
  });

  test("no case in which they do not help", async () => {
    const other = await family({ message: "ほかのご家族" });
    await expect(openCaseAsPeer(peer, other.caseId)).rejects.toMatchObject({ name: "NotFound" });
    expect((await listPeerCases(peer)).map(({ id }) => id)).toEqual([who.caseId]);
  });
});

describe("an entry", () => {
  test("is shown and hidden later, which is audited; a peer's own stays theirs", async () => {
    const { caseId } = who;
    const id = await addEntry(manager, caseId, entry({ what: "あとから見せる記録" }));
    const given = async () => (await openCaseAsPeer(peer, caseId)).found?.entries.map(({ what }) => what);
    expect(await given()).not.toContain("あとから見せる記録");
    await showEntryToPeers(manager, caseId, id, true);
    await showEntryToPeers(manager, caseId, id, true);
    expect(await given()).toContain("あとから見せる記録");
    await showEntryToPeers(manager, caseId, id, false);
    expect(await given()).not.toContain("あとから見せる記録");
    const trail = (await trailOf(id)).map(({ action }) => action);
    expect(trail).toEqual(["write", "show_to_peers", "hide_from_peers"]);
    expect(await given()).toContain(shown.own);
  });

  test("of another case is not found, and no peer chooses what peers read", async () => {
    const other = await family();
    const id = await addEntry(manager, other.caseId, entry({ what: "よその記録" }));
    await expect(showEntryToPeers(manager, who.caseId, id, true)).rejects.toMatchObject({ name: "NotFound" });
    await expect(showEntryToPeers(peer, who.caseId, id, true)).rejects.toMatchObject({ name: "Forbidden" });
    await expect(addEntry(peer, who.caseId, entry({ what: "見せたい", for_peers: true }))).rejects.toMatchObject({
      name: "Forbidden",
    });
  });

  test("that a peer writes about a visit answers no promise", async () => {
    const asked = await family({ reply_by: "phone", phone: "086-000-0001" });
    await assign(manager, asked.caseId, { staff_id: peer.id, role: "helper" });
    await addEntry(peer, asked.caseId, entry({ what: "訪ねました。" }));
    const rows = await db.select().from(promises).where(eq(promises.caseId, asked.caseId));
    expect(rows.map(({ keptAt }) => keptAt)).toEqual([null]);
    // Not even with an outcome, which the page of a peer does not ask for.
    await expect(
      addEntry(peer, asked.caseId, entry({ what: "訪ねて話せました。", outcome: "spoke" })),
    ).rejects.toMatchObject({ errors: { outcome: expect.stringContaining("担当の人") } });
    await unassign(manager, asked.caseId, peer.id);
  });
});

describe("the start page of a peer", () => {
  const row = async (id = who.caseId) => (await listPeerCases(peer)).find((one) => one.id === id);

  const sideNote = async (id: string) => (await openCase(manager, id)).sideNote;

  test("marks what is new to them: a brief, a chosen entry, what everybody must read, never what they wrote or may not read", async () => {
    const { caseId } = who;
    await openCaseAsPeer(peer, caseId);
    expect((await row())?.isUnread).toBe(false);
    await write(await passOf(who), hidden["messages.body"]);
    await addEntry(manager, caseId, entry({ what: hidden["entries.body"] }));
    const own = await addEntry(peer, caseId, entry({ what: "もう一度たずねた。" }));
    await showEntryToPeers(manager, caseId, own, true);
    expect((await row())?.isUnread).toBe(false);
    await addEntry(manager, caseId, entry({ what: "新しく見せる記録", for_peers: true }));
    expect((await row())?.isUnread).toBe(true);
    await openCaseAsPeer(peer, caseId);
    expect((await row())?.isUnread).toBe(false);
    const seen = (await openCaseAsPeer(peer, caseId)).found?.brief?.id ?? "";
    await writeBrief(manager, caseId, { brief: `${shown.brief}（新しい）`, seen });
    expect((await row())?.isUnread).toBe(true);
    expect(await (await get("/staff", { cookie })).text()).toContain("未読");
    await openCaseAsPeer(peer, caseId);
    await writeSideNote(manager, caseId, { note: "母にだけ連絡する", latest: (await sideNote(caseId)).id });
    expect((await row())?.isUnread).toBe(true);
    await openCaseAsPeer(peer, caseId);
    expect(await (await get("/staff", { cookie })).text()).not.toContain("未読");
  });

  test("has closed cases too, and no erased one, whose page says so", async () => {
    const done = await family();
    await assign(manager, done.caseId, { staff_id: peer.id, role: "helper" });
    await close(manager, done.caseId, { reason: "settled", version: 2, owed: "not_needed" });
    expect(await row(done.caseId)).toMatchObject({ state: "closed", isUnread: true });
    await writeBrief(manager, done.caseId, { brief: "消える申し送り", seen: "" });
    await eraseFamily(done.reference);
    expect(await row(done.caseId)).toBeUndefined();
    expect(await openCaseAsPeer(peer, done.caseId)).toEqual({
      erased: { id: done.caseId, reference: done.reference },
    });
    const page = await (await get(`/staff/cases/${done.caseId}`, { cookie })).text();
    expect([page.includes("内容は消去されています"), page.includes("消える申し送り")]).toEqual([true, false]);
  });

  test("says in plain words that there is nothing", async () => {
    const other = await signIn(await member("peer"));
    expect(await (await get("/staff", { cookie: other })).text()).toContain("任された相談はありません");
    expect((await get("/staff/cases", { cookie: other })).headers.get("location")).toBe("/staff");
  });
});

test("a manager is given the address and the phone, but no key and no fingerprint", async () => {
  const seen = await openCase(manager, who.caseId);
  const { "consultations.contact": email } = hidden;
  expect(seen.consultations[0]?.contact).toEqual({ name: "はな", email, phone: more.phone });
  expect(keysOf(seen).filter((key) => /key|index|hash|hmac/iu.test(key))).toEqual([]);
});
