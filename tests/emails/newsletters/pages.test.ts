import { eq } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { loadSite, type Site } from "#api/pages/site.ts";
import type { Staff } from "#db/actor.ts";
import { db } from "#db/client.ts";
import { env } from "#db/env.ts";
import { deliveries, newsletters, subscriptions, suppressions } from "#db/schema/mail.ts";
import { tokenForId } from "#db/vault/tokens.ts";
import { sendNewsletter } from "#emails/newsletters/send.ts";
import { createNewsletter, saveNewsletter } from "#emails/newsletters/write.ts";
import { elements, gaps, unlabelled } from "../../site/html.ts";
import { deleteReaders, makeIssue, makeStaff, makeSubscriber } from "../fixtures.ts";

let site: Site;
let writer: Staff;
beforeAll(async () => {
  site = await loadSite();
});
beforeEach(async () => {
  await deleteReaders();
  writer = await makeStaff("fundraiser");
});

/** A page as Astro renders it, behind the guard that has let this member of staff in. */
async function see(path: string, locals: Partial<App.Locals> = {}, method = "GET") {
  const response = await site.render(new Request(`${env.PUBLIC_ORIGIN}${path}`, { method }), locals);
  return { status: response?.status ?? 404, html: (await response?.text()) ?? "" };
}

/** No gaps in sentences, everything labelled, one first heading, nothing from elsewhere, no script but the one that saves drafts of staff. */
function expectSound(html: string) {
  // The name of the tests' people has a space in it.
  expect(gaps(`<body>${/<main.*<\/main>/su.exec(html)?.[0].replaceAll("見本 職員", "見本職員")}`)).toEqual([]);
  expect(unlabelled(html)).toEqual([]);
  expect(elements(html, "h1").length).toBe(1);
  const isStaff = html.includes('<body class="staff">');
  const scripts = elements(html, "script", "iframe").filter(({ src }) => !isStaff || src !== "/drafts.js");
  expect(scripts).toEqual([]);
  expect(html).not.toMatch(/<[^>]+\s(?:style|on[a-z]+)=/u);
}

describe("links in mails", () => {
  const everything = async () => [
    await db.select().from(subscriptions),
    await db.select().from(suppressions),
    await db.select().from(deliveries),
  ];

  test.each(["GET", "HEAD"])("%s shows a button and changes nothing, however often a scanner looks", async (method) => {
    const { subscriberId, subscriptionId } = await makeSubscriber("hanako@example.jp", "pending");
    const before = await everything();
    for (const path of [
      `/u/${tokenForId("unsubscribe", subscriberId)}`,
      `/newsletter/confirm/${tokenForId("confirm", subscriptionId)}`,
    ])
      for (let look = 0; look < 3; look++) {
        const { status, html } = await see(path, {}, method);
        expect(status).toBe(200);
        expect(elements(html, "form").map(({ method: how, action }) => [how, action])).toEqual([["post", path]]);
        expectSound(html);
      }
    expect(await everything()).toEqual(before);
  });

  test("say kindly what is over, and what never was", async () => {
    const { subscriberId, subscriptionId } = await makeSubscriber("hanako@example.jp", "pending");
    const confirm = `/newsletter/confirm/${tokenForId("confirm", subscriptionId)}`;
    const stop = `/u/${tokenForId("unsubscribe", subscriberId)}`;
    const change = (set: Partial<typeof subscriptions.$inferInsert>) =>
      db.update(subscriptions).set(set).where(eq(subscriptions.id, subscriptionId));
    const heading = async (path: string, forms: string[] = []) => {
      const { status, html } = await see(path);
      expectSound(html);
      expect(elements(html, "form").map(({ action }) => action)).toEqual(forms);
      return [status, /<h1[^>]*>([^<]*)/u.exec(html.replaceAll("<wbr>", ""))?.[1]];
    };
    await change({ expiresAt: new Date(0) });
    expect(await heading(confirm)).toEqual([410, "この確認リンクは期限が切れています"]);
    await change({ state: "confirmed" });
    expect(await heading(confirm)).toEqual([200, "登録が終わりました"]);
    await change({ state: "unsubscribed" });
    expect(await heading(stop, [`${stop}/reason`])).toEqual([200, "配信を停止しました"]);
    expect(await heading("/u/x")).toEqual([404, "配信停止のリンクが見つかりません"]);
    expect(await heading("/newsletter/confirm/x")).toEqual([404, "確認リンクが見つかりません"]);
  });
});

