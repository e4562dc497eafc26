/** One form whose buttons save first; drafts that are copied and deleted; lists with a reply address. */

import { eq, sql } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import type { Staff } from "#db/actor.ts";
import { db } from "#db/client.ts";
import { deliveries, lists, newsletters, newsletterTests } from "#db/schema/mail.ts";
import { tokenForId } from "#db/vault/tokens.ts";
import { changeList, factsMark, getList } from "#emails/lists/change-list.ts";
import { describePreferences, savePreferences } from "#emails/lists/preferences.ts";
import { deleteNewsletter, ownPictures } from "#emails/newsletters/delete.ts";
import { draftOfToday, getNewsletter, lastSaved } from "#emails/newsletters/newsletters.ts";
import { sendNewsletterCommand } from "#emails/newsletters/send.ts";
import { correctWeb } from "#emails/newsletters/web.ts";
import { createNewsletter, duplicateNewsletter, saveNewsletter, sendTest } from "#emails/newsletters/write.ts";
import { compose } from "#emails/outbox/compose.ts";
import { claimBatch } from "#emails/outbox/outbox.ts";
import { deleteReaders, makeStaff, makeSubscriber } from "../fixtures.ts";
import { form, json, mailApp } from "../requests.ts";

let writer: Staff;
beforeEach(async () => {
  await deleteReaders();
  writer = await makeStaff("fundraiser");
});

const written = { subject: "秋のたより", preheader: "会のご案内", showsSubject: true, body: "本文です。" };
const issueOf = async (id: string) => (await getNewsletter(writer, id)).issue;
const noPictures = async () => {};

describe("every button saves first", () => {
  const fields = { subject: "冬", preheader: "前", shows_subject: "true", body: "新しい文", list: "events" };
  const press = async (id: string, button: string, over: Record<string, string> = {}) => {
    const { version } = await issueOf(id);
    const sent = { ...fields, version: String(version), press: button, ...over };
    const answer = await mailApp(writer).request(`/staff/newsletters/${id}`, form(sent));
    return [answer.status, answer.headers.get("location")];
  };

  test.each([
    ["save", "?done=saved"],
    ["test", "?done=tested"],
    ["preview", "/preview"],
    ["insert", "/insert"],
    ["send", "/send"],
  ])("%s", async (button, led) => {
    const id = await createNewsletter(writer, written);
    expect(await press(id, button)).toEqual([303, `/staff/newsletters/${id}${led}`]);
    const { subject, preheader, showsSubject, body, version } = await issueOf(id);
    expect([subject, preheader, showsSubject, body, version]).toEqual(["冬", "前", true, "新しい文", 2]);
    expect((await getNewsletter(writer, id)).list.slug).toBe("events");
  });

  test("a full-width blank in the subject stays one; breaks and tabs become one space", async () => {
    const id = await createNewsletter(writer, written);
    await press(id, "save", { subject: " 秋のたより　第12号\t\r\n ：講演会", preheader: "　お知らせ　です " });
    const { subject, preheader } = await issueOf(id);
    expect([subject, preheader]).toEqual(["秋のたより　第12号 ：講演会", "　お知らせ　です"]);
  });

  test("the test mail holds the text that was typed", async () => {
    const id = await createNewsletter(writer, written);
    await press(id, "test");
    const [row] = await db.select().from(deliveries).where(eq(deliveries.newsletterId, id));
    const mail = await compose({ ...row, attempts: 1 } as unknown as Parameters<typeof compose>[0]);
    expect(mail).toMatchObject({ subject: "［試し送り］冬", text: expect.stringContaining("新しい文") });
  });

  test("and goes on holding it, whatever is saved before it leaves", async () => {
    const id = await createNewsletter(writer, written);
    await press(id, "test");
    await press(id, "save", { body: "あとの文", subject: "後", list: "news" });
    await sendTest(writer, id);
    const rows = await db.select().from(deliveries).where(eq(deliveries.newsletterId, id)).orderBy(deliveries.queuedAt);
    const mails = await Promise.all(
      rows.map((row) => compose({ ...row, attempts: 1 } as unknown as Parameters<typeof compose>[0])),
    );
    expect(mails).toMatchObject([
      { subject: "［試し送り］冬", text: expect.stringMatching(/新しい文[^]*催しのお知らせ/u) },
      { subject: "［試し送り］後", text: expect.stringContaining("あとの文") },
    ]);
    await db.update(deliveries).set({ state: "accepted", finishedAt: new Date() });
    await sendTest(writer, id);
    expect((await db.select().from(newsletterTests)).map(({ body }) => body)).toEqual(["あとの文"]);
  });

  test("a copy has the text that was typed, and so has the draft it was made of", async () => {
    const id = await createNewsletter(writer, written);
    const [status, location] = await press(id, "duplicate");
    const [, copy = ""] = /^\/staff\/newsletters\/([\da-f-]{36})\?done=duplicated$/u.exec(String(location)) ?? [];
    const typed = { subject: "冬", preheader: "前", body: "新しい文" };
    expect([status, copy === id]).toEqual([303, false]);
    expect([await issueOf(copy), await issueOf(id)]).toMatchObject([
      { ...typed, version: 1 },
      { ...typed, version: 2 },
    ]);
  });

  test("an unfinished draft is saved, and neither tested nor sent", async () => {
    const id = await createNewsletter(writer, { subject: "", body: "" });
    for (const button of ["test", "send"])
      expect(await press(id, button, { subject: "", body: "書きかけ" })).toEqual([
        303,
        `/staff/newsletters/${id}?done=unfinished`,
      ]);
    expect((await issueOf(id)).body).toBe("書きかけ");
    expect(await db.select().from(deliveries)).toEqual([]);
    await expect(sendTest(writer, id)).rejects.toThrow("両方");
  });

  test("a new issue's buttons too; a box that is not ticked is not", async () => {
    const answer = await mailApp(writer).request(
      "/staff/newsletters",
      form({ subject: "題", body: "文", press: "preview" }),
    );
    const id = /^\/staff\/newsletters\/([^/]+)\/preview$/u.exec(answer.headers.get("location") ?? "")?.[1] ?? "";
    expect((await issueOf(id)).showsSubject).toBe(false);
    await press(id, "save", { shows_subject: "false" });
    expect((await issueOf(id)).showsSubject).toBe(false);
  });

  test("nothing is done with a text that somebody else has replaced", async () => {
    const id = await createNewsletter(writer, written);
    await saveNewsletter(await makeStaff(), id, { ...written, body: "ほかの文", version: 1 });
    for (const button of ["save", "test", "preview", "insert", "send", "duplicate"])
      expect((await press(id, button, { version: "1" }))[0]).toBe(409);
    await expect(sendTest(writer, id, 1)).rejects.toThrow("書き直して");
    expect([(await issueOf(id)).body, await db.select().from(deliveries)]).toEqual(["ほかの文", []]);
    expect(await db.$count(newsletters)).toBe(1);
  });

  test("what a program does not name stays", async () => {
    const id = await createNewsletter(writer, written);
    await mailApp(writer).request(
      `/staff/newsletters/${id}`,
      json({ subject: "題", body: "文", version: 1, shows_subject: true }),
    );
    expect((await issueOf(id)).preheader).toBe("会のご案内");
  });
});

