/** Each sentence of the page 「数え方」 is a test. */

import { eq } from "drizzle-orm";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { arrive } from "#analytics/clicks/arrive.ts";
import { recordClick } from "#analytics/clicks/record.ts";
import { clickIdOf, noteFormOpened } from "#analytics/clicks/token.ts";
import { keywordReport } from "#analytics/keywords/report.ts";
import { close, reopen } from "#api/cases/close.ts";
import type { Staff } from "#db/actor.ts";
import { db } from "#db/client.ts";
import { adImports, clicks } from "#db/schema/attribution.ts";
import { cases } from "#db/schema/cases.ts";
import { consultations } from "#db/schema/consultations.ts";
import { visits } from "#db/schema/landings.ts";
import { leads } from "#db/schema/leads.ts";
import { staff } from "#db/schema/staff.ts";
import { countingWords } from "#db/words/staff/counting.ts";
import { receive } from "../../api/requests.ts";
import { analyst, exported, landed, take, wrote } from "../fixtures.ts";

const manager: Staff = {
  ...analyst,
  id: "019a0000-0000-7000-8000-000000000002",
  email: "m@example.jp",
  role: "manager",
};
const october = { from: "2026-10-01", to: "2026-10-31" };
const report = () => keywordReport(analyst, october);
/** The counts of one field by the words of the line, lines with none left out. */
const by = async (field: "landings" | "formsOpened" | "consultations" | "doubtful" | "people" | "firstConsultations") =>
  Object.fromEntries((await report()).rows.flatMap((row) => (row[field] > 0 ? [[row.keyword, row[field]]] : [])));

const phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Mobile Safari/604.1";
const visit = (query: string, minute = 0, { userAgent = phone, isPrefetch = false } = {}) =>
  recordClick(new URLSearchParams(query), {
    ...{ path: "/", network: "192.0.2.1", userAgent, isPrefetch },
    now: new Date(Date.parse("2026-10-05T12:00:00+09:00") + minute * 60_000),
  });

const headings =
  "キーワード ID,キーワード,キャンペーン,キャンペーン ID,広告グループ,広告グループ ID,表示回数,クリック数,通貨コード,費用";

/** A request for help as it is taken in, with its case, received on a day of October through a click. */
async function asked(day: string, clickId: string | null, fields: Record<string, unknown> = {}): Promise<string> {
  const { reference, caseId } = await receive(fields);
  await db
    .update(leads)
    .set({ receivedAt: new Date(`${day}T12:00:00+09:00`), clickId })
    .where(eq(leads.reference, reference));
  return caseId;
}

async function closeAs(id: string, reason: "not_a_case" | "test"): Promise<void> {
  const [row] = await db.select().from(cases).where(eq(cases.id, id));
  await close(manager, id, { reason, version: row?.version ?? 0, owed: undefined });
}

beforeAll(() => db.insert(staff).values([analyst, manager]));
/** Earlier requests stay, as they do in the product, and are moved out of the period and out of the families known. */
beforeEach(async () => {
  await db.update(leads).set({ receivedAt: new Date("2020-01-01T00:00:00Z"), clickId: null });
  await db.update(consultations).set({ emailIndex: null, phoneIndex: null });
  for (const table of [visits, clicks, adImports]) await db.delete(table);
});

type Sentences = { [Part in keyof typeof countingWords]: keyof (typeof countingWords)[Part]["sentences"] };