describe("the archive", () => {
  test("lists what was sent and asks for consent with an empty box", async () => {
    await makeSubscriber("hanako@example.jp");
    const id = await makeIssue(
      writer,
      "秋の <b>たより",
      "## 見出し\n\n<script>alert(1)</script> [x](javascript:alert(1))",
    );
    await makeIssue(writer, "下書きの号");
    await sendNewsletter(writer, id, 1);
    const { html } = await see("/newsletter");
    expectSound(html);
    expect(html).toContain("秋の &lt;b&gt;たより");
    expect(html).not.toContain("下書きの号");
    expect(
      elements(html, "input")
        .filter(({ type }) => type === "checkbox")
        .map((box) => "checked" in box),
    ).toEqual([false, false, false, false]);
    const link =
      elements(html, "a")
        .map(({ href }) => href ?? "")
        .find((href) => /^\/newsletter\/\d/u.test(href)) ?? "";
    const issue = await see(link);
    expectSound(issue.html);
    expect(issue.html).toContain("<h2>見出し</h2>");
    expect(elements(issue.html, "a").some(({ href }) => href?.startsWith("javascript:"))).toBe(false);
  });

  test("keeps what was typed, and says at the field what was wrong", async () => {
    const form = { values: { email: "hanako@", consent: "true" }, errors: { email: "形を確認してください" } };
    const { html } = await see("/newsletter", { form });
    expectSound(html);
    expect(html).toContain('value="hanako@"');
    expect(html).toContain('href="#email"');
  });
});

describe("the archive, once there is more of it", () => {
  async function published(subject: string, sentAt: string, list = "news") {
    const id = await createNewsletter(writer, { subject, body: "本文", list });
    await db
      .update(newsletters)
      .set({ state: "sent", slug: subject, sentAt: new Date(sentAt), audience: 1 })
      .where(eq(newsletters.id, id));
  }
  const headings = (html: string) =>
    [...(/<main.*<\/main>/su.exec(html)?.[0] ?? "").matchAll(/<h3[^>]*>([^<]*)/gu)].map(([, year]) => year);

  test("groups by year only when there are several, and names day and list", async () => {
    await published("second", "2026-11-01T03:00:00Z", "events");
    const one = (await see("/newsletter")).html;
    expect([headings(one), one.includes("2026年11月1日</time>・<span>催しのお知らせ")]).toEqual([[], true]);
    await published("first", "2025-12-01T03:00:00Z");
    const { html } = await see("/newsletter");
    expectSound(html);
    expect(headings(html)).toEqual(["2026年", "2025年"]);
  });

  test("leads on to the neighbours, and tells feed readers of the feed in the head", async () => {
    await published("first", "2026-10-01T03:00:00Z");
    await published("second", "2026-11-01T03:00:00Z", "events");
    const { html } = await see("/newsletter/first");
    expectSound(html);
    const ways = elements(html, "a").filter(({ rel }) => rel === "prev" || rel === "next");
    expect(ways.map(({ rel, href }) => [rel, href])).toEqual([["next", "/newsletter/second"]]);
    for (const path of ["/newsletter", "/newsletter/first"]) {
      const head = (await see(path)).html.replace(/<body.*/su, "");
      const feeds = elements(head, "link").filter(({ type }) => type === "application/atom+xml");
      expect(feeds.map(({ rel, href }) => [rel, href])).toEqual([["alternate", "/newsletter/feed.xml"]]);
    }
  });
});

