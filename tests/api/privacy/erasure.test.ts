/** Erased is erased: in the rows, in the files below them, in every list. */

import { randomUUID } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { assign, unassign } from "#api/cases/assign.ts";
import { close, reopen } from "#api/cases/close.ts";
import { countCases, listCases } from "#api/cases/inbox.ts";
import { changeState } from "#api/cases/state.ts";
import { sendReply } from "#api/correspondence/reply.ts";
import { EntryForm } from "#api/entries/forms.ts";
import { addEntry } from "#api/entries/write-entry.ts";
import { eraseCase, eraseFamily, eraseKept, findKept } from "#api/privacy/erase.ts";
import { applyRetention } from "#api/privacy/retention.ts";
import { remind } from "#api/reminders/remind.ts";
import { dayOf } from "#db/calendar/days.ts";
import { connectAsOwner, db, disconnect } from "#db/client.ts";
import { siblingUrl } from "#db/cluster/cluster.ts";
import { isId } from "#db/random/ids.ts";
import { rewriteSealedTables } from "#db/rewrite-tables.ts";
import { erasures } from "#db/schema/erasures.ts";
import { downloadGrants } from "#db/schema/guides.ts";
import { leads } from "#db/schema/leads.ts";
import { mailCounts, subscribers, subscriptions, suppressions } from "#db/schema/mail.ts";
import { tokenForId } from "#db/vault/tokens.ts";
import { addressIndex } from "#emails/addresses.ts";
import { limitKey } from "#emails/limits.ts";
import { confirmSubscription } from "#emails/lists/subscriptions.ts";
import { unsubscribe } from "#emails/lists/unsubscribe.ts";
import { testDatabaseUrl } from "../../database.ts";
import { placesOnDisk, storedBytes } from "../../db/data-files.ts";
import { elements, words } from "../../site/html.ts";
import { codeOf, family, messagesIn, passOf, write } from "../correspondence/families.ts";
import { asProgram, get, type Member, member, postForm, postJson, receive, signIn } from "../requests.ts";

const now = new Date("2026-11-20T03:00:00Z");
const request = { reason: "request", by: null, now } as const;
/** Longer than what PostgreSQL keeps in the row itself. */
const long = "眠れない夜のことを書きます。".repeat(200);
const entry = { happened_at: "2026-11-20T14:30", channel: "phone", from_party: "family", to_party: "staff" };

let manager: Member;
let cookie = "";
beforeAll(async () => {
  manager = await member("manager");
  cookie = await signIn(manager);
});

/** What was stored while `doing` ran. */
async function storedBy<T>(doing: () => Promise<T>): Promise<[T, [string, Buffer][]]> {
  const before = new Set((await storedBytes()).map(([, value]) => value.toString("hex")));
  const result = await doing();
  return [result, (await storedBytes()).filter(([, value]) => !before.has(value.toString("hex")))];
}

const stillStored = async (bytes: [string, Buffer][]) => {
  const stored = new Set((await storedBytes()).map(([, value]) => value.toString("hex")));
  return bytes.filter(([, value]) => stored.has(value.toString("hex"))).map(([place]) => place);
};

/** A family with everything that a case can hold. */
async function wholeFamily(email: string) {
  const said = { message: long, reply_by: "email", email, phone: "086-000-0000", name: "ゆうなぎ", consent: true };
  const answer = await postJson("/api/consultations", said, { headers: { "idempotency-key": randomUUID() } });
  const { reference } = (await answer.json()) as { reference: string };
  const [{ id: caseId } = { id: "" }] = await findKept(email);
  await addEntry(manager, caseId, EntryForm.parse({ ...entry, what: long }));
  await remind(manager, caseId, { what: long.slice(0, 1000), on: dayOf(new Date()) });
  await sendReply(manager, caseId, { reply: long, latest: "", take: true });
  await write(await passOf({ reference, caseId, code: await codeOf(reference) }), "もう少し書きます。");
  return { reference, caseId };
}

/** A neighbour, written before and after, whose rows share the pages. */
const neighbour = () =>
  receive({ message: "となりの家族です。", reply_by: "email", email: `${randomUUID()}@example.jp` });

