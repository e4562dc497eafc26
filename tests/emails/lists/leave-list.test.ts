/** The link of one list: it stops that list alone, its page offers everything second, and links of before stop everything. */

import { rmSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { repeatErasures } from "#api/restore/replay.ts";
import { readLog } from "#db/backup/logs.ts";
import { db } from "#db/client.ts";
import { env } from "#db/env.ts";
import { subscriptions, suppressions } from "#db/schema/mail.ts";
import { tokenForId } from "#db/vault/tokens.ts";
import { wordsIn } from "#db/words/words.ts";
import { savePreferences } from "#emails/lists/preferences.ts";
import { confirmSubscription } from "#emails/lists/subscriptions.ts";
import {
  describeUnsubscription,
  saveUnsubscribeReason,
  unsubscribe,
  unsubscribeFromEverything,
} from "#emails/lists/unsubscribe.ts";
import { deleteReaders } from "../fixtures.ts";
import { form, mailApp } from "../requests.ts";
import { at, links, request, rows, states, suppressed } from "./readers.ts";

beforeEach(async () => {
  rmSync(join(env.DATA_DIR, "logs"), { recursive: true, force: true });
  await deleteReaders();
});

/** A reader of these lists with the link in a mail of each. */
async function reader(...slugs: string[]) {
  await request(slugs);
  const tokens = await links();
  await confirmSubscription(tokens.confirm(slugs[0] ?? ""), at("04:00"));
  const all = await rows();
  const leave = (list: string) => tokenForId("leave_list", all.find((row) => row.list === list)?.id ?? "");
  return { ...tokens, leave };
}

const tombstones = () => readLog("tombstones", []);

describe("the link of one list", () => {
  test("one click of the mail program stops that list alone, and suppresses nothing", async () => {
    const { leave } = await reader("news", "events");
    const answer = await mailApp().request(`/u/${leave("events")}`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: "List-Unsubscribe=One-Click",
    });
    expect([answer.status, await answer.text()]).toEqual([200, "unsubscribed"]);
    expect([await states(), await suppressed()]).toEqual([["news: confirmed", "events: unsubscribed"], []]);
  });

  test("pressed again it changes nothing: not the moment, not the trail, not the log outside", async () => {
    const { leave } = await reader("news", "events");
    await unsubscribe(leave("events"), at("05:00"));
    const [before, lines] = [await rows(), await tombstones()];
    await unsubscribe(leave("events"), at("06:00"));
    expect([await rows(), await tombstones()]).toEqual([before, lines]);
  });

  test("its page names the list first, then what else is read; afterwards what goes on", async () => {
    const { leave, preferences } = await reader("news", "events");
    const events = { slug: "events", name: "催しのお知らせ" };
    const news = { slug: "news", name: "メールマガジン" };
    const shown = { list: events, others: [news], waiting: [], preferences, locale: "ja" };
    expect(await describeUnsubscription(leave("events"))).toEqual({ state: "reading", ...shown });
    await unsubscribe(leave("events"));
    expect(await describeUnsubscription(leave("events"))).toEqual({ state: "left", ...shown });
  });

  test("what was only asked for is not promised: it comes once it is confirmed, and not at all after its time", async () => {
    const { leave } = await reader("news");
    await request(["events"], at("05:00"));
    await unsubscribe(leave("news"), at("06:00"));
    const events = { slug: "events", name: "催しのお知らせ" };
    expect(await describeUnsubscription(leave("news"), at("06:00"))).toMatchObject({
      state: "left",
      others: [],
      waiting: [events],
    });
    const afterwards = await describeUnsubscription(leave("news"), new Date("2026-12-20T00:00:00Z"));
    expect(afterwards).toMatchObject({ state: "stopped", others: [], waiting: [] });
  });

  test("everything, the second choice, stops the rest and suppresses the address; again it changes nothing", async () => {
    const { leave } = await reader("news", "events");
    await unsubscribe(leave("events"), at("05:00"));
    const answer = await mailApp().request(`/u/${leave("events")}/everything`, form({}));
    expect([answer.status, answer.headers.get("location")]).toEqual([303, `/u/${leave("events")}`]);
    expect([await states(), await suppressed()]).toEqual([["news: unsubscribed", "events: unsubscribed"], ["request"]]);
    expect((await describeUnsubscription(leave("events"))).state).toBe("stopped");
    const [before, lines] = [await rows(), await tombstones()];
    await unsubscribeFromEverything(leave("events"), at("09:00"));
    expect([await rows(), await tombstones()]).toEqual([before, lines]);
  });

  test("a reason can be given for the list alone, and after everything for what was stopped last", async () => {
    const { leave } = await reader("news", "events");
    const page = leave("events");
    await expect(saveUnsubscribeReason(page, "too_many")).rejects.toThrow("理由はいりません");
    await unsubscribe(page, at("05:00"));
    await saveUnsubscribeReason(page, "not_for_me");
    expect((await rows()).map(({ list, reason }) => [list, reason])).toEqual([
      ["news", null],
      ["events", "not_for_me"],
    ]);
    expect((await describeUnsubscription(page)).reason).toBe("not_for_me");
    await unsubscribeFromEverything(page, at("06:00"));
    expect((await describeUnsubscription(page)).reason).toBeUndefined();
    const answer = await mailApp().request(`/u/${page}/reason`, form({ reason: "settled" }));
    expect(answer.status).toBe(303);
    expect((await rows()).map(({ list, reason }) => [list, reason])).toEqual([
      ["news", "settled"],
      ["events", "not_for_me"],
    ]);
  });

  test("another list's reason is not asked of a link whose list is still read", async () => {
    const { leave } = await reader("news", "events");
    await unsubscribe(leave("events"), at("05:00"));
    await expect(saveUnsubscribeReason(leave("news"), "other")).rejects.toThrow("理由はいりません");
  });

  test.each(["x", tokenForId("leave_list", crypto.randomUUID())])("%s is absent", async (token) => {
    await reader("news");
    for (const path of [`/u/${token}`, `/u/${token}/everything`, `/u/${token}/reason`])
      expect((await mailApp().request(path, form({ reason: "other" }))).status).toBe(404);
    expect(await states()).toEqual(["news: confirmed"]);
  });
});

