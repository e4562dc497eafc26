import { eq, inArray, sql } from "drizzle-orm";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Staff } from "#db/actor.ts";
import { db, transaction } from "#db/client.ts";
import { deliveries, newsletters } from "#db/schema/mail.ts";
import { auditEvents } from "#db/schema/staff.ts";
import type { DeliveryState } from "#db/terms/mail.ts";
import type { Role } from "#db/terms/staff.ts";
import { viewReadership } from "#emails/lists/lists.ts";
import { noMaterial } from "#emails/markdown/material.ts";
import { byYear, getPublished, listPublished } from "#emails/newsletters/archive.ts";
import { feedOf } from "#emails/newsletters/feed.ts";
import { getNewsletter, listNewsletters, viewLists } from "#emails/newsletters/newsletters.ts";
import { sendNewsletter, sendNewsletterCommand } from "#emails/newsletters/send.ts";
import { resendUncertain } from "#emails/newsletters/uncertain.ts";
import { createNewsletter, saveNewsletter, sendTest } from "#emails/newsletters/write.ts";
import { advanceNewsletters } from "#emails/outbox/advance-newsletters.ts";
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
    await sendNewsletter(writer, id, 3);
    await expect(saveNewsletter(writer, id, { ...draft, list: "news", version: 4 })).rejects.toThrow("もう送信");
    expect(await listOf(id)).toBe("events");
  });

  test("decides who is written to", async () => {
    await makeSubscriber("news@example.jp");
    const { subscriberId } = await makeSubscriber("events@example.jp", "confirmed", "events");
    await makeSubscriber("asked@example.jp", "pending", "events");
    const id = await createNewsletter(writer, { ...draft, list: "events" });
    expect((await getNewsletter(writer, id)).readers).toBe(1);
    expect(await sendNewsletter(writer, id, 1)).toBe(1);
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

describe("sending", () => {
  test("fixes the audience: one message for each confirmed reader, each with its own Message-ID", async () => {
    await readers(3);
    const id = await create();
    expect(await sendNewsletter(writer, id, 1)).toBe(3);
    const queued = await rows(id);
    expect(new Set(queued.map(({ subscriberId }) => subscriberId)).size).toBe(3);
    expect(
      queued.map(({ id: own, messageId, lane, state }) => [messageId === `<${own}@example.jp>`, lane, state]),
    ).toEqual(Array.from({ length: 3 }, () => [true, "bulk", "queued"]));
    await makeSubscriber("late@example.jp");
    const { issue, accounting } = await getNewsletter(writer, id);
    expect([issue.state, issue.audience, accounting?.audience, accounting?.remainder]).toEqual(["sending", 3, 3, 0]);
  });

  test("never twice, not even by four presses at once", async () => {
    await readers(2);
    const id = await create();
    let presses: Promise<PromiseSettledResult<number>[]> | undefined;
    await transaction(async (tx) => {
      await tx.select().from(newsletters).where(eq(newsletters.id, id)).for("update");
      presses = Promise.allSettled(Array.from({ length: 4 }, () => sendNewsletter(writer, id, 1)));
      await vi.waitFor(async () => {
        const [row] = await db.execute<{ waiting: number }>(
          sql`select count(*)::int as waiting from pg_locks where not granted`,
        );
        expect(row?.waiting).toBeGreaterThanOrEqual(4); // all four are under way
      });
    });
    const ends = ((await presses) ?? []).map((press) =>
      press.status === "fulfilled" ? press.value : press.reason.name,
    );
    expect(ends.toSorted()).toEqual([2, "Refused", "Refused", "Refused"]);
    await expect(sendNewsletter(writer, id, 2)).rejects.toThrow("もう送信");
    await expect(sendNewsletterCommand(id)).rejects.toThrow("もう送信");
    await expect(saveNewsletter(writer, id, { ...draft, version: 2 })).rejects.toThrow("もう送信");
    expect((await rows(id)).length).toBe(2);
  });

  test.each([
    ["an empty text", { ...draft, body: " \n" }, 1, 1, "両方"],
    ["a text changed since it was read", draft, 1, 9, "変わりました"],
    ["nobody who would get it", draft, 0, 1, "読者がまだいない"],
  ])("refuses %s", async (_name, written, count, version, sentence) => {
    await readers(count);
    const id = await createNewsletter(writer, written);
    await expect(sendNewsletter(writer, id, version)).rejects.toThrow(sentence);
    expect([(await rows(id)).length, (await getNewsletter(writer, id)).issue.state]).toEqual([0, "draft"]);
  });

  test("is over when no message is waiting or under way, and not before", async () => {
    await readers(2);
    const id = await create();
    await sendNewsletter(writer, id, 1);
    const [first, second] = await rows(id);
    const settle = async (row: typeof first, state: DeliveryState) => {
      await db
        .update(deliveries)
        .set({ state })
        .where(eq(deliveries.id, row?.id ?? ""));
      await advanceNewsletters();
      return (await getNewsletter(writer, id)).issue.state;
    };
    expect(await settle(first, "accepted")).toBe("sending");
    expect(await settle(second, "retry")).toBe("sending");
    expect(await settle(second, "leased")).toBe("sending");
    expect(await settle(second, "uncertain")).toBe("sent");
  });

  test("the accounting adds up over every state, and shows it when it does not", async () => {
    await readers(9);
    const id = await create();
    await sendNewsletter(writer, id, 1);
    const states: DeliveryState[] = [
      "accepted",
      "accepted",
      "leased",
      "retry",
      "failed",
      "uncertain",
      "suppressed",
      "cancelled",
    ];
    const queued = await rows(id);
    for (const [at, state] of states.entries())
      await db
        .update(deliveries)
        .set({ state })
        .where(eq(deliveries.id, queued[at]?.id ?? ""));
    await sendTest(writer, id);
    expect((await getNewsletter(writer, id)).accounting).toEqual({
      audience: 9,
      counts: { queued: 1, leased: 1, accepted: 2, retry: 1, failed: 1, uncertain: 1, suppressed: 1, cancelled: 1 },
      remainder: 0,
    });
    await db.update(newsletters).set({ audience: 10 }).where(eq(newsletters.id, id));
    expect((await getNewsletter(writer, id)).accounting?.remainder).toBe(1);
  });

  test("messages of unknown fate go out again on a person's word only, marked", async () => {
    await readers(2);
    const id = await create();
    await sendNewsletter(writer, id, 1);
    await expect(resendUncertain(writer, id)).rejects.toThrow("ありません");
    const [lost, other] = await rows(id);
    await db
      .update(deliveries)
      .set({ state: "uncertain", finishedAt: new Date() })
      .where(eq(deliveries.id, lost?.id ?? ""));
    await db
      .update(deliveries)
      .set({ state: "accepted" })
      .where(eq(deliveries.id, other?.id ?? ""));
    await advanceNewsletters();
    expect(await resendUncertain(writer, id)).toBe(1);
    const again = (await rows(id)).map(({ id: own, state, repeated, messageId }) => [
      own === lost?.id,
      state,
      repeated,
      messageId,
    ]);
    expect(again).toContainEqual([true, "queued", true, lost?.messageId]);
    expect((await getNewsletter(writer, id)).issue.state).toBe("sending");
  });
});

describe("who may", () => {
  const verbs: [string, (staff: Staff, id: string) => Promise<unknown>][] = [
    ["list", (staff) => listNewsletters(staff)],
    ["choose a list", (staff) => viewLists(staff)],
    ["count readers", (staff) => viewReadership(staff)],
    ["create", (staff) => createNewsletter(staff, draft)],
    ["read", (staff, id) => getNewsletter(staff, id)],
    ["save", (staff, id) => saveNewsletter(staff, id, { ...draft, version: 1 })],
    ["test", (staff, id) => sendTest(staff, id)],
    ["send", (staff, id) => sendNewsletter(staff, id, 1)],
    ["resend", (staff, id) => resendUncertain(staff, id)],
  ];
  test.each(["coordinator", "peer", "analyst"] as Role[])("not a %s, in any verb", async (role) => {
    const id = await create();
    const staff = await makeStaff(role);
    for (const [, verb] of verbs) await expect(verb(staff, id)).rejects.toThrow("may not");
  });

  test("an unknown or malformed id is absent", async () => {
    for (const id of [crypto.randomUUID(), "1", "'"])
      for (const [, verb] of verbs.slice(4)) await expect(verb(writer, id)).rejects.toMatchObject({ name: "NotFound" });
  });

  test("every write leaves a line", async () => {
    await readers(1);
    const id = await create();
    await saveNewsletter(writer, id, { ...draft, version: 1 });
    await sendTest(writer, id);
    await sendNewsletter(writer, id, 2);
    await db.update(deliveries).set({ state: "uncertain" }).where(eq(deliveries.kind, "newsletter"));
    await resendUncertain(writer, id);
    const lines = await db.select().from(auditEvents).where(eq(auditEvents.nounId, id)).orderBy(auditEvents.id);
    expect(lines.map(({ staffId, action }) => [staffId, action])).toEqual(
      ["create", "save", "send_test", "send", "resend"].map((action) => [writer.id, action]),
    );
  });
});

describe("the archive", () => {
  test("shows what was sent, never a draft", async () => {
    await readers(1);
    const [sent, hidden] = [await create(), await createNewsletter(writer, { ...draft, subject: "下書き" })];
    await sendNewsletter(writer, sent, 1);
    const [issue] = await listPublished();
    expect([(await listPublished()).length, issue?.subject]).toEqual([1, "秋のたより"]);
    expect(issue?.slug).toMatch(/^\d{4}-\d{2}-\d{2}-[0-9a-f]{8}$/u);
    expect((await getPublished(issue?.slug ?? "")).body).toBe(draft.body);
    const { issue: stillDraft } = await getNewsletter(writer, hidden);
    await expect(getPublished(stillDraft.slug)).rejects.toMatchObject({ name: "NotFound" });
  });

  test("leads from issue to issue, over all lists, in the order they left", async () => {
    await readers(1);
    await makeSubscriber("events@example.jp", "confirmed", "events");
    const slugs = [];
    for (const list of ["news", "events", "news"]) {
      const id = await createNewsletter(writer, { ...draft, list });
      await sendNewsletter(writer, id, 1);
      slugs.push((await getNewsletter(writer, id)).issue.slug);
    }
    const ways = [];
    for (const slug of slugs) {
      const { list, earlier, later } = await getPublished(slug);
      ways.push([list, earlier?.slug, later?.slug]);
    }
    expect(ways).toEqual([
      ["メールマガジン", undefined, slugs[1]],
      ["催しのお知らせ", slugs[0], slugs[2]],
      ["メールマガジン", slugs[1], undefined],
    ]);
  });

  test("goes by the years of Japan", () => {
    const sent = (slug: string, time: string) => ({ slug, subject: "", body: "", list: "", sentAt: new Date(time) });
    const issues = [
      sent("c", "2026-12-31T15:00:00Z"),
      sent("b", "2026-12-31T14:59:59Z"),
      sent("a", "2026-01-05T03:00:00Z"),
    ];
    expect(byYear(issues).map(([year, those]) => [year, those.map(({ slug }) => slug)])).toEqual([
      ["2027", ["c"]],
      ["2026", ["b", "a"]],
    ]);
  });

  test("the feed is Atom with everything escaped", () => {
    const sentAt = new Date("2026-11-20T03:00:00Z");
    const feed = feedOf(
      [{ slug: "2026-11-20-0a", subject: "A & <B>\u0001", body: "**太字** <script>", sentAt, list: "催し" }],
      noMaterial,
    );
    expect(feed).toContain("<title>A &#38; &#60;B&#62;</title>");
    expect(feed).toContain("&#60;strong&#62;太字");
    expect(feed).toContain("<updated>2026-11-20T03:00:00.000Z</updated>");
    expect(feed).toContain('<link rel="self" type="application/atom+xml" href="');
    expect(feed).toContain('<category term="催し"/>');
    expect(feed).not.toMatch(/<script|<strong|\u0001/u);
  });

  test("is served", async () => {
    const response = await mailApp().request("/newsletter/feed.xml");
    expect([response.status, response.headers.get("content-type")]).toEqual([
      200,
      "application/atom+xml; charset=utf-8",
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
    expect(await done("/send", { version: "2" })).toEqual([303, `${page}?done=sent`]);
    expect((await done("/send", { version: "2" }))[0]).toBe(409);
    expect((await rows(id)).map(({ kind }) => kind).toSorted()).toEqual([
      "newsletter",
      "newsletter",
      "newsletter_test",
    ]);
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

test("ten thousand readers are queued in one statement, once each", async () => {
  const { subscriptionId } = await makeSubscriber("first@example.jp");
  await db.execute(sql`
    with more as (insert into subscribers (id) select uuidv7() from generate_series(1, 9999) returning id)
    insert into subscriptions (id, subscriber_id, list_id, state, consent_text_id, form, expires_at)
    select uuidv7(), more.id, s.list_id, 'confirmed', s.consent_text_id, '/newsletter', now()
    from more, subscriptions s where s.id = ${subscriptionId}`);
  const id = await create();
  expect(await sendNewsletter(writer, id, 1)).toBe(10_000);
  const [counted] = await db
    .select({
      messages: sql<number>`count(distinct message_id)::int`,
      people: sql<number>`count(distinct subscriber_id)::int`,
    })
    .from(deliveries)
    .where(inArray(deliveries.newsletterId, [id]));
  expect(counted).toEqual({ messages: 10_000, people: 10_000 });
});