describe("the data files", () => {
  test("hold a family's key, words and fingerprints before it is erased, and none of them afterwards", async () => {
    await neighbour();
    const [{ reference, caseId }, bytes] = await storedBy(() => wholeFamily("yunagi@example.jp"));
    await neighbour();
    const places = [...new Set(bytes.map(([place]) => place))].toSorted();
    expect(places).toEqual([
      "cases.wrapped_key",
      "consultations.contact",
      "consultations.email_index",
      "consultations.message",
      "consultations.phone_index",
      "consultations.receipt_code",
      "consultations.receipt_code_hash",
      "entries.body",
      "kept_pages.body",
      "kept_pages.correspondence",
      "kept_pages.network",
      "leads.body_hmac",
      "leads.idempotency_hmac",
      "mail_counts.address",
      "messages.body",
      "messages.body_hmac",
      "messages.idempotency_hmac",
      "reminders.body",
    ]);
    // A checkpoint does not write counters, which are unlogged; their file is written when memory is wanted.
    const unlogged = /^(?:mail_counts|kept_pages)\./u;
    expect(await placesOnDisk(bytes)).toEqual(places.filter((place) => !unlogged.test(place)));
    expect(await eraseFamily(reference)).toEqual({ reference, case: caseId, notDone: [] });
    expect(await stillStored(bytes)).toEqual([]);
    expect(await placesOnDisk(bytes)).toEqual([]);
    // Our own server keeps no old log files either.
    expect(await placesOnDisk(bytes, { log: true })).toEqual([]);
    expect((await messagesIn(caseId)).length).toBe(2);
  });

  test("hold nothing of a reader and a guide's address after these are erased, except what bars it from mail", async () => {
    const email = "tsubame@example.jp";
    const [, bytes] = await storedBy(async () => {
      await postJson("/api/subscriptions", { email, consent: true });
      await postJson("/api/downloads", { email, guide: "learning-in-hospital", newsletter: false });
    });
    const before = await placesOnDisk(bytes);
    expect(before).toEqual(
      expect.arrayContaining(["subscribers.email", "subscribers.email_index", "subscribers.wrapped_key"]),
    );
    expect(before).toEqual(
      expect.arrayContaining(["download_grants.email", "download_grants.wrapped_key", "leads.body_hmac"]),
    );
    const kept = await findKept(` ${email.toUpperCase()} `);
    expect(kept.map(({ what, name }) => [what, name])).toEqual([
      ["grant", "learning-in-hospital"],
      ["subscriber", null],
    ]);
    expect(await eraseKept(kept, request)).toEqual([]);
    expect(await stillStored(bytes)).toEqual([]);
    expect(await placesOnDisk(bytes)).toEqual([]);
    expect(await findKept(email)).toEqual([]);
  });

  test("hold nothing of what retention forgets either, and the rows say that it was retention", async () => {
    const email = "sekirei@example.jp";
    const [, bytes] = await storedBy(() => postJson("/api/downloads", { email, guide: "learning-in-hospital" }));
    const [kept] = await findKept(email);
    expect((await placesOnDisk(bytes)).length).toBeGreaterThan(0);
    const later = new Date(Date.now() + 366 * 86_400_000);
    expect(await applyRetention(later)).toMatchObject({ requests: 1 });
    expect(await placesOnDisk(bytes)).toEqual([]);
    const [row] = await db
      .select()
      .from(erasures)
      .where(eq(erasures.whatId, kept?.id ?? ""));
    expect(row).toMatchObject({ what: "grant", reason: "retention", erasedBy: null, erasedAt: later });
  });

  test("the planner keeps no copies of bytes, however often it looks", async () => {
    for (let i = 0; i < 30; i++) await neighbour();
    const owner = connectAsOwner();
    await owner.execute(sql`analyze`);
    const counted = await owner.execute(sql`
      select tablename, attname from pg_stats s join information_schema.columns c
        on (c.table_name, c.column_name) = (s.tablename, s.attname) and c.table_schema = s.schemaname
      where s.schemaname = 'public' and c.data_type = 'bytea'`);
    const others = await owner.execute(sql`select 1 from pg_stats where tablename = 'consultations'`);
    await disconnect(owner);
    expect([counted, others.length > 0]).toEqual([[], true]);
  });

  test("a transaction that may still see the old rows is named, since the copy holds them too", async () => {
    const { caseId } = await neighbour();
    await db.transaction(
      async (tx) => {
        await tx.execute(sql`select count(*) from cases`);
        await eraseCase(caseId, request);
        const done = await rewriteSealedTables({ waitMs: 1 });
        expect(done).toContainEqual({ step: "older transactions", why: "busy" });
        expect(done).toContainEqual({ step: "vacuum cases", why: "busy" }); // locked by what the other has read
      },
      { isolationLevel: "repeatable read" },
    );
    expect(await rewriteSealedTables()).toEqual([]);
  });

  test("so is one that writes in another database of the same server", async () => {
    const { caseId } = await neighbour();
    const elsewhere = connectAsOwner(siblingUrl(inject("clusterUrl"), "postgres"));
    await elsewhere.transaction(async (tx) => {
      await tx.execute(sql`select pg_current_xact_id()`);
      await eraseCase(caseId, request);
      // Waiting 1 ms, a table at which autovacuum looks at that moment is busy, too.
      expect(await rewriteSealedTables({ waitMs: 1 })).toContainEqual({ step: "older transactions", why: "busy" });
    });
    await disconnect(elsewhere);
    expect(await rewriteSealedTables()).toEqual([]);
  });

  test("of a database whose owner is somebody else: it says which steps were not allowed", async () => {
    const owner = connectAsOwner();
    const url = new URL(await testDatabaseUrl());
    await owner.execute(sql`create role erasing_guest login password 'secret'`);
    try {
      const guest = Object.assign(url, { username: "erasing_guest", password: "secret" }).href;
      const notDone = await rewriteSealedTables({ url: guest });
      expect(new Set(notDone.map(({ why }) => why))).toEqual(new Set(["not_allowed"]));
      const steps = notDone.map(({ step }) => step);
      for (const step of ["vacuum cases", "vacuum consultations", "vacuum pg_statistic", "switch log", "checkpoint"])
        expect(steps).toContain(step);
    } finally {
      await owner.execute(sql`drop role erasing_guest`);
      await disconnect(owner);
    }
  });
});

