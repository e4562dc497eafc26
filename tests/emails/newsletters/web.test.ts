/** The copy of an issue on the web: it appears with the first mail, can be withdrawn and corrected, and is listed where it is shown. */

import { eq, sql } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import type { Staff } from "#db/actor.ts";
import { db } from "#db/client.ts";
import { newsletters } from "#db/schema/mail.ts";
import { noMaterial } from "#emails/markdown/material.ts";
import { byYear, getPublished, listPublished, type PublishedIssue } from "#emails/newsletters/archive.ts";
import { feedOf } from "#emails/newsletters/feed.ts";
import { getNewsletter } from "#emails/newsletters/newsletters.ts";
import { cancelNewsletter } from "#emails/newsletters/pause.ts";
import { scheduleNewsletter } from "#emails/newsletters/send.ts";
import { correctWeb, publishOnWeb, webStateOf, withdrawFromWeb } from "#emails/newsletters/web.ts";
import { createNewsletter } from "#emails/newsletters/write.ts";
import { advanceNewsletters } from "#emails/outbox/advance-newsletters.ts";
import { deleteReaders, makeStaff, makeSubscriber, sendAndDeliver } from "../fixtures.ts";
import { form, mailApp } from "../requests.ts";
import { become, bringForward, copiesOf, draft, issueOf, makeReaders, sendTo } from "./issues.ts";

let writer: Staff;
beforeEach(async () => {
  await deleteReaders();
  writer = await makeStaff("fundraiser");
});

const listed = async () => (await listPublished()).map(({ subject }) => subject);
async function pageOf(id: string): Promise<PublishedIssue> {
  const page = await getPublished((await issueOf(id)).slug);
  if (page === "withdrawn") throw new Error("it was withdrawn");
  return page;
}
/** An issue that was sent, and is on the web. */
async function sent(subject = draft.subject, list?: string): Promise<string> {
  const id = await createNewsletter(writer, { ...draft, subject, list });
  await sendAndDeliver(id);
  return id;
}
/** An issue that was sent with this decision about the web, and its messages. */
async function begun(isForWeb: boolean) {
  await makeReaders(2);
  const id = await createNewsletter(writer, draft);
  await scheduleNewsletter(writer, id, { version: 1, isForWeb });
  await bringForward(id, "2 minutes");
  await advanceNewsletters();
  return { id, rows: await copiesOf(id) };
}

