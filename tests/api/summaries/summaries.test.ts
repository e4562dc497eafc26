/** The monthly summary of the keyword report by mail: to those who want it, once for each person and month. */

import { eq, sql } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { disableStaff } from "#api/staff/disable.ts";
import { summaryFigures } from "#api/summaries/figures.ts";
import { chooseSummary, wantsSummary } from "#api/summaries/readers.ts";
import { sendSummaries } from "#api/summaries/send.ts";
import { connectAsOwner, db, disconnect } from "#db/client.ts";
import { env } from "#db/env.ts";
import { Forbidden } from "#db/errors.ts";
import { deliveries } from "#db/schema/mail.ts";
import { staff } from "#db/schema/staff.ts";
import { summaryMails, summaryReaders } from "#db/schema/summaries.ts";
import { reviewThreshold } from "#db/terms/consultation.ts";
import { compose } from "#emails/outbox/compose.ts";
import { empty, exported, landed, take, wrote } from "../../analytics/fixtures.ts";
import { elements } from "../../site/html.ts";
import { asProgram, get, member, type Member, postForm, signIn } from "../requests.ts";

beforeEach(async () => {
  for (const table of [summaryMails, summaryReaders, deliveries]) await db.delete(table);
  await empty();
});

/** A time of the clock in Tokyo. */
const tokyo = (time: string) => new Date(`${time}:00+09:00`);

async function reader(role: "manager" | "analyst" = "analyst", since = "2026-09-20T10:00"): Promise<Member> {
  const who = await member(role);
  await chooseSummary(who, true, tokyo(since));
  return who;
}

const mailsTo = async ({ id }: Member) => {
  const rows = await db.select().from(deliveries).where(eq(deliveries.staffId, id)).orderBy(deliveries.id);
  return Promise.all(rows.map((row) => compose({ ...row, attempts: 1 })));
};
const monthsOf = async ({ id }: Member) =>
  (await db.select().from(summaryMails).where(eq(summaryMails.staffId, id))).map(({ month }) => month).toSorted();

describe("who and when", () => {
  test("nobody, until they ask for it", async () => {
    const who = await member("manager");
    expect(await wantsSummary(who)).toBe(false);
    expect(await sendSummaries(tokyo("2026-11-03T09:00"))).toEqual({ mails: 0 });
  });

  test("on the 3rd at 9:00 in Tokyo, once, and again the month after", async () => {
    const [one, other] = [await reader("analyst"), await reader("manager")];
    const runs = [];
    for (const time of [
      ...["2026-10-03T09:00", "2026-11-01T00:00", "2026-11-03T08:59", "2026-11-03T09:00", "2026-11-03T10:00"],
      ...["2026-12-03T08:59", "2026-12-03T09:00", "2026-12-31T23:00", "2027-01-03T09:00"],
    ])
      runs.push((await sendSummaries(tokyo(time))).mails);
    expect(runs).toEqual([2, 0, 0, 2, 0, 0, 2, 0, 2]);
    for (const who of [one, other])
      expect(await monthsOf(who)).toEqual(["2026-09-01", "2026-10-01", "2026-11-01", "2026-12-01"]);
  });

  test("after an outage late; and none of before somebody asked for it", async () => {
    const who = await reader("analyst", "2026-11-03T09:00");
    const late = await reader("analyst", "2026-11-03T09:01");
    expect(await sendSummaries(tokyo("2026-12-02T12:00"))).toEqual({ mails: 1 });
    expect([await monthsOf(who), await monthsOf(late)]).toEqual([["2026-10-01"], []]);
  });

  test("not to somebody who left, or whose role may not see the report any more", async () => {
    const [leaver, moved] = [await reader(), await reader()];
    await disableStaff(leaver.email);
    await db.update(staff).set({ role: "fundraiser" }).where(eq(staff.id, moved.id));
    expect(await sendSummaries(tokyo("2026-11-03T09:00"))).toEqual({ mails: 0 });
  });

  test("a queued one is not sent to those who switched it off, left or changed their role meanwhile", async () => {
    const [off, leaver, moved, stays] = [await reader(), await reader(), await reader(), await reader()];
    await sendSummaries(tokyo("2026-11-03T09:00"));
    await chooseSummary(off, false);
    await disableStaff(leaver.email);
    await db.update(staff).set({ role: "peer" }).where(eq(staff.id, moved.id));
    for (const who of [off, leaver, moved]) expect(await mailsTo(who)).toEqual(["cancelled"]);
    expect(await mailsTo(stays)).toMatchObject([{ to: [{ name: "", address: stays.email }] }]);
  });
});