describe("a reader who is erased", () => {
  test("leaves no count of the mails to that address", async () => {
    const email = "tsugumi@example.jp";
    await postJson("/api/subscriptions", { email, consent: true });
    const address = limitKey(addressIndex(email));
    await db.insert(mailCounts).values({ address, kind: "receipt", about: "", countedAt: new Date() });
    await eraseKept(await findKept(email), request);
    expect(await db.select().from(mailCounts).where(eq(mailCounts.address, address))).toEqual([]);
  });

  test("stays barred if they had asked to stop, reads nothing any more, and may ask anew", async () => {
    const email = "hibari@example.jp";
    await postJson("/api/subscriptions", { email, consent: true });
    const [kept] = await findKept(email);
    const [asked] = await db
      .select()
      .from(subscriptions)
      .where(eq(subscriptions.subscriberId, kept?.id ?? ""));
    await confirmSubscription(tokenForId("confirm", asked?.id ?? ""));
    await unsubscribe(tokenForId("unsubscribe", kept?.id ?? ""));
    await eraseKept(kept ? [kept] : [], request);
    const barred = await db.select().from(suppressions);
    expect(barred).toMatchObject([{ emailIndex: addressIndex(email), reason: "request" }]);
    const [row] = await db
      .select()
      .from(subscribers)
      .where(eq(subscribers.id, kept?.id ?? ""));
    expect(row).toMatchObject({ wrappedKey: null, email: null, emailIndex: null });
    await postJson("/api/subscriptions", { email, consent: true });
    const again = await findKept(email);
    expect([again.length, again[0]?.id === kept?.id]).toEqual([1, false]);
  });

  test("who was reading is written to no more, and their confirmation opens nothing", async () => {
    const email = "mozu@example.jp";
    await postJson("/api/subscriptions", { email, consent: true });
    const [kept] = await findKept(email);
    const rowOf = async () =>
      (
        await db
          .select()
          .from(subscriptions)
          .where(eq(subscriptions.subscriberId, kept?.id ?? ""))
      )[0];
    await eraseKept(kept ? [kept] : [], request);
    expect(await rowOf()).toMatchObject({ state: "unsubscribed", unsubscribedAt: now });
    const token = tokenForId("confirm", (await rowOf())?.id ?? "");
    await expect(confirmSubscription(token)).rejects.toMatchObject({ name: "Gone" });
    expect(
      await db
        .select()
        .from(suppressions)
        .where(eq(suppressions.emailIndex, addressIndex(email))),
    ).toEqual([]);
  });
});

describe("why somebody was erased", () => {
  test("is a row: what, for what reason, by whom, when; the first reason stays", async () => {
    const { caseId } = await neighbour();
    await eraseCase(caseId, { reason: "retention", by: null, now });
    await eraseCase(caseId, { reason: "request", by: manager, now: new Date() });
    const rows = await db.select().from(erasures).where(eq(erasures.whatId, caseId));
    expect(rows).toMatchObject([{ what: "case", reason: "retention", erasedBy: null, erasedAt: now }]);
    expect(isId(rows[0]?.id)).toBe(true);
    for (const change of [
      sql`update erasures set reason = 'request'`,
      sql`delete from erasures`,
      sql`truncate erasures`,
    ])
      await expect(db.execute(change)).rejects.toMatchObject({ cause: { code: "42501" } });
  });

  test.each([
    ["request", "ご本人の求めにより", "保管期間が過ぎたため"],
    ["retention", "保管期間が過ぎたため", "ご本人の求めにより"],
  ] as const)("for %s is what staff read", async (reason, told, untold) => {
    const { caseId } = await neighbour();
    await eraseCase(caseId, { reason, by: reason === "request" ? manager : null, now });
    const text = words(await (await get(`/staff/cases/${caseId}`, { cookie })).text());
    expect(text).toContain(told);
    expect(text).not.toContain(untold);
    expect(text).toContain("2026/11/20");
  });
});