test("a draft says who saved it last", async () => {
  const id = await createNewsletter(writer, written);
  const other = await makeStaff();
  await db.execute(sql`update staff set name = '田中' where id = ${other.id}`);
  await saveNewsletter(other, id, { ...written, version: 1 });
  const saved = await lastSaved(await issueOf(id));
  expect(saved?.by).toBe("田中");
  expect(Math.abs((saved?.at.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
});

describe("a copy", () => {
  test("of what was sent is a new draft with the same words and list, by whoever asked", async () => {
    await makeSubscriber("a@example.jp", "confirmed", "events");
    const id = await createNewsletter(await makeStaff(), { ...written, list: "events" });
    await sendNewsletterCommand(id);
    const copy = await issueOf((await duplicateNewsletter(writer, id)).id);
    const { subject, preheader, showsSubject, body, listId } = await issueOf(id);
    expect(copy).toMatchObject({
      subject,
      preheader,
      showsSubject,
      body,
      listId,
      state: "draft",
      version: 1,
      sentAt: null,
    });
    expect([copy.authorId, copy.lastWriterId]).toEqual([writer.id, writer.id]);
  });
});

describe("a copy of an issue whose words on the web were corrected", () => {
  test("has the corrected words, and says so", async () => {
    await makeSubscriber("hanako@example.jp");
    const id = await createNewsletter(writer, written);
    await sendNewsletterCommand(id);
    await correctWeb(writer, id, { subject: "正しい題", body: "正しい文", version: 1 });
    const answer = await mailApp(writer).request(`/staff/newsletters/${id}/duplicate`, form({}));
    const [, copy = "", notice] = /([\da-f-]{36})\?done=(\w+)$/u.exec(answer.headers.get("location") ?? "") ?? [];
    expect([await issueOf(copy), notice]).toMatchObject([
      { ...written, subject: "正しい題", body: "正しい文" },
      "duplicated_correction",
    ]);
    expect((await issueOf(id)).body).toBe(written.body);
  });
});

describe("a draft that was begun today", () => {
  const hour = 3_600_000;
  test("is the newest own one, and none that was sent or is somebody else's", async () => {
    const now = new Date();
    expect(await draftOfToday(writer, now)).toBeUndefined();
    await createNewsletter(await makeStaff("fundraiser"), written);
    expect(await draftOfToday(writer, now)).toBeUndefined();
    const first = await createNewsletter(writer, written);
    const second = await createNewsletter(writer, written);
    expect((await draftOfToday(writer, now))?.id).toBe(second);
    await makeSubscriber("hanako@example.jp");
    await sendNewsletterCommand(second);
    expect((await draftOfToday(writer, now))?.id).toBe(first);
    expect(await draftOfToday(writer, new Date(now.getTime() + 24 * hour))).toBeUndefined();
  });
});

describe("deleting", () => {
  test("takes a draft away; its test mail stays in the ledger and is not sent any more", async () => {
    const id = await createNewsletter(writer, written);
    await sendTest(writer, id);
    await deleteNewsletter(writer, id, 1, noPictures);
    await expect(issueOf(id)).rejects.toMatchObject({ name: "NotFound" });
    const [row] = await db.select().from(deliveries);
    expect([row?.kind, row?.newsletterId]).toEqual(["newsletter_test", null]);
    expect(await compose({ ...row, attempts: 1 } as unknown as Parameters<typeof compose>[0])).toBe("cancelled");
  });

  test("never takes what was sent, what went out before a restore, or what somebody changed meanwhile", async () => {
    const { subscriberId } = await makeSubscriber("a@example.jp");
    const [sent, restored, changed] = [
      await createNewsletter(writer, written),
      await createNewsletter(writer, written),
      await createNewsletter(writer, written),
    ];
    await sendNewsletterCommand(sent);
    const row = {
      kind: "newsletter",
      lane: "bulk",
      messageId: "<x@example.jp>",
      subscriberId,
      newsletterId: restored,
    } as const;
    await db.insert(deliveries).values(row);
    await saveNewsletter(writer, changed, { ...written, version: 1 });
    for (const [id, version] of [
      [sent, 2],
      [restored, 1],
      [changed, 1],
    ] as const)
      await expect(deleteNewsletter(writer, id, version, noPictures)).rejects.toMatchObject({ name: "Refused" });
    expect(await db.$count(newsletters)).toBe(3);
  });

  test("takes along the pictures that no other issue shows", async () => {
    const [mine, shared] = [crypto.randomUUID(), crypto.randomUUID()];
    const show = (id: string) => `![湖](/pictures/${id})`;
    const id = await createNewsletter(writer, { ...written, body: `${show(mine)}\n\n${show(shared)}` });
    await createNewsletter(writer, { ...written, body: show(shared) });
    expect(await ownPictures(await issueOf(id))).toEqual([mine]);
    let removed: string[] = [];
    await deleteNewsletter(writer, id, 1, async (_tx, ids) => void (removed = ids));
    expect(removed).toEqual([mine]);
  });
});

describe("a list", () => {
  const facts = { name: "催しのお知らせ", description: "年に数回", replyTo: "events@example.jp", isPublic: true };
  const reset = () => db.update(lists).set({ replyTo: "", isPublic: true });

  test("has an address for answers, which its mails carry and other lists' do not", async () => {
    await changeList(writer, "events", facts, factsMark(await getList(writer, "events")));
    const mailOf = async (list: string) => {
      const id = await createNewsletter(writer, { ...written, list });
      const { subscriberId } = await makeSubscriber(`${list}@example.jp`, "confirmed", list);
      await sendNewsletterCommand(id);
      const claimed = (await claimBatch("bulk", 20)).find((delivery) => delivery.subscriberId === subscriberId);
      return claimed && compose(claimed);
    };
    expect(await mailOf("events")).toMatchObject({ replyTo: "events@example.jp" });
    expect(await mailOf("news")).not.toHaveProperty("replyTo");
    await reset();
  });

  test("that somebody else changed is not overwritten", async () => {
    const shown = factsMark(await getList(writer, "events"));
    await changeList(writer, "events", facts, shown);
    await expect(changeList(writer, "events", { ...facts, name: "別" }, shown)).rejects.toThrow("先に変えて");
    expect((await getList(writer, "events")).name).toBe(facts.name);
    await reset();
  });

  test("that is not public takes nobody in, and is shown to its own readers alone", async () => {
    await changeList(writer, "events", { ...facts, isPublic: false }, factsMark(await getList(writer, "events")));
    const inside = await makeSubscriber("in@example.jp", "confirmed", "events");
    const outside = await makeSubscriber("out@example.jp");
    const seen = async ({ subscriberId }: { subscriberId: string }) =>
      (await describePreferences(tokenForId("preferences", subscriberId)))?.lists.map(({ slug }) => slug);
    expect(await seen(inside)).toEqual(["news", "events", "professionals"]);
    expect(await seen(outside)).toEqual(["news", "professionals"]);
    await expect(
      savePreferences(tokenForId("preferences", outside.subscriberId), ["news", "events"], "同意"),
    ).rejects.toMatchObject({ name: "Invalid" });
    const asked = { email: "new@example.jp", lists: ["events"], consent: true };
    expect((await mailApp().request("/api/subscriptions", json(asked))).status).toBe(422);
    await reset();
  });

  test("that is offered beside guides stays public; a reply address has the shape of one", async () => {
    const news = await getList(writer, "news");
    await expect(changeList(writer, "news", { ...news, isPublic: false }, factsMark(news))).rejects.toMatchObject({
      name: "Invalid",
    });
    const answer = await mailApp(writer).request(
      "/staff/newsletters/lists/news",
      form({ name: "名", reply_to: "だれか", shown: factsMark(news) }),
    );
    expect(answer.status).toBe(422);
    await expect(getList(await makeStaff("analyst"), "news")).rejects.toThrow("may not");
  });
});