describe("staff pages", () => {
  test("two texts in conflict stand side by side, and saving again is possible", async () => {
    const id = await makeIssue(writer, "もとの題", "もとの文");
    await saveNewsletter(await makeStaff(), id, {
      ...{ subject: "ほかの題", preheader: "ほかの前書き", body: "ほかの文", version: 1 },
    });
    const typed = { subject: "わたしの題", preheader: "わたしの前書き", shows_subject: "true", body: "わたしの文" };
    const form = { values: { ...typed, version: "1" }, errors: { form: "先に保存" } };
    const { html } = await see(`/staff/newsletters/${id}`, { staff: writer, form });
    expectSound(html);
    expect(/<textarea[^>]*>([^<]*)/u.exec(html)?.[1]).toBe("わたしの文");
    expect(/<p class="words"[^>]*>([^<]*)/u.exec(html)?.[1]).toBe("ほかの文");
    expect(html).toContain('name="version" value="2"');
    expect(
      elements(html, "input")
        .filter(({ name }) => name === "preheader")
        .map(({ value }) => value),
    ).toEqual(["わたしの前書き"]);
    expect(elements(html, "input").find(({ name }) => name === "shows_subject")).toHaveProperty("checked");
    expect(html).toMatch(/<dd[^>]*>ほかの前書き</u);
    expect(html).toMatch(/先に保存されていた文章.*最後に保存: 見本 職員さん/su);
  });

  test("before sending, the page names how many people get it; afterwards it goes on to the accounting", async () => {
    for (const name of ["a", "b", "c"]) await makeSubscriber(`${name}@example.jp`);
    const id = await makeIssue(writer);
    const before = await see(`/staff/newsletters/${id}/send`, { staff: writer });
    expectSound(before.html);
    expect(/<h1[^>]*>([^<]*)/u.exec(before.html)?.[1]).toBe("この号を 3 人に送りますか");
    await sendNewsletter(writer, id, 1);
    expect((await see(`/staff/newsletters/${id}/send`, { staff: writer })).status).toBe(303);
    const after = await see(`/staff/newsletters/${id}`, { staff: writer });
    expectSound(after.html);
    const numbers = [...after.html.matchAll(/<td class="number">(\d+)<\/td>/gu)].map(([, count]) => Number(count));
    expect([numbers.length, numbers.at(-1), numbers.slice(0, -1).reduce((a, b) => a + b, 0)]).toEqual([9, 3, 3]);
    expect(elements(after.html, "rect").length).toBeGreaterThan(8);
  });

  test("a draft shows what a telephone will, cut where it cuts", async () => {
    const id = await makeIssue(writer, "とても長い件名なので電話では途中で切れます", "## はじめ\n\n本文の言葉です。");
    const { html } = await see(`/staff/newsletters/${id}`, { staff: writer });
    expect(html).toMatch(/<p class="title"[^>]*>とても長い件名なので電話では途中で切…</u);
    expect(html).toMatch(/<p class="beside"[^>]*>はじめ 本文の言葉です。</u);
    expect(html).toContain("件名の「れます」は");
  });

  test.each(["", "/delete", "/insert"])("a draft's page %s is sound, also without a subject", async (path) => {
    const id = await makeIssue(writer, "", "");
    const { status, html } = await see(`/staff/newsletters/${id}${path}`, { staff: writer });
    expect(status).toBe(200);
    expectSound(html);
  });

  test.each(["/delete", "/insert"])("%s is for drafts alone", async (path) => {
    const id = await makeIssue(writer);
    await makeSubscriber("hanako@example.jp");
    await sendNewsletter(writer, id, 1);
    expect((await see(`/staff/newsletters/${id}${path}`, { staff: writer })).status).toBe(303);
  });

  test.each(["/staff/newsletters/lists", "/staff/newsletters/lists/events"])("%s is sound", async (path) => {
    const { status, html } = await see(path, { staff: writer });
    expect(status).toBe(200);
    expectSound(html);
  });

  test.each(["/staff/newsletters", "/staff/newsletters/new", "/staff/mail", "/staff/mail?state=queued&before=x"])(
    "%s is sound",
    async (path) => {
      const id = await makeIssue(writer);
      await makeSubscriber("hanako@example.jp");
      await sendNewsletter(writer, id, 1);
      const { status, html } = await see(path, { staff: writer });
      expect(status).toBe(200);
      expectSound(html);
    },
  );
});
