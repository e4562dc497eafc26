/** Sending an issue: decided now or for a time, held, begun once by whoever is first, and over when it is over. */

import { eq, sql } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import type { Staff } from "#db/actor.ts";
import { wallClock } from "#db/calendar/days.ts";
import { db } from "#db/client.ts";
import { newId } from "#db/random/ids.ts";
import { lists, newsletters, subscriptions } from "#db/schema/mail.ts";
import { restores } from "#db/schema/restores.ts";
import { auditEvents } from "#db/schema/staff.ts";
import type { DeliveryState } from "#db/terms/mail.ts";
import { getNewsletter, listNewsletters, shownState } from "#emails/newsletters/newsletters.ts";
import { cancelNewsletter, pauseNewsletter, resumeNewsletter } from "#emails/newsletters/pause.ts";
import {
  earlierChoices,
  holdSeconds,
  scheduleNewsletter,
  sendNewsletterCommand,
  unscheduleNewsletter,
} from "#emails/newsletters/send.ts";
import { leaveUncertain } from "#emails/newsletters/uncertain.ts";
import { createNewsletter, saveNewsletter, sendTest } from "#emails/newsletters/write.ts";
import { restoreLedger } from "#emails/outbox/acceptances.ts";
import { advanceNewsletters } from "#emails/outbox/advance-newsletters.ts";
import { deleteReaders, makeStaff, makeSubscriber } from "../fixtures.ts";
import { form, mailApp } from "../requests.ts";
import { become, bringForward, copiesOf, draft, issueOf, makeReaders, sendTo, statesOf } from "./issues.ts";

let writer: Staff;
beforeEach(async () => {
  await deleteReaders();
  writer = await makeStaff("fundraiser");
});

const now = { version: 1, isForWeb: true };
const counts = { erased: 0, accepted: 0, skipped: 0, uncertain: 0, rows: {} };

/** As the log of what was accepted tells it: so many readers have this issue already. */
const acceptancesOf = async (newsletter: string, count: number) =>
  (await db.select().from(subscriptions).where(eq(subscriptions.state, "confirmed")).limit(count)).map(
    ({ subscriberId: subscriber }) => ({ at: new Date().toISOString(), id: newId(), newsletter, subscriber }),
  );

const create = () => createNewsletter(writer, draft);
const secondsUntil = (instant: Date | null) => ((instant?.getTime() ?? 0) - Date.now()) / 1000;