describe("a copy on the web", () => {
  test("appears once the first mail was accepted, not before", async () => {
    const { id, rows } = await begun(true);
    await become(rows[0], "failed", "550");
    await advanceNewsletters();
    expect([await listed(), webStateOf(await issueOf(id))]).toEqual([[], "waits"]);
    await expect(getPublished((await issueOf(id)).slug)).rejects.toMatchObject({ name: "NotFound" });
    await become(rows[1], "accepted", "250");
    await advanceNewsletters();
    expect([await listed(), webStateOf(await issueOf(id))]).toEqual([[draft.subject], "shown"]);
    expect((await pageOf(id)).body).toBe(draft.body);
  });

  test("is a decision of its own: without it, the issue goes out and never appears", async () => {
    const { id, rows } = await begun(false);
    for (const row of rows) await become(row, "accepted", "250");
    await advanceNewsletters();
    await advanceNewsletters();
    expect([(await issueOf(id)).state, await listed()]).toEqual(["sent", []]);
    await publishOnWeb(writer, id);
    expect(await listed()).toEqual([draft.subject]);
    await expect(publishOnWeb(writer, id)).rejects.toThrow("もうサイトに出ています");
  });

  test("tells the pages once that they changed, not with every look", async () => {
    const { rows } = await begun(true);
    let changes = 0;
    const { unlisten } = await db.$client.listen("pages_changed", () => changes++);
    for (let look = 0; look < 3; look++) await advanceNewsletters();
    await become(rows[0], "accepted", "250");
    for (let look = 0; look < 3; look++) await advanceNewsletters();
    await expect.poll(() => changes).toBe(1);
    await unlisten();
  });

  test("that is withdrawn is gone, answers that it was there, and can be published again", async () => {
    await makeReaders(1);
    const [first, second] = [await sent("一号"), await sent("二号")];
    await withdrawFromWeb(writer, second);
    const { slug } = await issueOf(second);
    expect([await listed(), await getPublished(slug), (await pageOf(first)).later]).toEqual([
      ...[["一号"], "withdrawn", undefined],
    ]);
    await advanceNewsletters();
    expect(await listed()).toEqual(["一号"]); // it does not come back by itself
    await expect(withdrawFromWeb(writer, second)).rejects.toThrow("いまサイトに出ていません");
    await publishOnWeb(writer, second);
    expect([await listed(), (await pageOf(first)).later?.subject]).toEqual([["二号", "一号"], "二号"]);
  });

  test("does not wait for a first mail any more once the issue was cancelled without one", async () => {
    const { id } = await begun(true);
    await cancelNewsletter(writer, id);
    await advanceNewsletters();
    expect([await listed(), webStateOf(await issueOf(id))]).toEqual([[], "none"]);
  });

  test("that has not appeared yet can be held back", async () => {
    const { id, rows } = await begun(true);
    await withdrawFromWeb(writer, id);
    await become(rows[0], "accepted", "250");
    await advanceNewsletters();
    expect([await listed(), webStateOf(await issueOf(id))]).toEqual([[], "none"]);
  });

  test("is corrected with the day of it, while the mail stays as it was mailed", async () => {
    await makeReaders(1);
    const id = await sent();
    await correctWeb(writer, id, { subject: "秋のたより（訂正）", body: "正しい文", version: 1 });
    const page = await pageOf(id);
    expect([page.subject, page.body, page.correctedAt instanceof Date]).toEqual([
      "秋のたより（訂正）",
      "正しい文",
      true,
    ]);
    const { issue } = await getNewsletter(writer, id);
    expect([issue.subject, issue.body]).toEqual([draft.subject, draft.body]);
    await expect(correctWeb(writer, id, { ...draft, version: 1 })).rejects.toThrow("ほかの人が訂正していました");
    expect((await pageOf(id)).body).toBe("正しい文");
    await correctWeb(writer, id, { ...draft, version: 2 });
    expect(await pageOf(id)).toMatchObject({ ...draft, correctedAt: null });
  });

  test("needs an issue that was sent", async () => {
    const id = await createNewsletter(writer, draft);
    for (const act of [
      () => publishOnWeb(writer, id),
      () => withdrawFromWeb(writer, id),
      () => correctWeb(writer, id, { ...draft, version: 1 }),
    ])
      await expect(act()).rejects.toThrow("まだ送っていない");
  });

  test("is published, withdrawn and corrected by plain forms", async () => {
    const { id } = await sendTo(writer, 1);
    const press = async (path: string, fields: Record<string, string> = {}) => {
      const answer = await mailApp(writer).request(`/staff/newsletters/${id}/web${path}`, form(fields));
      return [answer.status, answer.headers.get("location")?.split("/").at(-1)];
    };
    expect(await press("/publish")).toEqual([303, "web?done=published"]);
    expect(await press("/withdraw")).toEqual([303, "web?done=withdrawn"]);
    expect(await press("", { subject: "題", body: "文", version: "1" })).toEqual([303, "web?done=corrected"]);
    expect((await press("", { subject: "題", body: "  ", version: "2" }))[0]).toBe(422);
    expect((await press("", { subject: "題", body: "文", version: "1" }))[0]).toBe(409);
  });
});