describe("exactly once", () => {
  test("also when several processes send at once", async () => {
    await reader();
    await reader();
    const runs = await Promise.all(Array.from({ length: 6 }, () => sendSummaries(tokyo("2026-11-03T09:00"))));
    expect(runs.reduce((sum, { mails }) => sum + mails, 0)).toBe(2);
    expect(await db.$count(deliveries, eq(deliveries.kind, "monthly_summary"))).toBe(2);
  });

  test("a run that dies with the mail half queued leaves nothing, and the next one sends it", async () => {
    const who = await reader();
    const owner = connectAsOwner();
    await owner.execute(sql`alter table summary_mails add constraint killed check (delivery_id is null)`);
    await expect(sendSummaries(tokyo("2026-11-03T09:00"))).rejects.toThrow();
    await owner.execute(sql`alter table summary_mails drop constraint killed`);
    await disconnect(owner);
    expect([await db.$count(deliveries), await monthsOf(who)]).toEqual([0, []]);
    expect(await sendSummaries(tokyo("2026-11-03T10:00"))).toEqual({ mails: 1 });
    expect(await mailsTo(who)).toHaveLength(1);
  });
});

const headings =
  "キーワード ID,キーワード,キャンペーン,キャンペーン ID,広告グループ,広告グループ ID,表示回数,クリック数,通貨コード,費用";
const october = "2026年10月1日 - 2026年10月31日";
const september = "2026年9月1日 - 2026年9月30日";

/** Consultations through one landing each. */
async function asked(day: string, count: number, words: { targetId?: string; keyword: string }, spamScore = 0) {
  for (let nth = 0; nth < count; nth++)
    await wrote(day, await landed(day, { campaignId: "11", ...words }), "consultation", spamScore);
}

const ward = { targetId: "kwd-1", keyword: "院内学級" };
const school = { targetId: "kwd-2", keyword: "復学" };

/** September and October of one account, with words of strangers, and a consultation by telephone. */
async function twoMonths(): Promise<void> {
  await take(
    exported(
      headings,
      ["1,院内学級,検索,11,学び,21,9000,300,JPY,60000", "2,復学,検索,11,学び,21,900,30,JPY,1234"],
      october,
    ),
    { account: "本部", name: "10.csv" },
  );
  await take(exported(headings, ["1,院内学級,検索,11,学び,21,8000,200,JPY,50000"], september), {
    account: "本部",
    name: "9.csv",
  });
  await asked("2026-10-05", 5, ward);
  await asked("2026-10-06", 1, school);
  await asked("2026-10-06", 1, school, reviewThreshold);
  await asked("2026-10-07", 3, { keyword: "知らない人の文字" });
  for (let nth = 0; nth < 90; nth++) await landed("2026-10-08", { campaignId: "11", ...ward });
  await wrote("2026-10-09", null);
  await asked("2026-09-05", 2, ward);
  await asked("2026-11-01", 4, ward);
}

async function october2026(): Promise<{ subject: string; text: string; html: string }> {
  const who = await reader();
  await sendSummaries(tokyo("2026-11-03T09:00"));
  const [mail] = await mailsTo(who);
  if (mail === undefined || typeof mail === "string") throw new Error(String(mail));
  return mail;
}