describe("a decision to send", () => {
  test("is held for a minute, in which nothing leaves and everything can be taken back", async () => {
    await makeReaders(2);
    const id = await create();
    await scheduleNewsletter(writer, id, now);
    await advanceNewsletters();
    const held = await issueOf(id);
    expect([held.state, held.isForWeb, (await copiesOf(id)).length]).toEqual(["scheduled", true, 0]);
    expect(secondsUntil(held.startAt)).toBeGreaterThan(holdSeconds - 20);
    expect(secondsUntil(held.startAt)).toBeLessThanOrEqual(holdSeconds);
    await expect(saveNewsletter(writer, id, { ...draft, version: 1 })).rejects.toThrow("予約中");

    await unscheduleNewsletter(writer, id);
    await advanceNewsletters();
    const back = await issueOf(id);
    expect([back.state, back.startAt, (await copiesOf(id)).length]).toEqual(["draft", null, 0]);
    await saveNewsletter(writer, id, { ...draft, body: "書き直し", version: 1 });
    await expect(unscheduleNewsletter(writer, id)).rejects.toThrow("予約されていません");
  });

  test("is remembered when it is taken back: its time while that lies ahead, and what was chosen for the web", async () => {
    await makeReaders(1);
    const id = await create();
    const [open, closed] = [{ isPublic: true }, { isPublic: false }];
    const earlier = async (list = open, at = new Date()) => earlierChoices(await issueOf(id), list, at);
    expect(await earlier()).toBeUndefined();
    const at = new Date(Date.now() + 3 * 3_600_000);
    await scheduleNewsletter(writer, id, { version: 1, isForWeb: false, at });
    await unscheduleNewsletter(writer, id);
    expect(await earlier()).toEqual({ at, isForWeb: false });
    expect(await earlier(open, at)).toEqual({ at: undefined, isForWeb: false });
    await scheduleNewsletter(writer, id, now);
    await unscheduleNewsletter(writer, id);
    expect(await earlier(closed)).toEqual({ at: undefined, isForWeb: true });
    // Another list since, which is not public: its copy is not meant for everybody because another one's was.
    await saveNewsletter(writer, id, { ...draft, list: "events", version: 1 });
    expect([await earlier(closed), await earlier(open)]).toMatchObject([{ isForWeb: false }, { isForWeb: true }]);
  });

  test("begins when its minute is over, and can then be taken back no more", async () => {
    await makeReaders(3);
    const id = await create();
    await scheduleNewsletter(writer, id, now);
    await bringForward(id, "61 seconds");
    await advanceNewsletters();
    const { issue, accounting } = await getNewsletter(writer, id);
    expect([issue.state, issue.audience, accounting?.remainder]).toEqual(["sending", 3, 0]);
    expect(issue.slug).toMatch(/^\d{4}-\d{2}-\d{2}-[0-9a-f]{8}$/u);
    await expect(unscheduleNewsletter(writer, id)).rejects.toThrow("もう送り始めています");
  });

  test("for a time waits for it, and reaches those who have confirmed by then", async () => {
    await makeReaders(1);
    const id = await create();
    const at = new Date(Date.now() + 3 * 3_600_000);
    await scheduleNewsletter(writer, id, { ...now, at });
    expect((await issueOf(id)).startAt).toEqual(at);
    await advanceNewsletters();
    expect((await issueOf(id)).state).toBe("scheduled");
    await makeSubscriber("late@example.jp");
    await bringForward(id, "3 hours");
    await advanceNewsletters();
    expect([(await issueOf(id)).state, (await copiesOf(id)).length]).toEqual(["sending", 2]);
  });

  test.each([
    ["a moment ago", -1, "これから"],
    ["in 91 days", 91 * 86_400_000, "90日先"],
  ])("for a time %s is refused", async (_name, ms, sentence) => {
    await makeReaders(1);
    const id = await create();
    const clock = new Date("2026-12-01T03:00:00Z");
    const at = new Date(clock.getTime() + ms);
    await expect(scheduleNewsletter(writer, id, { ...now, at }, { now: clock })).rejects.toMatchObject({
      errors: { at: expect.stringContaining(sentence) },
    });
    expect((await issueOf(id)).state).toBe("draft");
  });

  test("for the next seconds is held for a minute like any other", async () => {
    await makeReaders(1);
    const id = await create();
    await scheduleNewsletter(writer, id, { ...now, at: new Date(Date.now() + 5000) });
    expect(secondsUntil((await issueOf(id)).startAt)).toBeGreaterThan(holdSeconds - 20);
  });

  test.each([
    ["an empty text", { ...draft, body: " \n" }, 1, 1, "両方"],
    ["a text changed since it was read", draft, 1, 9, "変わりました"],
    ["nobody who would get it", draft, 0, 1, "読者がまだいない"],
  ])("about %s is refused", async (_name, written, count, version, sentence) => {
    await makeReaders(count);
    const id = await createNewsletter(writer, written);
    await expect(scheduleNewsletter(writer, id, { ...now, version })).rejects.toThrow(sentence);
    expect([(await copiesOf(id)).length, (await issueOf(id)).state]).toEqual([0, "draft"]);
  });

  test("is refused while the checks find a mistake; advice does not hold it back", async () => {
    await makeReaders(1);
    const of = (body: string) => createNewsletter(writer, { ...draft, body });
    const wrong = await of("[申し込む](ftp://example.jp/)\n\n[資料: no-such-guide]");
    await expect(scheduleNewsletter(writer, wrong, now)).rejects.toThrow("直すところが 2 か所");
    await expect(sendNewsletterCommand(wrong)).rejects.toThrow("直すところが 2 か所");
    const linked = await of("[催し](/events/gone)");
    const answers = (status: number) => ({ ask: (path: string) => Promise.resolve({ status, path }) });
    await expect(scheduleNewsletter(writer, linked, now, answers(404))).rejects.toThrow("直すところが 1 か所");
    expect([(await issueOf(wrong)).state, (await issueOf(linked)).state]).toEqual(["draft", "draft"]);
    await scheduleNewsletter(writer, linked, now, answers(200));
    const advised = await of("| a | b | c | d |\n|---|---|---|---|\n| 1 | 2 | 3 | 4 |");
    await scheduleNewsletter(writer, advised, now);
    expect([(await issueOf(linked)).state, (await issueOf(advised)).state]).toEqual(["scheduled", "scheduled"]);
  });

  test("that is pressed by four at once counts once", async () => {
    await makeReaders(2);
    const id = await create();
    const presses = await Promise.allSettled(
      Array.from({ length: 4 }, () => scheduleNewsletter(writer, id, { version: 1, isForWeb: false })),
    );
    expect(presses.filter(({ status }) => status === "fulfilled").length).toBe(1);
    await expect(sendNewsletterCommand(id)).rejects.toThrow("予約中");
  });
});

