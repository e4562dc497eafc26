import { randomUUID } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { assign, unassign } from "#api/cases/assign.ts";
import { openCase } from "#api/cases/case.ts";
import { close, reopen } from "#api/cases/close.ts";
import { countCases, listCases } from "#api/cases/inbox.ts";
import { changeState } from "#api/cases/state.ts";
import { EntryForm } from "#api/entries/forms.ts";
import { addEntry } from "#api/entries/write-entry.ts";
import { openCaseAsPeer } from "#api/peers/peer-case.ts";
import { eraseFamily } from "#api/privacy/erase.ts";
import { db } from "#db/client.ts";
import { env } from "#db/env.ts";
import { cases, entries } from "#db/schema/cases.ts";
import { auditEvents, staff } from "#db/schema/staff.ts";
import { elements, words } from "../../site/html.ts";
import {
  everything,
  type Fields,
  get,
  type Member,
  member,
  postForm,
  receive,
  refusedPage,
  signIn,
  trailOf,
} from "../requests.ts";

let manager: Member;
let coordinator: Member;
let peer: Member;
let cookie = "";
beforeAll(async () => {
  [manager, coordinator, peer] = [await member("manager"), await member("coordinator"), await member("peer")];
  cookie = await signIn(coordinator);
});

const entry = {
  happened_at: "2026-11-20T14:30",
  channel: "phone",
  from_party: "family",
  to_party: "staff",
  what: "話を聞いた。",
} as const;
const rowOf = async (id: string) => (await db.select().from(cases).where(eq(cases.id, id)))[0];
const actions = async (id: string) =>
  (await trailOf(id)).map(({ action, staffId, detail }) => [action, staffId, detail]);