test("a link in a mail of before stops everything, as that mail said", async () => {
  const { stop } = await reader("news", "events");
  expect(await describeUnsubscription(stop)).toMatchObject({ state: "reading" });
  expect((await describeUnsubscription(stop)).list).toBeUndefined();
  await unsubscribe(stop);
  expect([await states(), await suppressed()]).toEqual([["news: unsubscribed", "events: unsubscribed"], ["request"]]);
});

test("who left each list by itself and then everything is suppressed too", async () => {
  const { leave, stop } = await reader("news", "events");
  await unsubscribe(leave("news"), at("05:00"));
  await unsubscribe(leave("events"), at("06:00"));
  expect(await suppressed()).toEqual([]);
  await unsubscribe(stop, at("07:00"));
  expect(await suppressed()).toEqual(["request"]);
  expect((await rows()).map(({ unsubscribedAt }) => unsubscribedAt)).toEqual([at("05:00"), at("06:00")]);
});

describe("a restored backup", () => {
  /** The tables as the backup knew them: still a reader of everything. */
  async function restored(requestedAt?: Date) {
    await db.delete(suppressions);
    await db.update(subscriptions).set({
      state: "confirmed",
      unsubscribedAt: null,
      unsubscribeReason: null,
      ...(requestedAt && { requestedAt }),
    });
  }

  test.each([
    ["by the link", async (leave: string) => unsubscribe(leave, at("05:00"))],
    [
      "on the page of the choice",
      async (_leave: string, preferences: string) =>
        void (await savePreferences(preferences, ["news"], wordsIn("ja").consents.preferences, at("05:00"))),
    ],
  ])("does not write again about a list that was left %s", async (_how, leaveIt) => {
    const { leave, preferences } = await reader("news", "events");
    await leaveIt(leave("events"), preferences);
    const lines = await tombstones();
    await restored();
    expect(await repeatErasures(lines)).toBe(1);
    expect([await states(), await suppressed()]).toEqual([["news: confirmed", "events: unsubscribed"], []]);
    expect(await repeatErasures(lines)).toBe(0);
  });

  test("leaves alone who asked for the list again afterwards", async () => {
    const { leave } = await reader("news", "events");
    await unsubscribe(leave("events"), at("05:00"));
    const lines = await tombstones();
    await restored(at("06:00"));
    expect(await repeatErasures(lines)).toBe(0);
    expect(await states()).toEqual(["news: confirmed", "events: confirmed"]);
  });
});