describe("the beginning", () => {
  test("happens once, however many senders find it due at the same moment", async () => {
    await makeReaders(5);
    const id = await create();
    await scheduleNewsletter(writer, id, now);
    await bringForward(id, "2 minutes");
    await Promise.all(Array.from({ length: 6 }, advanceNewsletters));
    await advanceNewsletters();
    const copies = await copiesOf(id);
    expect(new Set(copies.map(({ subscriberId }) => subscriberId)).size).toBe(5);
    expect(copies.map((copy) => [copy.messageId === `<${copy.id}@example.jp>`, copy.lane, copy.state])).toEqual(
      Array.from({ length: 5 }, () => [true, "bulk", "queued"]),
    );
    const lines = await db.select().from(auditEvents).where(eq(auditEvents.nounId, id));
    expect(lines.filter(({ action }) => action === "send").length).toBe(1);
  });

  test("is not late: what nobody began within an hour waits for a person, who decides anew", async () => {
    await makeReaders(1);
    const [late, tooLate] = [await create(), await create()];
    for (const id of [late, tooLate]) await scheduleNewsletter(writer, id, now);
    await bringForward(late, "50 minutes");
    await bringForward(tooLate, "62 minutes");
    await advanceNewsletters();
    expect([(await issueOf(late)).state, (await issueOf(tooLate)).state]).toEqual(["sending", "scheduled"]);
    expect((await listNewsletters(writer)).map(({ id, isMissed }) => [id === tooLate, isMissed])).toEqual([
      [true, true],
      [false, false],
    ]);
    await scheduleNewsletter(writer, tooLate, now);
    await bringForward(tooLate, "61 seconds");
    await advanceNewsletters();
    expect((await issueOf(tooLate)).state).toBe("sending");
  });

  test("waits for a person when its time was before a restore: it may have gone out already", async () => {
    await makeReaders(3);
    const id = await create();
    await scheduleNewsletter(writer, id, now);
    await bringForward(id, "61 seconds");
    const { accepted } = await restoreLedger(await acceptancesOf(id, 2), { restoredTo: new Date(0) });
    expect(accepted).toBe(0);
    await db.insert(restores).values({ restoredAt: new Date(), backup: "x", restoredTo: new Date(0), counts });
    await advanceNewsletters();
    const { issue, missed } = await getNewsletter(writer, id);
    expect([issue.state, missed]).toEqual(["scheduled", { known: 2 }]);
    await scheduleNewsletter(writer, id, now);
    await bringForward(id, "60 seconds");
    await advanceNewsletters();
    await db.delete(restores);
    expect(await statesOf(id)).toEqual({ accepted: 2, queued: 1 });
  });

  test("without any reader left makes the issue a draft again, which says so", async () => {
    await makeReaders(1);
    const id = await create();
    await scheduleNewsletter(writer, id, now);
    await db.execute(sql`update subscriptions set state = 'unsubscribed'`);
    await bringForward(id, "2 minutes");
    await advanceNewsletters();
    const issue = await issueOf(id);
    expect([issue.state, issue.startAt === null, issue.audience, issue.body]).toEqual([
      "draft",
      false,
      null,
      draft.body,
    ]);
    await saveNewsletter(writer, id, { ...draft, version: 1 });
    await makeSubscriber("new@example.jp");
    await scheduleNewsletter(writer, id, { ...now, version: 2 });
    expect((await issueOf(id)).state).toBe("scheduled");
  });

  test("queues ten thousand readers in one statement, once each", async () => {
    const { subscriptionId } = await makeSubscriber("first@example.jp");
    await db.execute(sql`
      with more as (insert into subscribers (id) select uuidv7() from generate_series(1, 9999) returning id)
      insert into subscriptions (id, subscriber_id, list_id, state, consent_text_id, form, expires_at)
      select uuidv7(), more.id, s.list_id, 'confirmed', s.consent_text_id, '/newsletter', now()
      from more, subscriptions s where s.id = ${subscriptionId}`);
    const id = await create();
    await scheduleNewsletter(writer, id, now);
    await bringForward(id, "2 minutes");
    await advanceNewsletters();
    const copies = await copiesOf(id);
    expect(new Set(copies.map(({ messageId }) => messageId)).size).toBe(10_000);
    expect(new Set(copies.map(({ subscriberId }) => subscriberId)).size).toBe(10_000);
  });

  test("by the command is at once, of a list that is not public without the web, and never a second time", async () => {
    await makeReaders(1);
    const id = await create();
    expect(await sendNewsletterCommand(id)).toEqual({ audience: 1, web: true });
    await expect(sendNewsletterCommand(id)).rejects.toThrow("もう送信");
    await db.update(lists).set({ isPublic: false });
    const other = await create();
    expect(await sendNewsletterCommand(other)).toEqual({ audience: 1, web: false });
    await db.update(lists).set({ isPublic: true });
    expect((await issueOf(other)).isForWeb).toBe(false);
  });
});