describe("the life of a case", () => {
  test("from new to closed and open again, every step in the trail", async () => {
    const { caseId: id } = await receive();
    await assign(manager, id, { staff_id: coordinator.id });
    await assign(manager, id, { staff_id: coordinator.id });
    await changeState(coordinator, id, { state: "waiting", version: 2 });
    await close(coordinator, id, { reason: "settled", version: 3 });
    await reopen(manager, id);
    await unassign(manager, id, coordinator.id);
    expect(await rowOf(id)).toMatchObject({ state: "open", version: 5 });
    expect(await actions(id)).toEqual([
      ["receive", null, {}],
      ["assign", manager.id, { to: coordinator.id }],
      ["change_state", coordinator.id, { from: "open", to: "waiting" }],
      ["close", coordinator.id, { reason: "settled" }],
      ["reopen", manager.id, {}],
      ["unassign", manager.id, { from: coordinator.id }],
    ]);
    const seen = await openCase(manager, id);
    expect(seen.assignments).toEqual([]);
    expect(seen.closures).toMatchObject([
      { by: coordinator.name, closure: { reason: "settled", reopenedBy: manager.id } },
    ]);
    expect((await actions(id)).at(-1)).toEqual(["view", manager.id, {}]);
  });

  const refusals: [string, (id: string) => Promise<unknown>, string][] = [
    ["a state for a closed case", (id) => changeState(manager, id, { state: "open", version: 2 }), "Refused"],
    ["closing twice", (id) => close(manager, id, { reason: "other", version: 2 }), "Refused"],
    ["reopening what is open", async (id) => (await reopen(manager, id), reopen(manager, id)), "Refused"],
    [
      "a case for somebody who may see none",
      async (id) => assign(manager, id, { staff_id: (await member("analyst")).id }),
      "Refused",
    ],
    ["a case for nobody", (id) => assign(manager, id, { staff_id: randomUUID() }), "NotFound"],
    ["taking it from who never had it", (id) => unassign(manager, id, peer.id), "NotFound"],
    ["an old version", (id) => close(manager, id, { reason: "other", version: 1 }), "Refused"],
  ];
  test.each(refusals)("%s is refused and leaves no trace", async (_, doing, error) => {
    const { caseId: id } = await receive();
    await close(manager, id, { reason: "settled", version: 1 });
    const before = await actions(id);
    await expect(doing(id)).rejects.toMatchObject({ name: error });
    expect((await actions(id)).filter(([action]) => action !== "reopen")).toEqual(before);
  });

  test("somebody disabled gets no case, and is not offered", async () => {
    const { caseId: id } = await receive();
    const gone = await member("coordinator");
    await db
      .update(staff)
      .set({ disabledAt: sql`now()` })
      .where(eq(staff.id, gone.id));
    await expect(assign(manager, id, { staff_id: gone.id })).rejects.toMatchObject({ name: "NotFound" });
    const html = await (await get(`/staff/cases/${id}`, { cookie })).text();
    const offered = elements(html, "option").map(({ value }) => value);
    expect([offered.includes(peer.id), offered.includes(gone.id)]).toEqual([true, false]);
  });

  test("of two who change it at once, one is told", async () => {
    const { caseId: id } = await receive();
    const forms = (["open", "waiting", "open", "waiting"] as const).map((state) =>
      changeState(manager, id, { state, version: 1 }),
    );
    const done = await Promise.allSettled(forms);
    expect(done.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected", "rejected", "rejected"]);
    expect((await rowOf(id))?.version).toBe(2);
  });
});

describe("the journal", () => {
  test("keeps when, who, whom and what; words only sealed", async () => {
    const { caseId: id } = await receive();
    const form = EntryForm.parse({ ...entry, who: "カナリヤ母", whom: "カナリヤ担当", what: "カナリヤの\r\n話 𠮷" });
    const entryId = await addEntry(coordinator, id, form);
    const [read] = (await openCase(manager, id)).entries;
    expect(read).toMatchObject({
      happenedAt: new Date("2026-11-20T05:30:00Z"),
      channel: "phone",
      fromParty: "family",
      toParty: "staff",
      author: coordinator.name,
      body: { who: "カナリヤ母", whom: "カナリヤ担当", what: "カナリヤの\n話 𠮷" },
    });
    const stored = await everything();
    for (const word of ["カナリヤ", Buffer.from("カナリヤ").toString("hex")]) expect(stored.includes(word)).toBe(false);
    expect(await actions(entryId)).toEqual([["write", coordinator.id, { case: id }]]);
  });

  test("an entry cannot be moved to another case", async () => {
    const [one, other] = [await receive(), await receive()];
    const id = await addEntry(manager, one.caseId, EntryForm.parse(entry));
    await db.update(entries).set({ caseId: other.caseId }).where(eq(entries.id, id));
    await expect(openCase(manager, other.caseId)).rejects.toThrow();
  });

  test("takes the longest entry a person may write, as their browser sends it", async () => {
    const { caseId: id } = await receive();
    const what = "長".repeat(10_000);
    expect((await postForm(`/staff/cases/${id}/entries`, { ...entry, what }, { cookie })).status).toBe(303);
    expect((await openCase(manager, id)).entries[0]?.body.what).toBe(what);
  });

  test.each([
    ["31 September", { happened_at: "2026-09-31T10:00" }, ["happened_at"]],
    ["29 February of a common year", { happened_at: "2027-02-29T10:00" }, ["happened_at"]],
    ["25 o'clock", { happened_at: "2026-11-20T25:00" }, ["happened_at"]],
    ["a year no calendar has", { happened_at: "0000-01-01T00:00" }, ["happened_at"]],
    ["seconds and a zone", { happened_at: "2026-11-20T10:00:00Z" }, ["happened_at"]],
    ["no time", { happened_at: "" }, ["happened_at"]],
    ["unknown codes", { channel: "fax", from_party: "x", to_party: "y" }, ["channel", "from_party", "to_party"]],
    ["a day to come", { happened_at: "2099-01-01T10:00" }, ["happened_at"]],
    // A note shows no day, and no page shows a field that is unknown.
    ["a note of a day to come", { happened_at: "2099-01-01T10:00", channel: "note" }, []],
    ["no words", { what: " \n" }, ["what"]],
    ["no words, though somebody was spoken to", { what: "", outcome: "spoke" }, ["what"]],
    ["too many", { what: "長".repeat(10_001) }, ["what"]],
    ["control characters", { what: "a\u0000", who: "b\u0007" }, ["who", "what"]],
    ["an unknown field", { odd: "1" }, []],
  ])("%s: told at the field, all else kept", async (_, change, fields) => {
    const { caseId: id } = await receive();
    const typed: Fields = { ...entry, who: "だれか & 家族", what: "ここまで書いた", ...change };
    const answer = await postForm(`/staff/cases/${id}/entries`, typed, { cookie });
    const html = (await refusedPage(answer, cookie)) ?? "";
    expect(html).toContain('class="error-summary"');
    const links = elements(html, "a")
      .map(({ href = "" }) => href)
      .filter((href) => href.startsWith("#entries-"));
    expect(links).toEqual(fields.map((field) => `#entries-${field}`));
    if (!("what" in change)) expect(html).toContain("ここまで書いた</textarea>");
    expect((await openCase(manager, id)).entries).toEqual([]);
  });
});

test("a call that nobody answered needs no words", async () => {
  const { caseId: id } = await receive();
  const call = { ...entry, from_party: "staff", to_party: "family", what: "", outcome: "no_answer" };
  expect((await postForm(`/staff/cases/${id}/entries`, call, { cookie })).status).toBe(303);
  expect((await openCase(manager, id)).entries).toMatchObject([{ outcome: "no_answer", body: { what: "" } }]);
});

describe("two people at one case", () => {
  test("the later one sees both, with what they chose still chosen, and may choose again", async () => {
    const { caseId: id } = await receive();
    await changeState(manager, id, { state: "open", version: 1 });
    const late = await postForm(`/staff/cases/${id}/closures`, { reason: "handed_over", version: "1" }, { cookie });
    const html = (await refusedPage(late, cookie)) ?? "";
    expect(words(html)).toMatch(/見本 managerさんが \d\d:\d\d に状態を「対応中」に変えました/u);
    const chosen = elements(html, "input")
      .filter((tag) => "checked" in tag)
      .map(({ value }) => value);
    expect(chosen).toEqual(["handed_over"]);
    const version = elements(html, "input").find(({ name }) => name === "version")?.["value"] ?? "";
    const again = await postForm(`/staff/cases/${id}/closures`, { reason: "handed_over", version }, { cookie });
    expect([again.status, (await rowOf(id))?.state]).toEqual([303, "closed"]);
  });

  test.each(["", "x", "0", "-1", "1.5", "9".repeat(400)])("version %j is asked for again", async (version) => {
    const { caseId: id } = await receive();
    const answer = await postForm(`/staff/cases/${id}/state`, { state: "open", version }, { cookie });
    expect(await refusedPage(answer, cookie)).toContain("error-summary");
  });
});

describe("who sees what", () => {
  test("a peer sees the cases given to them, without a way to reach the family, as long as they have them", async () => {
    const contact = { name: "はな", email: "hana.secret@example.jp", phone: "090-7777-0002", reply_by: "email" };
    const [mine, others] = [await receive(contact), await receive()];
    await assign(manager, mine.caseId, { staff_id: peer.id });
    const listed = async () => (await listCases(peer, {})).cases.map(({ id }) => id);
    expect(await listed()).toEqual([mine.caseId]);
    expect((await countCases(peer)).open?.count).toBe(1);
    const theirs = await signIn(peer);
    const html = await (await get(`/staff/cases/${mine.caseId}`, { cookie: theirs })).text();
    expect(html).toContain("はな");
    for (const secret of ["hana.secret", "7777"]) expect(html).not.toContain(secret);
    expect(elements(html, "form").map(({ action }) => action)).toEqual([
      "/staff/search",
      "/staff/sign-out",
      `/staff/cases/${mine.caseId}/entries`,
    ]);
    expect(await (await get("/staff", { cookie: theirs })).text()).not.toContain(others.reference);
    await unassign(manager, mine.caseId, peer.id);
    expect(await listed()).toEqual([]);
    expect((await get(`/staff/cases/${mine.caseId}`, { cookie: theirs })).status).toBe(404);
    await expect(addEntry(peer, mine.caseId, EntryForm.parse(entry))).rejects.toMatchObject({ name: "NotFound" });
  });

  test("no view is without its trace, and a refused one leaves none", async () => {
    const { caseId: id } = await receive();
    await get(`/staff/cases/${id}`, { cookie });
    await expect(openCaseAsPeer(peer, id)).rejects.toMatchObject({ name: "NotFound" });
    expect((await actions(id)).filter(([action]) => action === "view")).toEqual([["view", coordinator.id, {}]]);
  });

  test("the inbox is paged without gaps, and odd requests wait apart", async () => {
    const odd = await receive({ message: "http://a http://b http://c", website: "x" });
    const made: string[] = [];
    for (let i = 0; i < 55; i++) made.push((await receive()).caseId);
    for (const state of [undefined, "new"] as const) {
      const seen: string[] = [];
      let after: string | undefined;
      do {
        const page = await listCases(manager, { state, needsReview: false, after });
        seen.push(...page.cases.map(({ id }) => id));
        after = page.next;
      } while (after !== undefined);
      expect(new Set(seen).size).toBe(seen.length);
      expect(made.filter((id) => !seen.includes(id))).toEqual([]);
      expect(seen).not.toContain(odd.caseId);
    }
    const html = await (await get("/staff/cases?check=1", { cookie })).text();
    expect(html).toContain(odd.reference);
    expect(words(await (await get("/staff", { cookie })).text())).toContain("確認が必要");
  });

  test("what is late is said to be, until somebody answers", async () => {
    const { caseId } = await receive({ reply_by: "phone", phone: "086-000-0000" });
    const at = async (day: string) => {
      const { cases: rows } = await listCases(
        manager,
        { state: undefined, needsReview: false },
        new Date(`${day}T03:00:00Z`),
      );
      return rows.find(({ id }) => id === caseId);
    };
    const due = (await at("2026-01-01"))?.owed.dueDay ?? "";
    const next = new Date(Date.parse(due) + 86_400_000).toISOString().slice(0, 10);
    expect([(await at(due))?.owed.isOverdue, (await at(next))?.owed.isOverdue]).toEqual([false, true]);
    const { caseId: unasked } = await receive();
    expect(
      (await listCases(manager, {}, new Date(`${next}T03:00:00Z`))).cases.find(({ id }) => id === unasked),
    ).toMatchObject({ owed: { isOverdue: false } });
    // Giving it to someone answers nobody, nor does a call of theirs; a call in which we reach them does.
    await assign(manager, caseId, { staff_id: coordinator.id });
    expect((await at(next))?.owed.isOverdue).toBe(true);
    await addEntry(coordinator, caseId, EntryForm.parse(entry));
    expect((await at(next))?.owed.isOverdue).toBe(true);
    const call = { ...entry, from_party: "staff", to_party: "family", outcome: "spoke" };
    await addEntry(coordinator, caseId, { ...EntryForm.parse(call), happened_at: new Date() });
    expect((await at(next))?.owed.isOverdue).toBe(false);
  });

  test.each([
    "?after=x",
    "?after=%00",
    "?state=toString",
    "?state=%27",
    "?state=closed&mine=1&check=1",
    "?done=constructor",
  ])("/staff/cases%s is a page", async (query) => {
    const answer = await get(`/staff/cases${query}`, { cookie });
    expect(answer.status).toBe(200);
    expect(await answer.text()).not.toMatch(/function|\[object/u);
  });

  test("a case's page says nothing of a part of the language", async () => {
    const { caseId: id } = await receive();
    const html = await (await get(`/staff/cases/${id}?done=constructor`, { cookie })).text();
    expect(html).not.toMatch(/function|\[object/u);
  });
});

describe("the trail", () => {
  test.each([
    ["changed", sql`update audit_events set action = 'x'`],
    ["deleted", sql`delete from audit_events`],
    ["emptied", sql`truncate audit_events`],
    ["dropped", sql`drop table audit_events`],
  ])("cannot be %s by the application", async (_, statement) => {
    const [before] = await db.select({ count: sql<number>`count(*)::int` }).from(auditEvents);
    await expect(db.execute(statement)).rejects.toMatchObject({ cause: { code: "42501" } });
    expect(await db.select({ count: sql<number>`count(*)::int` }).from(auditEvents)).toEqual([before]);
  });
});

describe("an erased case", () => {
  test("shows its dates and codes alone, keeps its trail, and takes no more entries", async () => {
    const { caseId: id, reference } = await receive({
      message: "消してほしい話",
      name: "ゆうなぎ",
      topics: ["respite"],
    });
    await addEntry(manager, id, EntryForm.parse(entry));
    expect(await eraseFamily(` ${reference.toLowerCase()} `, manager)).toMatchObject({ case: id });
    const html = await (await get(`/staff/cases/${id}`, { cookie })).text();
    expect(words(html)).toContain("消去されています");
    expect(words(html)).toContain("預け先・休息");
    for (const gone of ["消してほしい話", "ゆうなぎ", "話を聞いた"]) expect(html).not.toContain(gone);
    expect((await postForm(`/staff/cases/${id}/entries`, entry, { cookie })).status).toBe(409);
    expect((await actions(id)).map(([action]) => action)).toEqual(["receive", "erase", "view"]);
    expect((await db.select().from(entries).where(eq(entries.caseId, id))).length).toBe(1);
  });

  test("an unknown reference erases nothing", async () => {
    await expect(eraseFamily("0000-0000")).rejects.toMatchObject({ name: "NotFound" });
  });
});

test("a journal entry that comes after its session ended is handed back, not lost", async () => {
  const { caseId } = await receive();
  const what = "電話で 40 分お話をうかがった。\n来週また電話する。";
  const fields = { what, happened_at: "2026-11-20T10:00", channel: "phone", from_party: "staff", to_party: "family" };
  const answer = await postForm(`/staff/cases/${caseId}/entries`, fields, {
    headers: { referer: `${env.PUBLIC_ORIGIN}/staff/cases/${caseId}` },
  });
  const html = await answer.text();
  expect(answer.status).toBe(401);
  expect(html).toContain(what);
  expect(html).toContain(`name="next" value="/staff/cases/${caseId}"`);
  expect(await db.$count(entries, eq(entries.caseId, caseId))).toBe(0);
  const button = await postForm(`/staff/cases/${caseId}/reopen`, {});
  expect([button.status, (await button.text()).includes("まだ行われていません")]).toEqual([401, true]);
});
