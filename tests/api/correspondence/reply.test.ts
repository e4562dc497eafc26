/** What staff write back, what the inbox counts as owed, and how a lost code is replaced. */

import { and, eq } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { assign } from "#api/cases/assign.ts";
import { close } from "#api/cases/close.ts";
import { listCases } from "#api/cases/inbox.ts";
import { addEntry } from "#api/entries/write-entry.ts";
import { eraseFamily } from "#api/privacy/erase.ts";
import { replyByDate } from "#db/calendar/calendar.ts";
import { dayAfter, dayOf, formatDay } from "#db/calendar/days.ts";
import { db } from "#db/client.ts";
import { env } from "#db/env.ts";
import { consultations } from "#db/schema/consultations.ts";
import { deliveries } from "#db/schema/mail.ts";
import { promises } from "#db/schema/promises.ts";
import { everything, get, type Member, member, postForm, refusedPage, signIn, trailOf } from "../requests.ts";
import { come, type Family, family, messagesIn, passOf, stateOf, write } from "./families.ts";

const canary = "カナリヤへのお返事";
const byMail = { reply_by: "email", email: "hana@example.jp" };

let coordinator: Member;
let cookie: string;
beforeAll(async () => {
  coordinator = await member("coordinator");
  cookie = await signIn(coordinator);
});

const pageOf = ({ caseId }: Family) => `/staff/cases/${caseId}`;
const show = async (who: Family, asker = cookie) => (await get(pageOf(who), { cookie: asker })).text();
const latestIn = (html: string) => /name="latest" value="([^"]*)"/u.exec(html)?.[1] ?? "";
const reply = (who: Family, text: string, latest: string) =>
  postForm(`${pageOf(who)}/replies`, { reply: text, latest, take: "true" }, { cookie });
const noticesOf = ({ caseId }: Family) =>
  db
    .select({ id: deliveries.id, about: deliveries.aboutMessageId })
    .from(deliveries)
    .innerJoin(consultations, eq(consultations.leadId, deliveries.leadId))
    .where(and(eq(consultations.caseId, caseId), eq(deliveries.kind, "reply_notice")));

describe("a reply", () => {
  test("is sealed, makes the case wait for the family, is announced by mail, and shows when it was read", async () => {
    const who = await family(byMail);
    const sent = await reply(who, canary, latestIn(await show(who)));
    expect([sent.status, sent.headers.get("location")]).toEqual([303, `${pageOf(who)}?done=replied`]);
    expect(await stateOf(who.caseId)).toBe("waiting");
    const [kept] = await messagesIn(who.caseId);
    expect(kept).toMatchObject({ staffId: coordinator.id, replyByDate: null, readAt: null });
    expect(await noticesOf(who)).toEqual([{ id: expect.any(String), about: kept?.id }]);
    expect(await trailOf(kept?.id ?? "")).toEqual([
      { action: "reply", staffId: coordinator.id, detail: { case: who.caseId, from: "new" } },
    ]);
    const stored = await everything();
    expect(stored).not.toContain(canary);
    expect(stored).not.toContain(Buffer.from(canary).toString("hex"));

    expect(await show(who)).toContain("まだ読まれていません");
    expect(await (await come(who)).text()).toContain(canary);
    expect(await show(who)).toContain("に読まれました");
  });

  test.each([
    ["an address but a wish for a call", { reply_by: "phone", phone: "086-000-0000", email: "hana@example.jp" }],
    ["no wish for an answer", { reply_by: "none", email: "hana@example.jp" }],
  ])("to a family with %s sends no mail, and says so beforehand", async (_, said) => {
    const who = await family(said);
    const html = await show(who);
    expect(html).toContain("お知らせのメールは送られません");
    await reply(who, canary, latestIn(html));
    expect(await noticesOf(who)).toEqual([]);
  });

  test("written before the family's newest words were seen is refused, with the text kept", async () => {
    const who = await family(byMail);
    const latest = latestIn(await show(who));
    await write(await passOf(who), "やはり急いでいます。");
    const refused = await reply(who, canary, latest);
    const html = (await refusedPage(refused, cookie)) ?? "";
    expect(html).toContain("書き足しが届きました");
    expect(html).toContain("やはり急いでいます。");
    expect(html).toMatch(new RegExp(`<textarea[^>]*>${canary}`, "u"));
    expect((await reply(who, canary, latestIn(html))).status).toBe(303);
  });

  test("sent twice at once is one", async () => {
    const who = await family(byMail);
    const latest = latestIn(await show(who));
    const answers = await Promise.all([reply(who, canary, latest), reply(who, canary, latest)]);
    const refused = await Promise.all(answers.map((answer) => refusedPage(answer, cookie)));
    expect(refused.filter((html) => html === undefined)).toHaveLength(1);
    expect(await messagesIn(who.caseId)).toHaveLength(1);
    expect(await noticesOf(who)).toHaveLength(1);
  });

  test("to a case that has ended is refused; to an erased family there is no form", async () => {
    const who = await family();
    await close(coordinator, who.caseId, { reason: "settled", version: 1 });
    expect(await refusedPage(await reply(who, canary, ""), cookie)).toContain("先に再開してください");
    const erased = await family();
    await write(await passOf(erased), "消してください。");
    await eraseFamily(erased.reference);
    const html = await show(erased);
    expect(html).not.toContain('name="reply"');
    expect(html).not.toContain("消してください。");
    expect((await reply(erased, canary, "")).status).toBe(409);
  });

  test("without words is asked for again", async () => {
    const again = await reply(await family(), " ", "");
    expect(await refusedPage(again, cookie)).toContain("お返事を入力してください。");
  });

  test("that comes after its session ended is handed back", async () => {
    const who = await family();
    const answer = await postForm(
      `${pageOf(who)}/replies`,
      { reply: canary, latest: "" },
      { headers: { referer: env.PUBLIC_ORIGIN + pageOf(who) } },
    );
    expect(answer.status).toBe(401);
    expect(await answer.text()).toContain(canary);
    expect(await messagesIn(who.caseId)).toEqual([]);
  });

  test.each([
    ["en", "英語で書いてください"],
    ["easy", "やさしい日本語で書いてください"],
  ])("to a form in %s is asked for in its language", async (locale, sentence) => {
    expect(await show(await family({ locale }))).toContain(sentence);
    expect(await show(await family())).not.toContain(sentence);
  });
});