const tests: Record<Sentences[keyof Sentences], () => Promise<void>> = {
  async visit() {
    for (const minute of [0, 1, 29, 50]) await visit("cid=1&kw=入院", minute);
    expect(await by("landings")).toEqual({ 入院: 1 });
    await visit("cid=1&kw=入院", 81);
    expect(await by("landings")).toEqual({ 入院: 2 });
  },
  async clickId() {
    for (const minute of [0, 1, 300, 3000]) await visit("gclid=A&kw=入院", minute);
    expect(await by("landings")).toEqual({ 入院: 1 });
  },
  async prefetch() {
    const token = await visit("cid=1&kw=入院", 0, { isPrefetch: true });
    expect(await by("landings")).toEqual({});
    await arrive(token ?? "", "192.0.2.1", new Date("2026-10-05T12:01:00+09:00"));
    expect(await by("landings")).toEqual({ 入院: 1 });
    await visit("cid=1&kw=入院", 2);
    expect(await by("landings")).toEqual({ 入院: 1 });
  },
  async crawlers() {
    await visit("cid=1&kw=入院", 0, { userAgent: "Mozilla/5.0 (compatible; AdsBot-Google)" });
    await visit("cid=1&kw=入院", 0, { userAgent: "Safari/537 (compatible; Y!J-WSC/1.0)" });
    expect(await by("landings")).toEqual({});
    await visit("cid=1&kw=入院", 1, { userAgent: `${phone} SmartNews 24.3.10` });
    expect(await by("landings")).toEqual({ 入院: 1 });
  },
  async form() {
    const token = await visit("cid=1&kw=入院");
    await visit("cid=1&kw=復学");
    await noteFormOpened(token ?? "");
    await noteFormOpened(token ?? "");
    expect(await by("formsOpened")).toEqual({ 入院: 1 });
  },
  async ads() {
    await take(exported(headings, ["7,入院,岡山,1,学習,21,10,1,JPY,100"]));
    for (const [minute, query] of ["gclid=a&kw=入院", "cid=1&kw=入院", "utm_medium=cpc&utm_term=入院"].entries())
      await visit(query, minute * 60);
    expect((await report()).rows.map(({ kind, landings }) => [kind, landings])).toEqual([["keyword", 3]]);
  },
  async links() {
    await take(exported(headings, ["7,学校 復帰 準備,岡山,1,学習,21,10,1,JPY,100"]));
    await visit("utm_source=facebook&utm_medium=social&utm_term=学校 復帰 準備");
    await visit("utm_source=newsletter");
    await visit("utm_source=leaflet&utm_medium=qr");
    const { rows } = await report();
    expect(rows.map(({ kind, keyword, landings, cost }) => [kind, keyword, landings, cost])).toEqual([
      ["keyword", "学校 復帰 準備", 0, "100"],
      ["link", "facebook／social", 1, undefined],
      ["link", "leaflet／qr", 1, undefined],
      ["link", "newsletter", 1, undefined],
    ]);
  },
  async campaigns() {
    await take(exported(headings, ["7,入院,岡山,1,学習,21,10,1,JPY,100", "8,入院,動的,2,学習,22,10,1,JPY,100"]));
    await landed("2026-10-02", { campaignId: "2", keywordMissing: "absent" });
    await landed("2026-10-02", { campaignId: "1", keywordMissing: "literal" });
    await landed("2026-10-02", { campaignId: "99", keywordMissing: "absent" });
    await landed("2026-10-02", { campaignId: "98", keywordMissing: "absent" });
    const lines = (await report()).rows.filter(({ kind }) => kind === "missing");
    expect(lines.map(({ campaign, keyword, landings }) => [campaign, keyword, landings])).toEqual([
      ["", "キーワードの情報なし", 2],
      ["動的", "キーワードの情報なし", 1],
      ["岡山", "広告側の設定もれ", 1],
    ]);
    expect(lines.every(({ note }) => note !== undefined)).toBe(true);
  },
  async ambiguous() {
    await take(exported(headings, ["7,入院,岡山,1,学習,21,10,1,JPY,100", "7,入院,岡山,1,医療,22,10,1,JPY,100"]));
    await landed("2026-10-02", { targetId: "kwd-7", keyword: "入院" });
    expect((await report()).rows.map(({ kind, landings }) => [kind, landings])).toEqual([
      ["ambiguous", 1],
      ["keyword", 0],
      ["keyword", 0],
    ]);
  },
  async notCounted() {
    const click = await landed("2026-10-02", { keyword: "入院" });
    const spam = await asked("2026-10-03", click);
    const trial = await asked("2026-10-03", click);
    await closeAs(await asked("2026-10-03", click), "not_a_case");
    await closeAs(spam, "not_a_case");
    await closeAs(trial, "test");
    await asked("2026-10-04", click);
    expect(await by("consultations")).toEqual({ 入院: 1 });
    await reopen(manager, trial);
    expect(await by("consultations")).toEqual({ 入院: 2 });
  },
  async doubtful() {
    await take(exported(headings, ["7,入院,岡山,1,学習,21,10,1,JPY,100"]));
    const ids = [];
    for (const hour of [0, 1, 2]) ids.push(await landed(`2026-10-02T0${hour}:00:00Z`, { keyword: "入院" }));
    const [a = "", b = "", c = ""] = ids;
    for (const one of [a, b]) await asked("2026-10-03", one);
    const odd = await asked("2026-10-03", c);
    await db.update(leads).set({ spamScore: 2 }).where(eq(leads.clickId, c));
    const [line] = (await report()).rows;
    expect([line?.consultations, line?.doubtful, line?.people, line?.costPerConsultation]).toEqual([3, 1, 2, "50"]);
    expect((await report()).rates.wrote).toBe(66.7);
    await db.update(cases).set({ state: "open" }).where(eq(cases.id, odd));
    const [after] = (await report()).rows;
    expect([after?.consultations, after?.doubtful, after?.costPerConsultation]).toEqual([3, 0, "33"]);
  },
  async people() {
    const click = await landed("2026-10-02", { keyword: "入院" });
    await wrote("2026-10-03", click);
    await wrote("2026-10-04", click);
    expect([await by("consultations"), await by("people")]).toEqual([{ 入院: 2 }, { 入院: 1 }]);
  },
  async day() {
    const click = await landed("2026-09-20", { keyword: "入院" });
    await wrote("2026-09-30T15:00:00Z", click);
    await wrote("2026-10-31T15:00:00Z", click);
    expect([await by("landings"), await by("consultations")]).toEqual([{}, { 入院: 1 }]);
  },
  async last() {
    await asked("2026-10-03", await landed("2026-10-02", { keyword: "復学" }), { email: "a@example.jp" });
    await asked("2026-10-09", await landed("2026-10-08", { keyword: "入院" }), { email: "a@example.jp" });
    expect(await by("consultations")).toEqual({ 入院: 1, 復学: 1 });
  },
  async first() {
    const guide = await landed("2026-10-01", { keyword: "資料" });
    await asked("2026-10-02", guide, { phone: "086-000-0000", email: "a@example.jp" });
    await asked("2026-10-09", await landed("2026-10-08", { keyword: "入院" }), { email: "a@example.jp" });
    await asked("2026-10-10", null, { phone: "０８６（０００）００００" });
    await asked("2026-10-11", await landed("2026-10-08", { keyword: "きょうだい" }), { email: "b@example.jp" });
    expect(await by("firstConsultations")).toEqual({ 資料: 3, きょうだい: 1 });
    expect(await by("consultations")).toEqual({ 資料: 1, 入院: 1, きょうだい: 1, "広告以外・不明": 1 });
  },
  async chain() {
    const firstId = await landed("2026-07-01", { keyword: "夏" });
    await landed("2026-07-20", { keyword: "入院中", firstId });
    await landed("2026-08-20", { keyword: "復学", firstId });
    await landed("2026-10-12", { keyword: "あとから", firstId });
    await landed("2026-07-19", { keyword: "先読み", firstId, prefetched: true });
    const last = await landed("2026-10-11", { keyword: "きょうだい児", firstId });
    await asked("2026-10-13", last);
    expect(await by("firstConsultations")).toEqual({ 入院中: 1 });
    await asked("2026-10-14", await landed("2026-10-13", { keyword: "学校", firstId: last }));
    expect(await by("firstConsultations")).toEqual({ 入院中: 1, きょうだい児: 1 });
  },
  async unlinked() {
    await visit("cid=1&kw=入院");
    const token = await visit("cid=1&kw=復学", 40);
    await asked("2026-10-09", clickIdOf(token) ?? null);
    expect(await by("firstConsultations")).toEqual({ 復学: 1 });
  },
  async older() {
    const click = await landed("2026-07-04", { keyword: "入院" });
    await wrote("2026-10-02", click);
    await wrote("2026-10-03", click);
    expect(await by("consultations")).toEqual({ 入院: 1, 以前の広告: 1 });
  },
  async elsewhere() {
    await wrote("2026-10-02", null);
    expect(await by("consultations")).toEqual({ "広告以外・不明": 1 });
  },
  async each() {
    await take(exported(headings, ["7,入院,岡山,1,学習,21,10,1,JPY,100"]));
    const click = await landed("2026-10-02", { keyword: "入院" });
    await wrote("2026-10-03", click);
    await wrote("2026-10-03", click, "consultation", 2);
    const [line] = (await report()).rows;
    expect(line?.costPerConsultation).toBe("100");
    expect((await report()).costs[0]?.costPerConsultation).toBe("100");
  },
  async few() {
    for (let n = 0; n < 4; n++) await asked("2026-10-03", await landed("2026-10-02", { keyword: "入院" }));
    expect((await report()).intervals.wrote).toEqual({ count: 4, isTooFew: true });
    await asked("2026-10-03", await landed("2026-10-02", { keyword: "入院" }));
    await landed("2026-10-02", { keyword: "入院" });
    expect((await report()).intervals.wrote).toEqual({ count: 5, percent: 83.3, low: 43.6, high: 97, isTooFew: false });
  },
  async currencies() {
    await take(exported(headings, ["7,入院,岡山,1,学習,21,10,1,JPY,100"]), { account: "円" });
    await take(exported(headings, ["8,stay,Grants,2,Study,22,10,1,USD,1.20"]), { account: "ドル" });
    expect((await report()).costs.map(({ currency, cost }) => [currency, cost])).toEqual([
      ["JPY", "100"],
      ["USD", "1.20"],
    ]);
  },
};

const sentences = Object.values(countingWords).flatMap(({ sentences }) => Object.entries(sentences));

test.each(sentences)("%s: %s", async (name) => {
  await expect(tests[name as keyof typeof tests]()).resolves.toBeUndefined();
});
