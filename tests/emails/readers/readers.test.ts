/** What staff find out about one reader, and do for them. */

import { eq } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import type { Staff } from "#db/actor.ts";
import { readLog } from "#db/backup/logs.ts";
import { db } from "#db/client.ts";
import { deliveries, subscribers, subscriptions, suppressions } from "#db/schema/mail.ts";
import { auditEvents } from "#db/schema/staff.ts";
import { wordsIn } from "#db/words/words.ts";
import { addressIndex } from "#emails/addresses.ts";
import { describeConfirmation } from "#emails/lists/subscriptions.ts";
import { unsubscribe } from "#emails/lists/unsubscribe.ts";
import { correctReader } from "#emails/readers/correct.ts";
import { eraseReaderOnRequest } from "#emails/readers/erase.ts";
import { searchReader } from "#emails/readers/find.ts";
import { viewReader } from "#emails/readers/reader.ts";
import { resendConfirmation } from "#emails/readers/resend-confirmation.ts";
import { stopEverything, stopList } from "#emails/readers/stop.ts";
import { deleteReaders, enqueueNow, makeConsultation, makeIssue, makeStaff } from "../fixtures.ts";
import { at, hanako, links, request, rows, states, suppressed } from "../lists/readers.ts";
import { mailsOf, reader } from "./reader.ts";

let staff: Staff;
beforeEach(async () => {
  await deleteReaders();
  staff = await makeStaff("fundraiser");
});

const trail = async (nounId: string) =>
  (await db.select().from(auditEvents).where(eq(auditEvents.nounId, nounId)))
    .filter(({ staffId }) => staffId === staff.id)
    .map(({ action }) => action);

describe("finding", () => {
  test.each([hanako, " HANAKO@example.jp　", "ｈａｎａｋｏ＠ｅｘａｍｐｌｅ．ｊｐ"])(
    "%s is the reader",
    async (typed) => {
      const { subscriberId } = await reader("news");
      expect(await searchReader(staff, typed)).toBe(subscriberId);
      expect(await trail(subscriberId)).toEqual(["search"]);
    },
  );

  test("a family that is no reader is answered like nobody at all, and the trail holds no address", async () => {
    await makeConsultation("family@example.jp");
    const refusals = await Promise.all(
      ["family@example.jp", "nobody@example.jp", "hanak@example.jp"].map((typed) =>
        searchReader(staff, typed).catch((error: unknown) => error),
      ),
    );
    expect(refusals[0]).toMatchObject({ errors: { email: expect.stringContaining("読者はいません") } });
    expect(refusals[1]).toEqual(refusals[0]);
    expect(refusals[2]).toEqual(refusals[0]);
    const lines = (await db.select().from(auditEvents)).filter(({ action }) => action === "search");
    expect(lines.slice(-3).map(({ nounId, detail }) => [nounId, detail])).toEqual(
      Array.from({ length: 3 }, () => [null, { found: false }]),
    );
  });

  test.each(["coordinator", "peer", "analyst"] as const)("a %s may not", async (role) => {
    const { subscriberId } = await reader("news");
    const other = await makeStaff(role);
    await expect(searchReader(other, hanako)).rejects.toThrow("may not");
    await expect(viewReader(other, subscriberId)).rejects.toThrow("may not");
    await expect(stopEverything(other, subscriberId)).rejects.toThrow("may not");
    await expect(correctReader(other, subscriberId, "new@example.jp")).rejects.toThrow("may not");
    await expect(eraseReaderOnRequest(other, subscriberId)).rejects.toThrow("may not");
    await expect(resendConfirmation(other, subscriberId)).rejects.toThrow("may not");
    expect(await states()).toEqual(["news: confirmed"]);
  });
});

describe("the page of a reader", () => {
  test("shows lists, the words agreed to, and every message with what became of it", async () => {
    const { subscriberId, stop } = await reader("news", "events");
    await request(["professionals"], at("04:30"));
    const issue = await makeIssue(await makeStaff(), "秋のたより");
    const id = await enqueueNow({ kind: "newsletter", subscriberId, newsletterId: issue });
    await db.update(deliveries).set({ state: "failed", reply: "550 5.1.1" }).where(eq(deliveries.id, id));
    const view = await viewReader(staff, subscriberId, at("05:00"));
    expect(view).toMatchObject({ address: hanako, locale: "ja", since: at("03:00"), isSuppressed: false });
    expect(
      view.lists.map(({ slug, state, consent, form, requestedAt }) => [slug, state, consent, form, requestedAt]),
    ).toEqual([
      ["news", "reading", wordsIn("ja").consents.newsletter, "/newsletter", at("03:00")],
      ["events", "reading", wordsIn("ja").consents.newsletter, "/newsletter", at("03:00")],
      ["professionals", "waiting", wordsIn("ja").consents.newsletter, "/newsletter", at("04:30")],
    ]);
    expect(view.messages.map(({ kind, subject, state, reply }) => [kind, subject, state, reply])).toEqual([
      ["newsletter", "秋のたより", "failed", "550 5.1.1"],
      ["confirmation", null, "queued", null],
      ["confirmation", null, "queued", null],
    ]);
    const lapsed = await viewReader(staff, subscriberId, new Date("2026-12-20T00:00:00Z"));
    expect(lapsed.lists.map(({ state }) => state)).toEqual(["reading", "reading", "lapsed"]);
    await unsubscribe(stop, at("06:00"));
    const left = await viewReader(staff, subscriberId, at("07:00"));
    expect([left.isSuppressed, left.confirmationFrom, left.lists.map(({ state }) => state)]).toEqual([
      true,
      undefined,
      ["left", "left", "left"],
    ]);
    expect(await trail(subscriberId)).toEqual(["view", "view", "view"]);
  });

  test("says of a suppressed reader that nothing is sent, and not whose mail came back", async () => {
    const { subscriberId } = await reader("news");
    await db.insert(suppressions).values({ emailIndex: addressIndex(hanako), reason: "bounce" });
    const view = await viewReader(staff, subscriberId);
    expect([view.isSuppressed, view.lists[0]?.state]).toEqual([true, "held"]);
    expect(JSON.stringify(view)).not.toContain("bounce");
  });
});