test("a peer reads no correspondence, neither on the page nor behind it", async () => {
  const peer = await member("peer");
  const who = await family();
  await assign(coordinator, who.caseId, { staff_id: peer.id });
  await write(await passOf(who), "ピアには見せないことば");
  const html = await show(who, await signIn(peer));
  expect(html).not.toContain("最初の相談です。");
  expect(html).not.toContain("ピアには見せないことば");
  expect(html).not.toContain('name="reply"');
});

describe("what the inbox counts as owed", () => {
  const rowOf = async ({ caseId }: Family, now = new Date()) =>
    (await listCases(coordinator, {}, now)).cases.find(({ id }) => id === caseId);
  const owedTo = async (who: Family, now = new Date()) => {
    const { open = [], dueDay, isOverdue } = (await rowOf(who, now))?.owed ?? {};
    return { added: open.some(({ messageId }) => messageId !== null), dueDay, isOverdue };
  };
  const today = () => dayOf(new Date());
  const promised = () => replyByDate(new Date());

  test("a family's addition, with its own day, until a reply or a call in which we spoke", async () => {
    const who = await family();
    expect(await owedTo(who)).toEqual({ added: false, dueDay: null, isOverdue: false });
    for (const settle of [
      async () => void (await reply(who, canary, latestIn(await show(who)))),
      async () =>
        void (await addEntry(coordinator, who.caseId, {
          happened_at: new Date(),
          channel: "phone",
          from_party: "staff",
          to_party: "family",
          outcome: "spoke",
          what: "電話で答えた。",
        })),
    ]) {
      await write(await passOf(who), "もうひとつ聞きたいです。");
      expect(await owedTo(who)).toEqual({ added: true, dueDay: promised(), isOverdue: false });
      const late = new Date(`${dayAfter(promised())}T03:00:00Z`);
      expect((await owedTo(who, late))?.isOverdue).toBe(true);
      const { state = "new" } = (await rowOf(who)) ?? {};
      expect(await show(who)).toContain(`お返事の約束（${formatDay(promised())}まで）。まだ届いていません`);
      const inbox = await (await get(`/staff/cases?state=${state}`, { cookie })).text();
      expect(inbox.slice(inbox.indexOf(who.reference)).split("</tr>")[0]).toContain("書き足し");
      await settle();
      expect(await owedTo(who)).toMatchObject({ added: false, dueDay: null });
    }
  });

  test("the first request's day while it is the earlier one; a reply settles both", async () => {
    const who = await family(byMail);
    const first = dayAfter(today(), -1);
    await db.update(promises).set({ dueDay: first }).where(eq(promises.caseId, who.caseId));
    await write(await passOf(who), "書き足します。");
    expect(await owedTo(who)).toMatchObject({ added: true, dueDay: first, isOverdue: true });
    await reply(who, canary, latestIn(await show(who)));
    expect(await owedTo(who)).toMatchObject({ added: false, dueDay: null, isOverdue: false });
  });

  test("after a reply and a new addition, only the addition", async () => {
    const who = await family(byMail);
    const first = dayAfter(today(), -1);
    await db.update(promises).set({ dueDay: first }).where(eq(promises.caseId, who.caseId));
    await reply(who, canary, latestIn(await show(who)));
    await write(await passOf(who), "書き足します。");
    expect(await stateOf(who.caseId)).toBe("open");
    expect(await owedTo(who)).toMatchObject({ added: true, dueDay: promised() });
  });
});

describe("a lost code", () => {
  const replace = (who: Family, fields = {}) => postForm(`${pageOf(who)}/receipt-code`, fields, { cookie });
  const codeIn = (html: string) => /[2-9A-Z]{4}-[2-9A-Z]{3}-[2-9A-Z]{3}/u.exec(html)?.[0] ?? "";

  test("is replaced only after a check, shown in the answer alone, and the old one is dead", async () => {
    const who = await family();
    const unchecked = await replace(who);
    expect(await refusedPage(unchecked, cookie)).toContain("本人と確かめてから");
    expect((await come(who)).status).toBe(200);

    const replaced = await replace(who, { checked: "true" });
    expect([replaced.status, replaced.headers.get("cache-control")]).toEqual([200, "no-store"]);
    const code = codeIn(await replaced.text());
    expect(code).not.toBe("");
    expect(codeIn(await show(who))).toBe("");
    expect(await everything()).not.toContain(code);
    expect((await come(who)).status).toBe(422);
    expect((await come({ ...who, code })).status).toBe(200);
    expect((await trailOf(who.caseId)).map(({ action }) => action)).toContain("replace_receipt_code");
  });

  test("of an erased family is not replaced", async () => {
    const who = await family();
    await eraseFamily(who.reference);
    expect((await replace(who, { checked: "true" })).status).toBe(409);
  });
});