describe("the archive", () => {
  test("shows what is on the web, never a draft", async () => {
    await makeReaders(1);
    const hidden = await createNewsletter(writer, { ...draft, subject: "下書き" });
    const [id] = [await sent()];
    const [issue] = await listPublished();
    expect([(await listPublished()).length, issue?.slug]).toEqual([1, (await issueOf(id)).slug]);
    await expect(getPublished((await issueOf(hidden)).slug)).rejects.toMatchObject({ name: "NotFound" });
  });

  test("keeps issues of before in it, which were published when they were sent", async () => {
    const id = await createNewsletter(writer, draft);
    const times = { sentAt: sql`now()`, webPublishedAt: sql`now()`, finishedAt: sql`now()` };
    await db
      .update(newsletters)
      .set({ ...times, state: "sent", isForWeb: true, audience: 0 })
      .where(eq(newsletters.id, id));
    expect(await listed()).toEqual([draft.subject]);
  });

  test("leads from issue to issue, over all lists, in the order they left", async () => {
    await makeReaders(1);
    await makeSubscriber("events@example.jp", "confirmed", "events");
    const slugs = [];
    for (const list of ["news", "events", "news"]) slugs.push((await issueOf(await sent("号", list))).slug);
    const ways = [];
    for (const slug of slugs) {
      const page = await getPublished(slug);
      if (page !== "withdrawn") ways.push([page.list, page.earlier?.slug, page.later?.slug]);
    }
    expect(ways).toEqual([
      ["メールマガジン", undefined, slugs[1]],
      ["催しのお知らせ", slugs[0], slugs[2]],
      ["メールマガジン", slugs[1], undefined],
    ]);
  });

  const issue = { slug: "", subject: "", body: "", list: "", correctedAt: null };

  test("goes by the years of Japan", () => {
    const issues = [
      { ...issue, slug: "c", sentAt: new Date("2026-12-31T15:00:00Z") },
      { ...issue, slug: "b", sentAt: new Date("2026-12-31T14:59:59Z") },
      { ...issue, slug: "a", sentAt: new Date("2026-01-05T03:00:00Z") },
    ];
    expect(byYear(issues).map(([year, those]) => [year, those.map(({ slug }) => slug)])).toEqual([
      ["2027", ["c"]],
      ["2026", ["b", "a"]],
    ]);
  });

  test("the feed is Atom with everything escaped, and tells readers of a correction", () => {
    const sentAt = new Date("2026-11-20T03:00:00Z");
    const words = { subject: "A & <B>\u0001", body: "**太字** <script>", list: "催し" };
    const feed = feedOf([{ ...issue, ...words, slug: "2026-11-20-0a", sentAt }], noMaterial);
    expect(feed).toContain("<title>A &#38; &#60;B&#62;</title>");
    expect(feed).toContain("&#60;strong&#62;太字");
    expect(feed).toContain("<updated>2026-11-20T03:00:00.000Z</updated>");
    expect(feed).toContain('<link rel="self" type="application/atom+xml" href="');
    expect(feed).toContain('<category term="催し"/>');
    expect(feed).not.toMatch(/<script|<strong|\u0001/u);
    const corrected = feedOf(
      [{ ...issue, ...words, sentAt, correctedAt: new Date("2026-11-22T03:00:00Z") }],
      noMaterial,
    );
    expect(corrected.match(/<updated>2026-11-22T03:00:00.000Z<\/updated>/gu)?.length).toBe(2);
    expect(corrected).toContain("<published>2026-11-20T03:00:00.000Z</published>");
  });

  test("the feed leaves out what XML cannot hold, wherever it stands, and keeps every letter", () => {
    const outside = ["\u0000", "\u000b", "\u000c", "\u001f", "\ufffe", "\uffff", "\ud800", "\udc00"];
    const broken = outside.join("題");
    const sound = "題".repeat(outside.length - 1);
    const words = { subject: `${broken}𠮷👨‍👩‍👧\ufffd`, body: broken, list: broken };
    const feed = feedOf([{ ...issue, ...words, sentAt: new Date(0) }], noMaterial);
    expect(feed).toContain(`<title>${sound}𠮷👨‍👩‍👧\ufffd</title>`);
    expect(feed).toContain(`<category term="${sound}"/>`);
    expect(feed).not.toMatch(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u);
  });

  test("the feed is served with what is on the web alone", async () => {
    await makeReaders(1);
    const [, second] = [await sent("一号"), await sent("二号")];
    const feed = async () => (await mailApp().request("/newsletter/feed.xml")).text();
    expect((await feed()).match(/<entry>/gu)?.length).toBe(2);
    await withdrawFromWeb(writer, second);
    expect(await feed()).not.toContain("二号");
    const { status, headers } = await mailApp().request("/newsletter/feed.xml");
    expect([status, headers.get("content-type")]).toEqual([200, "application/atom+xml; charset=utf-8"]);
  });
});