describe("stopping", () => {
  test("one list stops that list; who did it stands on the page", async () => {
    const { subscriberId } = await reader("news", "events");
    await stopList(staff, subscriberId, "events", at("05:00"));
    await stopList(staff, subscriberId, "events", at("06:00"));
    expect([await states(), await suppressed()]).toEqual([["news: confirmed", "events: unsubscribed"], []]);
    expect((await rows())[1]?.unsubscribedAt).toEqual(at("05:00"));
    const { history } = await viewReader(staff, subscriberId);
    expect(history.map(({ by, action, list }) => [by, action, list])).toEqual([
      [staff.name, "unsubscribe", "催しのお知らせ"],
    ]);
  });

  test("a list that they never asked for is refused", async () => {
    const { subscriberId } = await reader("news");
    for (const slug of ["events", "gossip"])
      await expect(stopList(staff, subscriberId, slug)).rejects.toMatchObject({ errors: { list: expect.any(String) } });
  });

  test("everything suppresses the address until they confirm anew", async () => {
    const { subscriberId } = await reader("news", "events");
    await stopEverything(staff, subscriberId, at("05:00"));
    expect([await states(), await suppressed()]).toEqual([["news: unsubscribed", "events: unsubscribed"], ["request"]]);
  });
});

describe("the confirmation mail", () => {
  test("is sent again a day after the last one and not before, also for what has lapsed", async () => {
    await request(["news"]);
    const { subscriberId, confirm } = await links();
    await expect(resendConfirmation(staff, subscriberId, at("04:00"))).rejects.toThrow("1日1通まで");
    expect((await viewReader(staff, subscriberId, at("04:00"))).confirmationFrom).toEqual(
      new Date("2026-11-21T03:00:00Z"),
    );
    const later = new Date("2026-11-29T03:00:00Z");
    expect((await describeConfirmation(confirm("news"), later)).state).toBe("expired");
    expect((await viewReader(staff, subscriberId, later)).confirmationFrom).toBe("now");
    await resendConfirmation(staff, subscriberId, later);
    expect(await mailsOf(subscriberId)).toEqual(["confirmation queued", "confirmation queued"]);
    expect((await describeConfirmation(confirm("news"), later)).state).toBe("pending");
    await expect(resendConfirmation(staff, subscriberId, later)).rejects.toThrow("1日1通まで");
    // What they asked for, and when, is proof and stays.
    expect((await db.select().from(subscriptions))[0]?.requestedAt).toEqual(at("03:00"));
  });

  test("is not sent where nothing waits", async () => {
    const { subscriberId } = await reader("news");
    await expect(resendConfirmation(staff, subscriberId, new Date("2026-11-29T03:00:00Z"))).rejects.toThrow(
      "確認を待っているお知らせはありません",
    );
    expect(await mailsOf(subscriberId)).toEqual(["confirmation queued"]);
  });
});

test("erasing leaves the proof of nobody and what suppresses the address, and cannot be opened again", async () => {
  const { subscriberId } = await reader("news");
  await stopEverything(staff, subscriberId, at("05:00"));
  await eraseReaderOnRequest(staff, subscriberId, at("06:00"));
  const [row] = await db.select().from(subscribers);
  expect([row?.wrappedKey, row?.email, row?.emailIndex]).toEqual([null, null, null]);
  expect((await rows()).map(({ consent }) => consent)).toEqual([wordsIn("ja").consents.newsletter]);
  expect(await suppressed()).toEqual(["request"]);
  await expect(viewReader(staff, subscriberId)).rejects.toThrow("reader");
  await expect(eraseReaderOnRequest(staff, subscriberId)).rejects.toThrow("reader");
  const lines = await readLog("tombstones", []);
  expect(lines).toContainEqual({ at: at("06:00").toISOString(), subscriber: subscriberId, reason: "request" });
});