describe("the end", () => {
  const after = async (id: string, row: { id: string } | undefined, state: DeliveryState) => {
    await become(row, state);
    await advanceNewsletters();
    const { state: ended, finishedAt } = await issueOf(id);
    return [ended, finishedAt !== null];
  };

  test("comes when no message waits, is under way or waits for a decision, and not before", async () => {
    const { id, rows } = await sendTo(writer, 2);
    expect(await after(id, rows[0], "accepted")).toEqual(["sending", false]);
    expect(await after(id, rows[1], "retry")).toEqual(["sending", false]);
    expect(await after(id, rows[1], "leased")).toEqual(["sending", false]);
    expect(await after(id, rows[1], "uncertain")).toEqual(["sending", false]);
    expect((await listNewsletters(writer)).map(({ progress }) => progress?.undecided)).toEqual([1]);
    expect(await after(id, rows[1], "failed")).toEqual(["sent", true]);
    expect((await listNewsletters(writer)).map(({ progress }) => progress)).toEqual([undefined]);
  });

  test("the accounting adds up over every state, and shows it when it does not", async () => {
    const { id, rows } = await sendTo(writer, 9);
    const states: DeliveryState[] = [
      ...(["accepted", "accepted", "leased", "retry"] as const),
      ...(["failed", "uncertain", "suppressed", "cancelled"] as const),
    ];
    for (const [at, state] of states.entries()) await become(rows[at], state);
    await sendTest(writer, id);
    const { accounting } = await getNewsletter(writer, id);
    expect(accounting).toMatchObject({
      ...{ audience: 9, remainder: 0, progress: { sent: 2, waiting: 2, inHand: 1, undecided: 1 } },
      counts: { queued: 1, leased: 1, accepted: 2, retry: 1, failed: 1, uncertain: 1, suppressed: 1, cancelled: 1 },
    });
    await db.update(newsletters).set({ audience: 10 }).where(eq(newsletters.id, id));
    expect((await getNewsletter(writer, id)).accounting?.remainder).toBe(1);
  });

  test("the rate is that of the last half minute, and is said only once there is something to say", async () => {
    const { id, rows } = await sendTo(writer, 7);
    const rate = async () => (await getNewsletter(writer, id)).accounting?.perSecond;
    const pass = (seconds: number) =>
      db.execute(sql`update deliveries set queued_at = queued_at - make_interval(secs => ${seconds}),
      finished_at = finished_at - make_interval(secs => ${seconds})`);
    for (const row of rows.slice(0, 3)) await become(row, "accepted");
    expect(await rate()).toBeUndefined();
    await pass(10);
    for (const row of rows.slice(3, 5)) await become(row, "accepted");
    expect(await rate()).toBeCloseTo(5 / 10, 1);
    await pass(25);
    expect(await rate()).toBeCloseTo(2 / 30, 2);
    await pass(31);
    expect(await rate()).toBe(0);
  });

  test("after a pause the rate begins anew: the time in which nothing could be sent is not counted", async () => {
    const { id, rows } = await sendTo(writer, 7);
    const rate = async () => (await getNewsletter(writer, id)).accounting?.perSecond;
    await become(rows[0], "accepted");
    await db.execute(sql`update deliveries set queued_at = queued_at - interval '20 seconds',
      finished_at = finished_at - interval '15 seconds'`);
    await pauseNewsletter(writer, id);
    await resumeNewsletter(writer, id);
    expect(await rate()).toBeUndefined();
    await db.execute(sql`update deliveries set queued_at = queued_at - interval '6 seconds',
      finished_at = finished_at - interval '6 seconds'`);
    for (const row of rows.slice(1, 7)) await become(row, "accepted");
    expect(await rate()).toBeCloseTo(1, 1);
  });
});

