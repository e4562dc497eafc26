import { eq, sql } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { loadSite, type Site } from "#api/pages/site.ts";
import type { Staff } from "#db/actor.ts";
import { db } from "#db/client.ts";
import { env } from "#db/env.ts";
import { deliveries, lists, newsletters, subscriptions, suppressions } from "#db/schema/mail.ts";
import { tokenForId } from "#db/vault/tokens.ts";
import { cancelNewsletter, pauseNewsletter } from "#emails/newsletters/pause.ts";
import { scheduleNewsletter, sendNewsletterCommand } from "#emails/newsletters/send.ts";
import { leaveUncertain } from "#emails/newsletters/uncertain.ts";
import { correctWeb, withdrawFromWeb } from "#emails/newsletters/web.ts";
import { createNewsletter, saveNewsletter } from "#emails/newsletters/write.ts";
import { advanceNewsletters } from "#emails/outbox/advance-newsletters.ts";
import { unread } from "../../site/furigana.ts";
import { elements, gaps, unlabelled } from "../../site/html.ts";
import { deleteReaders, makeIssue, makeStaff, makeSubscriber, sendAndDeliver } from "../fixtures.ts";
import { become, bringForward, issueOf, sendTo } from "./issues.ts";

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

/** No gaps in sentences, everything labelled, one first heading, nothing from elsewhere, no script but those of staff. */
function expectSound(html: string) {
  // The name of the tests' people has a space in it.
  expect(gaps(`<body>${/<main.*<\/main>/su.exec(html)?.[0].replaceAll("見本 職員", "見本職員")}`)).toEqual([]);
  expect(unlabelled(html)).toEqual([]);
  expect(elements(html, "h1").length).toBe(1);
  const isStaff = html.includes('<body class="staff">');
  const scripts = elements(html, "script", "iframe").filter(
    ({ src = "" }) => !isStaff || !["/drafts.js", "/live-part.js"].includes(src),
  );
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
    await sendAndDeliver(id);
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
      .set({ state: "sent", slug: subject, sentAt: new Date(sentAt), webPublishedAt: new Date(sentAt), audience: 1 })
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

describe("an issue on the web", () => {
  test("says kindly that it is gone once it was withdrawn", async () => {
    await makeSubscriber("hanako@example.jp");
    const id = await makeIssue(writer, "消える号");
    await sendAndDeliver(id);
    const path = `/newsletter/${(await issueOf(id)).slug}`;
    expect((await see(path)).status).toBe(200);
    await withdrawFromWeb(writer, id);
    const { status, html } = await see(path);
    expectSound(html);
    expect([status, html.replaceAll("<wbr>", "").includes("この号は、公開を終えました")]).toEqual([410, true]);
    expect(html).not.toContain("消える号");
    expect(unread((await see(`${path}?furigana`)).html)).toEqual([]);
    expect((await see("/newsletter")).html).not.toContain("消える号");
  });

  test("shows that it was corrected, and when", async () => {
    await makeSubscriber("hanako@example.jp");
    const id = await makeIssue(writer, "お知らせ", "まちがい");
    await sendAndDeliver(id);
    await correctWeb(writer, id, { subject: "お知らせ", body: "ただしい", version: 1 });
    await db.update(newsletters).set({ webCorrectedAt: new Date("2026-12-03T15:00:00Z") });
    const path = `/newsletter/${(await issueOf(id)).slug}`;
    const { html } = await see(path);
    expectSound(html);
    expect(html).toContain("2026年12月4日</time>に、文章を訂正しました。");
    expect([html.includes("ただしい"), html.includes("まちがい")]).toEqual([true, false]);
    expect(unread((await see(`${path}?furigana`)).html)).toEqual([]);
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
    expect(
      /<h1[^>]*>(.*?)<\/h1>/u
        .exec(before.html)?.[1]
        ?.replaceAll(/<[^>]*>/gu, "")
        .trim(),
    ).toBe("この号を 3 人に送りますか");
    await sendNewsletterCommand(id);
    expect((await see(`/staff/newsletters/${id}/send`, { staff: writer })).status).toBe(303);
    const after = await see(`/staff/newsletters/${id}`, { staff: writer });
    expectSound(after.html);
    const numbers = [...after.html.matchAll(/<td class="number">(\d+)<\/td>/gu)].map(([, count]) => Number(count));
    expect([numbers.length, numbers.at(-1), numbers.slice(0, -1).reduce((a, b) => a + b, 0)]).toEqual([10, 3, 3]);
    expect(elements(after.html, "rect").length).toBeGreaterThan(8);
  });

  test("before sending, time and web are asked for apart: a public list's issue goes on the web unless unticked", async () => {
    await makeSubscriber("hanako@example.jp");
    const id = await makeIssue(writer);
    const boxes = async (locals: Partial<App.Locals> = {}) => {
      const { html } = await see(`/staff/newsletters/${id}/send`, { staff: writer, ...locals });
      expectSound(html);
      return elements(html, "input")
        .filter(({ name }) => name === "when" || name === "web")
        .map((box) => [box["value"], "checked" in box]);
    };
    const asAtFirst = [
      ["now", true],
      ["later", false],
      ["true", true],
    ];
    expect(await boxes()).toEqual(asAtFirst);
    await db.update(lists).set({ isPublic: false });
    expect(await boxes()).toEqual([...asAtFirst.slice(0, 2), ["true", false]]);
    await db.update(lists).set({ isPublic: true });
    const form = { values: { when: "later", at: "2020-01-01T10:00", version: "1" }, errors: { at: "これから" } };
    expect(await boxes({ form })).toEqual([
      ["now", false],
      ["later", true],
      ["true", false],
    ]);
  });

  /** The buttons of a page's own forms: where they post to, and the hidden fields. */
  const presses = (html: string) =>
    elements(/<main.*<\/main>/su.exec(html)?.[0] ?? "", "form")
      .map(({ action = "" }) => action.split("/").slice(4).join("/"))
      .filter((action) => action !== "duplicate"); // of every issue that is no draft

  test("before sending, a mistake stands in place of the button, with its line and the way to it; so does a list of nobody", async () => {
    const show = async (body: string) => {
      const id = await makeIssue(writer, "題", body);
      const { html } = await see(`/staff/newsletters/${id}/send`, { staff: writer });
      expectSound(html);
      return { html, buttons: presses(html), ways: elements(html, "a").map(({ href }) => href), id };
    };
    const nobody = await show("文");
    expect([nobody.buttons, nobody.html.includes("読者がまだいない")]).toEqual([[], true]);
    await makeSubscriber("hanako@example.jp");
    const wrong = await show("はじめ\n\n[申し込む](ftp://example.jp/)");
    expect(wrong.buttons).toEqual([]);
    expect(wrong.html).toContain("直すところが 1 か所あります");
    expect(wrong.html).toMatch(/3 行目<\/b> <q[^>]*>\[申し込む\]/u);
    expect(wrong.ways).toContain(`/staff/newsletters/${wrong.id}#body`);
    expect((await show("文")).buttons).toEqual(["send"]);
  });

  test("an issue whose time passed asks what to do, and can be sent, moved or taken back", async () => {
    await makeSubscriber("hanako@example.jp");
    const id = await makeIssue(writer);
    await scheduleNewsletter(writer, id, { version: 1, isForWeb: false });
    await bringForward(id, "2 hours");
    const { html } = await see(`/staff/newsletters/${id}`, { staff: writer });
    expectSound(html);
    expect(presses(html)).toEqual(["send", "unschedule"]);
    expect(html).toContain("いつ送るかを、決めてください");
    expect(presses((await see(`/staff/newsletters/${id}/send`, { staff: writer })).html)).toEqual(["send"]);
    expect((await see("/staff/newsletters", { staff: writer })).html).toContain("に送る予定でした");
  });

  test("an issue on its way shows the buttons of its state, and refreshes its numbers where script runs", async () => {
    const { id, rows } = await sendTo(writer, 3);
    const show = async () => {
      const { html } = await see(`/staff/newsletters/${id}`, { staff: writer });
      expectSound(html);
      return html;
    };
    const sending = await show();
    expect(presses(sending)).toEqual(["pause", "cancel"]);
    expect(elements(sending, "live-part").map((part) => part["data-state"])).toEqual(["sending open 0 waits"]);
    expect(sending).not.toMatch(/速さ|この30秒/u);
    await db.update(deliveries).set({ queuedAt: sql`queued_at - interval '31 seconds'` });
    expect(await show()).toContain("この30秒のあいだに送れたメールはありません");
    await become(rows[0], "accepted");
    expect(await show()).toContain("1 分に 2 通の速さ");
    await pauseNewsletter(writer, id);
    expect(presses(await show())).toEqual(["resume", "cancel"]);
    await cancelNewsletter(writer, id);
    const ended = await show();
    expect([presses(ended), ended.includes("3 人のうち 1 人に送ったところで、取りやめました")]).toEqual([[], true]);
    expect(ended).not.toContain("ほかに、");
    await become(rows[1], "uncertain");
    await become(rows[2], "failed");
    expect(await show()).toContain(
      "取りやめました。ほかに、届いたか不明のメールが 1 件、届かなかったメールが 1 件あります。残りの人には送っていません",
    );
  });

  test("an issue that has ended offers to send again, together, what was refused", async () => {
    const { id, rows } = await sendTo(writer, 3);
    for (const row of rows.slice(0, 2)) await become(row, "failed", "550 5.4.5");
    const show = async () => (await see(`/staff/newsletters/${id}`, { staff: writer })).html;
    expect(presses(await show())).toEqual(["pause", "cancel"]);
    await become(rows[2], "accepted");
    await advanceNewsletters();
    const html = await show();
    expect(presses(html)).toEqual(["refused/resend"]);
    expect(html).toContain("届かなかった 2 件を、まとめてもう一度送る");
    expect(elements(html, "input").find(({ name }) => name === "count")?.["value"]).toBe("2");
  });

  test("a scheduled issue says when it begins and whether it goes on the web, and can be stopped", async () => {
    await makeSubscriber("hanako@example.jp");
    const id = await makeIssue(writer);
    await scheduleNewsletter(
      writer,
      id,
      {
        ...{ version: 1, isForWeb: false, at: new Date("2026-12-24T01:00:00Z") },
      },
      { now: new Date("2026-12-01T00:00:00Z") },
    );
    const { html } = await see(`/staff/newsletters/${id}`, { staff: writer });
    expectSound(html);
    expect(html).toContain("のせません");
    expect(presses(html)).toEqual(["unschedule"]);
    expect((await see("/staff/newsletters", { staff: writer })).html).toContain("に送り始めます");
  });

  test("an issue that nobody would have got says so on its draft", async () => {
    await makeSubscriber("hanako@example.jp");
    const id = await makeIssue(writer);
    await scheduleNewsletter(writer, id, { version: 1, isForWeb: true });
    await db.delete(subscriptions);
    await bringForward(id, "2 minutes");
    await advanceNewsletters();
    const { html } = await see(`/staff/newsletters/${id}`, { staff: writer });
    expect(html).toContain("登録を確認した読者がいなかったため");
  });

  test("messages of unknown fate are listed with the reason in words, each with two buttons, and both for all", async () => {
    const { id, rows } = await sendTo(writer, 3);
    for (const row of rows.slice(0, 2)) await become(row, "uncertain", "sender died");
    await become(rows[2], "accepted");
    await advanceNewsletters();
    expect((await see(`/staff/newsletters/${id}`, { staff: writer })).html).toContain(
      "届いたか不明の 2 件を見て決める",
    );
    const show = async () => {
      const { html } = await see(`/staff/newsletters/${id}/uncertain`, { staff: writer });
      expectSound(html);
      return html;
    };
    const html = await show();
    expect(presses(html)).toEqual(Array.from({ length: 3 }, () => ["uncertain/leave", "uncertain/resend"]).flat());
    expect(html).toContain("送っている途中で、送信のプログラムが止まりました。");
    expect(html).not.toContain("reader0@example.jp");
    await leaveUncertain(writer, id, { count: 2 });
    await advanceNewsletters();
    expect(await show()).toContain("このままにしたもの");
    const over = (await see(`/staff/newsletters/${id}`, { staff: writer })).html;
    expect([over.includes("に送り終わりました"), over.includes("このままにした 2 件")]).toEqual([true, true]);
  });

  test("the web copy's page offers what its state allows, and keeps both texts apart", async () => {
    await makeSubscriber("hanako@example.jp");
    const id = await makeIssue(writer, "題", "送った文");
    expect((await see(`/staff/newsletters/${id}/web`, { staff: writer })).status).toBe(303);
    await sendAndDeliver(id);
    const show = async (form?: App.Locals["form"]) => {
      const { html } = await see(`/staff/newsletters/${id}/web`, { staff: writer, ...(form && { form }) });
      expectSound(html);
      return html;
    };
    expect(presses(await show())).toEqual(["web/withdraw", "web"]);
    await correctWeb(writer, id, { subject: "題", body: "直した文", version: 1 });
    await withdrawFromWeb(writer, id);
    const html = await show({
      values: { subject: "題", body: "わたしの訂正", version: "1" },
      errors: { form: "先に訂正" },
    });
    expect(presses(html)).toEqual(["web/publish", "web"]);
    for (const text of ["わたしの訂正", "直した文", "送った文"]) expect(html).toContain(text);
  });

  test("a draft shows what a telephone will, cut where it cuts", async () => {
    const id = await makeIssue(writer, "とても長い件名なので電話では途中で切れます", "## はじめ\n\n本文の言葉です。");
    const { html } = await see(`/staff/newsletters/${id}`, { staff: writer });
    expect(html).toMatch(/<p class="title"[^>]*>とても長い件名なので電話では途中で切…</u);
    expect(html).toMatch(/<p class="beside"[^>]*>はじめ 本文の言葉です。</u);
    expect(html).toContain("件名の「れます」は");
    const family = await makeIssue(writer, "👨‍👩‍👧‍👦".repeat(18), "文");
    expect((await see(`/staff/newsletters/${family}`, { staff: writer })).html).not.toContain("一覧では見えないこと");
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
    await sendNewsletterCommand(id);
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
      await sendNewsletterCommand(id);
      const { status, html } = await see(path, { staff: writer });
      expect(status).toBe(200);
      expectSound(html);
    },
  );
});