describe("the mail", () => {
  test("as it reads: the month beside the one before, intervals or that they are too few, the keywords, where to stop it", async () => {
    await twoMonths();
    const { subject, text, html } = await october2026();
    expect(subject).toBe("キーワードと相談のまとめ（2026年10月）");
    const [, ...blocks] = text.trimEnd().split("\n\n");
    expect(blocks).toEqual([
      "2026年10月の、広告のキーワードと相談のまとめです。かっこの中は、前の月（2026年9月）の数です。「広告からの相談」は直前の広告、「同（最初の接点）」は最初に来た広告で数えています。「相談した割合」は、広告からの着地のうち相談した人の割合です。",
      [
        "すべての相談：11、うち要確認 1（2）",
        "広告からの着地：100（2）",
        "広告からの相談：10、うち要確認 1（2）",
        "同（最初の接点）：10（2）",
        "相談した割合：9.0%（95%の幅 4.8%〜16.2%）",
        "前の月は：件数が少なく、まだ言えません",
      ].join("\n"),
      "費用は、取り込んだファイルの分だけです。「1件あたり」は、要確認を除いた相談の数で割ったものです。",
      [
        "費用（JPY）：61,234（50,000）",
        "1件あたり：10,206（95%の幅 4,689〜27,810）",
        "前の月は：件数が少なく、まだ言えません",
      ].join("\n"),
      "相談の多いキーワード",
      "1：院内学級［検索］ 相談 5（2）、着地 95\n2：復学［検索］ 相談 2、うち要確認 1（0）、着地 2",
      `画面で見る\n${env.PUBLIC_ORIGIN}/staff/keywords?from=2026-10-01&to=2026-10-31`,
      `数え方\n${env.PUBLIC_ORIGIN}/staff/keywords/counting`,
      `このまとめを止める\n${env.PUBLIC_ORIGIN}/staff/me`,
    ]);
    for (const words of ["10,206（95%の幅 4,689〜27,810）", "相談 2、うち要確認 1（0）", "100（2）"])
      expect(html).toContain(words);
    expect(elements(html, "a").map(({ href }) => href)).toContain(`${env.PUBLIC_ORIGIN}/staff/me`);
    expect(`${subject}${text}${html}`).not.toContain("知らない人");
  });

  test("at most five keywords, those with most consultations", async () => {
    const rows = Array.from({ length: 7 }, (_, at) => `${at + 1},語${at + 1},検索,11,学び,21,900,30,JPY,10`);
    await take(exported(headings, rows, october), { account: "本部" });
    for (const [at, count] of [1, 2, 3, 4, 5, 6, 0].entries())
      await asked("2026-10-05", count, { targetId: `kwd-${at + 1}`, keyword: `語${at + 1}` });
    const { keywords } = await summaryFigures("2026-10-01");
    expect(keywords.map(({ keyword }) => keyword)).toEqual(["語6", "語5", "語4", "語3", "語2"]);
  });

  test("without a file of cost, and with two currencies", async () => {
    await asked("2026-10-05", 1, ward);
    expect((await october2026()).text).toContain("この2か月の費用のファイルは、まだ取り込まれていません。");
    await take(exported(headings, ["1,院内学級,検索,11,学び,21,9000,300,JPY,60000"], october), { account: "本部" });
    await take(exported(headings, ["1,院内学級,検索,12,学び,22,9000,300,USD,12.34"], september), { account: "US" });
    const { text } = await october2026();
    expect(text).toContain("費用（JPY）：60,000（ファイルなし）");
    expect(text).toContain("費用（USD）：ファイルなし（12.34）");
  });

  test("says what it said when it was queued, also if figures change before it leaves", async () => {
    await twoMonths();
    const who = await reader();
    await sendSummaries(tokyo("2026-11-03T09:00"));
    await asked("2026-10-20", 9, ward);
    expect(await mailsTo(who)).toMatchObject([{ text: expect.stringContaining("すべての相談：11、") }]);
  });
});

describe("the switch", () => {
  const ticked = async (cookie: string) =>
    elements(await (await get("/staff/me", { cookie })).text(), "input").filter(
      (input) => input["name"] === "wanted" && "checked" in input,
    ).length;

  test("on one's own page, on and off", async () => {
    const who = await member("analyst");
    const cookie = await signIn(who);
    expect(await ticked(cookie)).toBe(0);
    expect((await postForm("/staff/me/summary", { wanted: "yes" }, { cookie })).status).toBe(303);
    expect([await ticked(cookie), await wantsSummary(who)]).toEqual([1, true]);
    expect((await postForm("/staff/me/summary", {}, { cookie })).status).toBe(303);
    expect([await ticked(cookie), await wantsSummary(who)]).toEqual([0, false]);
    const refused = await postForm("/staff/me/summary", { wanted: "fax" }, { cookie, headers: asProgram });
    expect(refused.status).toBe(422);
  });

  test("an analyst's page has the summary alone, a coordinator's none of it", async () => {
    const analyst = await (await get("/staff/me", { cookie: await signIn(await member("analyst")) })).text();
    expect(analyst).toContain("/staff/me/summary");
    expect(analyst).not.toMatch(/\/staff\/me\/(?:notices|absences)/u);
    const coordinator = await (await get("/staff/me", { cookie: await signIn(await member("coordinator")) })).text();
    expect(coordinator).not.toContain("/staff/me/summary");
    expect(coordinator).toContain("/staff/me/notices");
  });

  test("is refused to those who may not see the report", async () => {
    const who = await member("coordinator");
    await expect(chooseSummary(who, true)).rejects.toThrow(Forbidden);
    await expect(wantsSummary(who)).rejects.toThrow(Forbidden);
  });
});