describe("an erased family", () => {
  test("stands in no list and no count, wherever it was, and whoever worked on it", async () => {
    const peer = await member("peer");
    const { caseId, reference } = await neighbour();
    await assign(manager, caseId, { staff_id: peer.id });
    await assign(manager, caseId, { staff_id: manager.id });
    const seen = async () => ({
      all: (await listCases(manager, {})).cases.some(({ id }) => id === caseId),
      mine: (await listCases(manager, { mine: true })).cases.some(({ id }) => id === caseId),
      peers: (await listCases(peer, {})).cases.some(({ id }) => id === caseId),
      count: (await countCases(manager)).open?.count ?? 0,
      page: (await (await get("/staff/cases?state=open", { cookie })).text()).includes(reference),
    });
    const before = await seen();
    expect(before).toMatchObject({ all: true, mine: true, peers: true, page: true });
    await eraseCase(caseId, request);
    expect(await seen()).toEqual({ all: false, mine: false, peers: false, count: before.count - 1, page: false });
  });

  test("has a page with what is left, no blanks to fill and no form but the way out", async () => {
    const { caseId } = await receive({ topics: ["respite"], reply_by: "phone", phone: "086-000-0000" });
    await addEntry(manager, caseId, EntryForm.parse({ ...entry, what: "話した。" }));
    await close(manager, caseId, { reason: "settled", version: 1, owed: "not_needed" });
    await eraseCase(caseId, request);
    const html = await (await get(`/staff/cases/${caseId}`, { cookie })).text();
    for (const left of ["預け先・休息", "2026/11/20(金) 14:30", "困りごとが落ち着いた"])
      expect(words(html)).toContain(left);
    for (const gone of ["（未記入）", "期限", "再開する", "話した。"]) expect(words(html)).not.toContain(gone);
    expect(elements(html, "form").map(({ action }) => action)).toEqual(["/staff/search", "/staff/sign-out"]);
  });

  test("is given to nobody, and nothing about it can be changed", async () => {
    const { caseId: id } = await neighbour();
    await assign(manager, id, { staff_id: manager.id });
    await eraseCase(id, request);
    const peer = await member("peer");
    const tries = [
      () => assign(manager, id, { staff_id: peer.id }),
      () => unassign(manager, id, manager.id),
      () => changeState(manager, id, { state: "waiting", version: 3 }),
      () => close(manager, id, { reason: "other", version: 3 }),
      () => reopen(manager, id),
      () => addEntry(manager, id, EntryForm.parse({ ...entry, what: "話した。" })),
    ];
    for (const attempt of tries) await expect(attempt()).rejects.toMatchObject({ name: "Refused" });
    const claimed = await postForm(
      `/staff/cases/${id}/assignments`,
      { staff_id: manager.id },
      { cookie, headers: asProgram },
    );
    expect(claimed.status).toBe(409);
  });
});

test("an address finds all that is kept under it, and what is left out stays", async () => {
  const email = "chidori@example.jp";
  const { reference } = await receive({ reply_by: "email", email });
  const { reference: second } = await receive({ reply_by: "email", email: "Chidori@Example.jp" });
  await postJson("/api/downloads", { email, guide: "learning-in-hospital" });
  const kept = await findKept("ｃｈｉｄｏｒｉ＠example.jp");
  expect(kept.map(({ what, name }) => [what, name])).toEqual([
    ["case", reference],
    ["case", second],
    ["grant", "learning-in-hospital"],
  ]);
  await eraseKept(kept.slice(1), request);
  expect((await findKept(email)).map(({ name }) => name)).toEqual([reference]);
  const [grant] = await db
    .select({ email: downloadGrants.email, bodyHmac: leads.bodyHmac })
    .from(downloadGrants)
    .innerJoin(leads, eq(leads.id, downloadGrants.leadId))
    .where(eq(downloadGrants.id, kept[2]?.id ?? ""));
  expect(grant).toEqual({ email: null, bodyHmac: null });
});

test.each([
  ["as it is printed", (r: string) => r],
  ["without its dash, in small letters", (r: string) => r.replace("-", "").toLowerCase()],
  ["with blanks around it", (r: string) => ` ${r.toLowerCase()}　`],
  [
    "as an IME leaves it",
    (r: string) => r.replaceAll(/[!-~]/gu, (c) => String.fromCodePoint(c.charCodeAt(0) + 0xfee0)),
  ],
])("a reference %s erases its family, and the answer says it as it is printed", async (_, spoken) => {
  const { reference, caseId } = await family();
  expect(await eraseFamily(spoken(reference))).toMatchObject({ reference, case: caseId });
});