describe("the state that an issue is shown in", () => {
  const shown = async (id: string) => {
    const [issue] = (await listNewsletters(writer)).filter((one) => one.id === id);
    return issue && shownState(issue);
  };

  test("asks for a decision when nothing but messages of unknown fate is left, and not before", async () => {
    const { id, rows } = await sendTo(writer, 3);
    await become(rows[0], "uncertain");
    await become(rows[1], "leased");
    expect(await shown(id)).toBe("sending");
    await become(rows[1], "accepted");
    expect(await shown(id)).toBe("sending");
    await become(rows[2], "failed");
    expect(await shown(id)).toBe("undecided");
    await leaveUncertain(writer, id, { count: 1 });
    expect(await shown(id)).toBe("sending");
    await advanceNewsletters();
    expect(await shown(id)).toBe("sent");
  });

  test("is that of what somebody did: an issue that was cancelled is, and one paused with something left is", async () => {
    const { id, rows } = await sendTo(writer, 2);
    await become(rows[0], "uncertain");
    await pauseNewsletter(writer, id);
    expect(await shown(id)).toBe("paused");
    await cancelNewsletter(writer, id);
    expect(await shown(id)).toBe("cancelled");
  });
});

describe("the form", () => {
  const send = async (fields: Record<string, string>) => {
    await deleteReaders();
    await makeReaders(1);
    const id = await create();
    const answer = await mailApp(writer).request(`/staff/newsletters/${id}/send`, form({ version: "1", ...fields }));
    const errors = answer.status === 422 ? ((await answer.json()) as { errors: object }).errors : {};
    const { state, startAt, isForWeb } = await issueOf(id);
    return { status: answer.status, wrong: Object.keys(errors), state, startAt, isForWeb };
  };
  const inAnHour = wallClock(new Date(Date.now() + 3_600_000));

  test("asks for the moment and for the web apart, in the time of Japan", async () => {
    expect(await send({ when: "now", at: "" })).toMatchObject({ status: 303, state: "scheduled", isForWeb: false });
    const { startAt, ...rest } = await send({ when: "later", at: inAnHour, web: "true" });
    expect(rest).toEqual({ status: 303, wrong: [], state: "scheduled", isForWeb: true });
    expect(startAt && wallClock(startAt)).toBe(inAnHour);
  });

  test.each([
    ["no choice", {}, "when"],
    ["a time beside now, which was meant for later", { when: "now", at: inAnHour }, "when"],
    ["later without a time", { when: "later", at: "" }, "at"],
    ["a day that does not exist", { when: "later", at: "2026-09-31T10:00" }, "at"],
    ["a time that is over", { when: "later", at: "2020-01-01T10:00" }, "at"],
  ])("refuses %s at its field", async (_name, fields, field) => {
    expect(await send(fields)).toMatchObject({ status: 422, wrong: [field], state: "draft" });
  });
});
