/** Separation by consent: asking for help subscribes nobody, and no search keyword is kept beside what a family wrote. */

import { eq, sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { keywordReport } from "#analytics/keywords/report.ts";
import { db } from "#db/client.ts";
import { leads } from "#db/schema/leads.ts";
import { deliveries, subscribers, subscriptions } from "#db/schema/mail.ts";
import { tokenForId } from "#db/vault/tokens.ts";
import { addressIndex } from "#emails/addresses.ts";
import { confirmSubscription } from "#emails/lists/subscriptions.ts";
import { getNewsletter } from "#emails/newsletters/newsletters.ts";
import { sendNewsletterCommand } from "#emails/newsletters/send.ts";
import { createNewsletter } from "#emails/newsletters/write.ts";
import { caseOf, get, type Member, member, postJson, signIn } from "./requests.ts";

const keyword = "小児がん 復学 かなりや";
const family = { message: "眠れません。かなりあ", name: "金糸雀みこと", reply_by: "email", email: "k@example.jp" };
let reference = "";
let caseId = "";
let fundraiser: Member;

beforeAll(async () => {
  fundraiser = await member("fundraiser");
  const landing = await get(`/?kw=${encodeURIComponent(keyword)}&gclid=wall-1`, {
    headers: { "user-agent": "Mozilla/5.0 (Linux; Android 15) Chrome/146.0.0.0 Mobile Safari/537.36" },
  });
  const c = /[?&;]c=([\w-]+)/u.exec(await landing.text())?.[1] ?? "";
  const details = { topics: ["return_to_school"], school_stage: "elementary", municipality: "33100" };
  const answer = await postJson("/api/consultations", { ...family, ...details, consent: true, c });
  ({ reference } = (await answer.json()) as { reference: string });
  caseId = await caseOf(reference);
  await postJson("/api/downloads", { email: "g@example.jp", guide: "learning-in-hospital" });
});

test("the request is tied to its advertisement, so that what follows could fail", async () => {
  const [lead] = await db.select().from(leads).where(eq(leads.reference, reference));
  expect(lead?.clickId).not.toBeNull();
});

test("asking for help, or for a guide with an empty box, makes nobody a reader", async () => {
  expect(await db.select().from(subscribers)).toEqual([]);
  const id = await createNewsletter(fundraiser, { subject: "冬の会", body: "集まります。" });
  expect((await getNewsletter(fundraiser, id)).readers).toBe(0);
  await expect(sendNewsletterCommand(id)).rejects.toMatchObject({ name: "Refused" });
});

test("an issue goes to confirmed readers alone, by their own rows, also where a family has the same address", async () => {
  for (const email of [family.email, "other@example.jp"])
    await postJson("/api/subscriptions", { email, consent: true });
  const [asked] = await db
    .select({ id: subscriptions.id, subscriberId: subscribers.id })
    .from(subscriptions)
    .innerJoin(subscribers, eq(subscribers.id, subscriptions.subscriberId))
    .where(eq(subscribers.emailIndex, addressIndex(family.email)));
  await confirmSubscription(tokenForId("confirm", asked?.id ?? ""));
  const id = await createNewsletter(fundraiser, { subject: "冬の会", body: "集まります。" });
  expect(await sendNewsletterCommand(id)).toMatchObject({ audience: 1 });
  const queued = await db.select().from(deliveries).where(eq(deliveries.newsletterId, id));
  expect(queued.map(({ subscriberId, leadId, grantId }) => [subscriberId, leadId, grantId])).toEqual([
    [asked?.subscriberId, null, null],
  ]);
});

test("an analyst counts one consultation for the keyword, and finds no way to the family", async () => {
  const analyst = await member("analyst");
  const report = await keywordReport(analyst, { from: "2020-01-01", to: "2099-12-31" });
  expect(report.rows.find((row) => row.keyword === keyword)).toMatchObject({ landings: 1, consultations: 1 });
  const cookie = await signIn(analyst);
  const period = "?from=2020-01-01&to=2099-12-31";
  const pages = await Promise.all(
    [`/staff/keywords${period}`, `/staff/keywords.csv${period}`].map(async (path) =>
      (await get(path, { cookie })).text(),
    ),
  );
  const ids = await db.execute<{ id: string }>(
    sql`select unnest(array[l.id, c.id, c.case_id, l.click_id])::text as id from leads l join consultations c on c.lead_id = l.id`,
  );
  expect(ids).toHaveLength(4);
  for (const page of pages) {
    expect(page).toContain(keyword);
    for (const secret of [reference, ...ids.map(({ id }) => id), family.name, family.email, "かなりあ"])
      expect(page).not.toContain(secret);
  }
});

test("a keyword stands in no row, and on no page, beside what a family said", async () => {
  const tables = await db.execute<{ name: string; columns: string[] }>(
    sql`select table_name as name, array_agg(column_name::text order by 1) as columns
      from information_schema.columns where table_schema = 'public' group by 1`,
  );
  const ofSearch = /keyword|utm_|^term$|click_key/u;
  const ofFamily = /^(?:message|contact|topics|relation|school_stage|case_id|consultation_id|email_index|reference)$/u;
  const both = tables.filter(
    ({ columns }) => columns.some((c) => ofSearch.test(c)) && columns.some((c) => ofFamily.test(c)),
  );
  expect(both).toEqual([]);

  const holding: string[] = [];
  for (const { name } of tables) {
    const found = await db.execute(sql`select 1 from ${sql.identifier(name)} t where t::text like ${`%${keyword}%`}`);
    if (found.length > 0) holding.push(name);
  }
  expect(holding).toEqual(["clicks"]);

  const cookie = await signIn(await member("manager"));
  for (const path of [`/staff/cases/${caseId}`, "/staff", "/staff/mail"]) {
    const answer = await get(path, { cookie });
    expect([answer.status, (await answer.text()).includes(keyword)]).toEqual([200, false]);
  }
});
