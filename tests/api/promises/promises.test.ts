/** What a promise records: what kept it and who, why it ended, and what opens it again. */

import { and, eq, sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { dueLabel } from "#api/promises/due-label.ts";
import { nothingOwed, owedOf } from "#api/promises/owed.ts";
import { openPromises } from "#api/promises/promises.ts";
import { wallClock } from "#db/calendar/days.ts";
import { db, transaction } from "#db/client.ts";
import { settlePromises } from "#db/promises/settle.ts";
import { newId } from "#db/random/ids.ts";
import { entries } from "#db/schema/cases.ts";
import { consultations } from "#db/schema/consultations.ts";
import { messages } from "#db/schema/messages.ts";
import { promises } from "#db/schema/promises.ts";
import { auditEvents } from "#db/schema/staff.ts";
import { elements, words } from "../../site/html.ts";
import { get, type Member, member, postForm, receive, refusedPage, signIn } from "../requests.ts";
import { type Family, familyThatAsked, happen, november } from "./sequences.ts";

let coordinator: Member;
let cookie = "";
beforeAll(async () => {
  coordinator = await member("coordinator");
  cookie = await signIn(coordinator);
});

const rowsOf = ({ caseId }: Pick<Family, "caseId">) =>
  db.select().from(promises).where(eq(promises.caseId, caseId)).orderBy(promises.madeAt);
const repliesOf = ({ caseId }: Family) =>
  db
    .select()
    .from(messages)
    .where(and(eq(messages.caseId, caseId), sql`staff_id is not null`))
    .orderBy(messages.id);
const trailOf = async (family: Family) => {
  const rows = await db
    .select()
    .from(auditEvents)
    .where(and(eq(auditEvents.noun, "promise"), sql`${auditEvents.detail} ->> 'case' = ${family.caseId}`))
    .orderBy(auditEvents.id);
  return rows.map(({ action, staffId }) => [action, staffId]);
};

describe("a promise", () => {
  test("names the request or the message that it answers, when that came and the day promised", async () => {
    const family = await familyThatAsked("mail", coordinator);
    await happen(family, "17 adds");
    const [consultation] = await db.select().from(consultations).where(eq(consultations.caseId, family.caseId));
    const [added] = await db.select().from(messages).where(eq(messages.caseId, family.caseId));
    const shared = { consultationId: consultation?.id, keptAt: null, endedAt: null, reopenedAt: null };
    expect(await rowsOf(family)).toMatchObject([
      { ...shared, messageId: null, madeAt: november(16), dueDay: "2026-11-19" },
      { ...shared, messageId: added?.id, madeAt: november(17, 1), dueDay: "2026-11-20" },
    ]);
  });

  test("says what kept it, when and who", async () => {
    const [replied, called] = [await familyThatAsked("mail", coordinator), await familyThatAsked("mail", coordinator)];
    await happen(replied, "17 reply");
    await happen(called, "17 call:no_answer, call:spoke, 18 reply");
    const [reply] = await repliesOf(replied);
    const [, call] = await db.select().from(entries).where(eq(entries.caseId, called.caseId)).orderBy(entries.id);
    const by = { keptBy: coordinator.id };
    expect(await rowsOf(replied)).toMatchObject([
      { ...by, keptAt: november(17, 1), keptByReplyId: reply?.id, keptByEntryId: null },
    ]);
    expect(await rowsOf(called)).toMatchObject([
      { ...by, keptAt: november(17, 2), keptByReplyId: null, keptByEntryId: call?.id },
    ]);
    expect(await trailOf(called)).toEqual([["keep", coordinator.id]]);
  });

  test("opens again with its old day when the notice is refused, and remembers that", async () => {
    const family = await familyThatAsked("mail", coordinator);
    await happen(family, "17 reply, 18 notice:failed");
    const [reply] = await repliesOf(family);
    const [row] = await rowsOf(family);
    expect(row).toMatchObject({ keptAt: null, keptByReplyId: null, keptBy: null, dueDay: "2026-11-19" });
    expect(row).toMatchObject({ reopenedAt: november(18, 2), refusedReplyId: reply?.id });
    await happen(family, "18 opens");
    expect(await rowsOf(family)).toMatchObject([{ keptAt: november(18, 1), keptByReplyId: reply?.id }]);
    expect(await trailOf(family)).toEqual([
      ["keep", coordinator.id],
      ["reopen", null],
      ["keep", null],
    ]);
  });

  test("that a person ended says why and who, and nothing that happens later changes it", async () => {
    const family = await familyThatAsked("mail", coordinator);
    await happen(family, "17 ends:prank, 18 reply, call:spoke, notice:failed, erase");
    const by = { endedAt: november(17, 1), endReason: "prank", endedBy: coordinator.id };
    expect(await rowsOf(family)).toMatchObject([{ ...by, keptAt: null }]);
    expect(await trailOf(family)).toEqual([["end", coordinator.id]]);
  });

  test("of an erased family is ended; one that was kept stays so", async () => {
    const [owed, kept] = [await familyThatAsked("mail", coordinator), await familyThatAsked("mail", coordinator)];
    await happen(owed, "17 erase");
    await happen(kept, "17 reply, erase, notice:cancelled");
    expect(await rowsOf(owed)).toMatchObject([{ endReason: "erased", endedBy: coordinator.id, keptAt: null }]);
    expect(await rowsOf(kept)).toMatchObject([{ endReason: null, keptAt: november(17, 1), reopenedAt: null }]);
  });

  test("cannot be deleted by the application", async () => {
    await expect(db.delete(promises)).rejects.toMatchObject({ cause: { code: "42501" } });
  });
});

test("a reply keeps what its page had shown, and nothing that came later", async () => {
  const family = await familyThatAsked("mail", coordinator);
  await happen(family, "17 adds, adds");
  const [first, second] = await db
    .select()
    .from(messages)
    .where(eq(messages.caseId, family.caseId))
    .orderBy(messages.id);
  await transaction(async (tx) => {
    const { caseId, consultationId } = { caseId: family.caseId, consultationId: first?.consultationId ?? "" };
    const reply = { caseId, consultationId, staffId: coordinator.id, body: Buffer.from("x"), readAt: november(18) };
    await tx.insert(messages).values({ id: newId(), ...reply, writtenAt: november(18), shownMessageId: first?.id });
    await settlePromises(tx, caseId, november(18), coordinator);
  });
  expect(await openPromises(db, family.caseId)).toMatchObject([{ messageId: second?.id }]);
});

test("a reply that is opened while its notice is refused is kept, whichever is written first", async () => {
  for (let round = 0; round < 5; round++) {
    const family = await familyThatAsked("mail", coordinator);
    await happen(family, "17 reply");
    await db.execute(
      sql`update deliveries set due_at = now() where about_message_id = ${(await repliesOf(family))[0]?.id}`,
    );
    await Promise.all([happen(family, "18 notice:failed"), happen(family, "18 opens")]);
    expect(await openPromises(db, family.caseId)).toEqual([]);
  }
});

test("of a notice that was sent again the newest mail counts alone", async () => {
  const family = await familyThatAsked("mail", coordinator);
  await happen(family, "17 reply, notice:failed, 18 corrects, notice:failed");
  const [reply] = await repliesOf(family);
  // As if an earlier mail were found to be accepted: it went to the address that was corrected.
  await db.execute(
    sql`update deliveries set state = 'accepted' where about_message_id = ${reply?.id} and resent_from_id is null`,
  );
  await transaction((tx) => settlePromises(tx, family.caseId, november(19), coordinator));
  expect(await openPromises(db, family.caseId)).toHaveLength(1);
});

test("nothing is owed in a case that does not exist", async () => {
  const id = newId();
  expect((await owedOf(db, [id])).get(id) ?? nothingOwed).toEqual(nothingOwed);
  expect(await owedOf(db, [])).toEqual(new Map());
});

test.each([
  ["2026-11-24", "2026-11-20", "あと1日"], // a weekend and a holiday lie between
  ["2026-11-24", "2026-11-22", "あと1日"],
  ["2026-11-26", "2026-11-20", "あと3日"],
  ["2026-11-20", "2026-11-20", "きょうまで"],
  ["2026-11-20", "2026-11-21", "1日超過"], // a Saturday: late, though no business day has passed
  ["2026-11-20", "2026-11-24", "1日超過"],
  ["2026-11-20", "2026-11-26", "3日超過"],
  ["2026-12-28", "2027-01-04", "1日超過"], // the year-end closing
])("due on %s, seen on %s: %s", (due, today, label) => {
  expect(dueLabel(due, today)).toBe(label);
});

describe("on the page of a case", () => {
  const page = (id: string) => `/staff/cases/${id}`;
  const show = async (id: string) => (await get(page(id), { cookie })).text();
  const call = { channel: "phone", from_party: "staff", to_party: "family" };
  const asked = { reply_by: "phone", phone: "086-000-0000" };

  test.each([
    ["state", { state: "waiting", version: "1" }, "waiting"],
    ["closures", { reason: "handed_over", version: "1" }, "closed"],
  ])(
    "%s asks what becomes of what is owed, keeps what was chosen, and takes the answer",
    async (form, fields, state) => {
      const { caseId: id } = await receive(asked);
      const asking = form === "state" ? `${page(id)}/state` : `${page(id)}/close`;
      expect(await (await get(asking, { cookie })).text()).toContain('name="owed"');
      const refused = await postForm(`${page(id)}/${form}`, fields, { cookie });
      const html = (await refusedPage(refused, cookie)) ?? "";
      expect(words(html)).toContain("まだお返事が届いていない約束が1件あります");
      const chosen = elements(html, "input").filter((tag) => "checked" in tag);
      expect(chosen.map(({ value }) => value)).toContain(Object.values(fields)[0]);
      expect(html).toContain('id="owed"');
      const unanswered = await postForm(`${page(id)}/${form}`, { ...fields, owed: "" }, { cookie });
      expect(await refusedPage(unanswered, cookie)).toContain("error-summary");
      const done = await postForm(`${page(id)}/${form}`, { ...fields, owed: "other_desk" }, { cookie });
      expect(done.status).toBe(303);
      expect(await db.execute(sql`select state from cases where id = ${id}`)).toEqual([{ state }]);
      expect(await rowsOf({ caseId: id })).toMatchObject([{ endReason: "other_desk", endedBy: coordinator.id }]);
    },
  );

  test("what is owed is said with its reason, and can be ended with one", async () => {
    const { caseId: id } = await receive(asked);
    const html = words(await show(id));
    expect(html).toContain("こちらの番");
    expect(html).toContain("きょうのご相談に、まだお返事が届いていません。");
    const unsaid = await postForm(`${page(id)}/promises/end`, { reason: "", version: "1" }, { cookie });
    expect(await refusedPage(unsaid, cookie)).toContain("error-summary");
    const ended = await postForm(`${page(id)}/promises/end`, { reason: "unreachable", version: "1" }, { cookie });
    expect(ended.headers.get("location")).toBe(`${page(id)}?done=promise_ended`);
    expect(words(await show(id))).not.toContain("こちらの番");
  });

  test("an entry says whether somebody was reached; a mail and a note have nothing to say of it", async () => {
    const { caseId: id } = await receive(asked);
    const entry = (fields: Record<string, string>) =>
      postForm(
        `${page(id)}/entries`,
        { ...call, happened_at: wallClock(new Date()), what: "かけた。", ...fields },
        { cookie },
      );
    for (const channel of ["email", "note"]) {
      const refused = (await refusedPage(await entry({ channel, outcome: "spoke" }), cookie)) ?? "";
      expect(refused).toContain("error-summary");
      // The form of a note does not ask for it.
      expect(refused.includes('href="#entries-outcome"')).toBe(channel === "email");
      expect((await entry({ channel, outcome: "" })).status).toBe(303);
    }
    expect(await refusedPage(await entry({ outcome: "gone" }), cookie)).toContain("error-summary");
    const ahead = await entry({ outcome: "spoke", happened_at: "2099-01-01T10:00" });
    expect(await refusedPage(ahead, cookie)).toContain('href="#entries-happened_at"');
    expect((await entry({ outcome: "left_message" })).status).toBe(303);
    expect(words(await show(id))).toContain("では伝言をお願いしました");
    expect(await openPromises(db, id)).toHaveLength(1);
    expect((await entry({ outcome: "spoke" })).status).toBe(303);
    expect(words(await show(id))).toContain("話せた");
    expect(await openPromises(db, id)).toEqual([]);
  });
});
