import { eq } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import type { Staff } from "#db/actor.ts";
import { db } from "#db/client.ts";
import { deliveries, newsletters } from "#db/schema/mail.ts";
import { getNewsletter, viewLists } from "#emails/newsletters/newsletters.ts";
import { sendNewsletterCommand } from "#emails/newsletters/send.ts";
import { createNewsletter, saveNewsletter, sendTest } from "#emails/newsletters/write.ts";
import { deleteReaders, makeStaff, makeSubscriber } from "../fixtures.ts";
import { form, mailApp } from "../requests.ts";

let writer: Staff;
beforeEach(async () => {
  await deleteReaders();
  writer = await makeStaff("fundraiser");
});

const draft = { subject: "秋のたより", body: "## こんにちは\n\n講演会のお知らせです。" };
const create = () => createNewsletter(writer, draft);

async function readers(confirmed: number) {
  for (let i = 0; i < confirmed; i++) await makeSubscriber(`reader${i}@example.jp`);
  await makeSubscriber("pending@example.jp", "pending");
  await makeSubscriber("left@example.jp", "unsubscribed");
}

async function rows(id: string) {
  return db.select().from(deliveries).where(eq(deliveries.newsletterId, id));
}

describe("writing", () => {
  test("two people who save the same version: the second is refused, and neither text is lost", async () => {
    const id = await create();
    const other = await makeStaff("manager");
    await saveNewsletter(other, id, { subject: "ほかの題", body: "ほかの文", version: 1 });
    await expect(saveNewsletter(writer, id, { ...draft, body: "わたしの文", version: 1 })).rejects.toThrow("先に保存");
    const { issue } = await getNewsletter(writer, id);
    expect([issue.subject, issue.body, issue.version]).toEqual(["ほかの題", "ほかの文", 2]);
    await saveNewsletter(writer, id, { ...draft, body: "わたしの文", version: 2 });
    expect((await getNewsletter(writer, id)).issue.body).toBe("わたしの文");
  });

  test("a test mail goes to the asker alone", async () => {
    await readers(2);
    const id = await create();
    await sendTest(writer, id);
    expect(
      (await rows(id)).map(({ kind, lane, staffId, subscriberId }) => [kind, lane, staffId, subscriberId]),
    ).toEqual([["newsletter_test", "transactional", writer.id, null]]);
  });
});

describe("the list", () => {
  const listOf = async (id: string) => (await getNewsletter(writer, id)).list.slug;

  test("is the newsletter unless chosen, can change while a draft, and stays when not named", async () => {
    const id = await create();
    expect(await listOf(id)).toBe("news");
    await saveNewsletter(writer, id, { ...draft, list: "events", version: 1 });
    await saveNewsletter(writer, id, { ...draft, version: 2 });
    expect(await listOf(id)).toBe("events");
    await makeSubscriber("hanako@example.jp", "confirmed", "events");
    await sendNewsletterCommand(id);
    await expect(saveNewsletter(writer, id, { ...draft, list: "news", version: 4 })).rejects.toThrow("もう送信");
    expect(await listOf(id)).toBe("events");
  });

  test("decides who is written to", async () => {
    await makeSubscriber("news@example.jp");
    const { subscriberId } = await makeSubscriber("events@example.jp", "confirmed", "events");
    await makeSubscriber("asked@example.jp", "pending", "events");
    const id = await createNewsletter(writer, { ...draft, list: "events" });
    expect((await getNewsletter(writer, id)).readers).toBe(1);
    expect(await sendNewsletterCommand(id)).toMatchObject({ audience: 1 });
    expect((await rows(id)).map((row) => row.subscriberId)).toEqual([subscriberId]);
  });

  test("must be there", async () => {
    await expect(createNewsletter(writer, { ...draft, list: "gossip" })).rejects.toMatchObject({
      errors: { list: expect.stringContaining("もう一度選んで") },
    });
    const id = await create();
    await expect(saveNewsletter(writer, id, { ...draft, list: "", version: 1 })).rejects.toThrow("invalid");
    const refused = await mailApp(writer).request("/staff/newsletters", form({ ...draft, list: "gossip" }));
    expect(refused.status).toBe(422);
  });

  test("is chosen beside the number it would reach", async () => {
    await readers(2);
    const seen = (await viewLists(writer)).map((list) => [list.slug, list.name, list.readers]);
    expect(seen).toEqual([
      ["news", "メールマガジン", 2],
      ["events", "催しのお知らせ", 0],
      ["professionals", "学校・医療・福祉の方へ", 0],
    ]);
  });
});

describe("by HTTP", () => {
  test("write, save, try, send, with plain forms", async () => {
    await readers(2);
    const app = mailApp(writer);
    const created = await app.request(
      "/staff/newsletters",
      form({ subject: " 秋の\r\nたより ", body: "本文\r\nです" }),
    );
    const [page = ""] = (created.headers.get("location") ?? "").split("?");
    const id = page.split("/").at(-1) ?? "";
    expect([created.status, page]).toEqual([303, `/staff/newsletters/${id}`]);
    const { issue } = await getNewsletter(writer, id);
    expect([issue.subject, issue.body]).toEqual(["秋の たより", "本文\nです"]);
    const done = async (path: string, fields: Record<string, string>) => {
      const response = await app.request(`${page}${path}`, form(fields));
      return [response.status, response.headers.get("location")];
    };
    expect(await done("", { subject: "冬", body: "本文", version: "1" })).toEqual([303, `${page}?done=saved`]);
    expect((await done("", { subject: "夏", body: "別", version: "1" }))[0]).toBe(409);
    expect(await done("/test", { version: "2" })).toEqual([303, `${page}/preview?done=tested`]);
    expect(await done("/send", { version: "2", when: "now" })).toEqual([303, `${page}?done=starting`]);
    expect((await done("/send", { version: "2", when: "now" }))[0]).toBe(409);
    expect((await rows(id)).map(({ kind }) => kind)).toEqual(["newsletter_test"]);
  });

  test("text copied from Word is taken: its breaks of lines and pages are line breaks", async () => {
    const body = "一行目\u000b二行目\r\n三行目\u000c四行目\u2028五行目";
    await mailApp(writer).request("/staff/newsletters", form({ subject: "題\u000bの続き", body }));
    const [issue] = await db.select().from(newsletters);
    expect([issue?.subject, issue?.body]).toEqual(["題 の続き", "一行目\n二行目\n三行目\n四行目\n五行目"]);
  });

  test("a new draft that is empty, too long, or has control characters, is refused by field", async () => {
    for (const [fields, wrong] of [
      [{ subject: " ", body: "\n" }, "subject"],
      [{ subject: "題\u0000", body: "本文" }, "subject"],
      [{ subject: "題".repeat(201), body: "本文" }, "subject"],
      [{ subject: "題", preheader: "前".repeat(201), body: "本文" }, "preheader"],
      [{ subject: "題", body: "a\u0000b" }, "body"],
      [{ subject: "題", body: "あ".repeat(20_001) }, "body"],
    ] as const) {
      const response = await mailApp(writer).request("/staff/newsletters", form({ ...fields }));
      expect([response.status, Object.keys(((await response.json()) as { errors: object }).errors)]).toEqual([
        422,
        [wrong],
      ]);
    }
    expect(await db.select().from(newsletters)).toEqual([]);
  });
});
