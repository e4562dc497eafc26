import { beforeEach, describe, expect, test } from "vitest";
import { db } from "#db/client.ts";
import { env } from "#db/env.ts";
import { leads } from "#db/schema/leads.ts";
import { deliveries } from "#db/schema/mail.ts";
import { tokenForId } from "#db/vault/tokens.ts";
import { viewReadership } from "#emails/lists/lists.ts";
import { confirmSubscription, describeConfirmation } from "#emails/lists/subscriptions.ts";
import { unsubscribe, saveUnsubscribeReason } from "#emails/lists/unsubscribe.ts";
import { compose } from "#emails/outbox/compose.ts";
import { claimBatch } from "#emails/outbox/outbox.ts";
import { deleteReaders, makeStaff } from "../fixtures.ts";
import { form, json, mailApp } from "../requests.ts";
import { at, hanako, links, request, rows, states } from "./readers.ts";

beforeEach(async () => {
  await deleteReaders();
  await db.delete(leads);
});

/** What the mails that wait would say: the lists they name and where they lead. */
async function mails() {
  const composed = [];
  for (const claimed of await claimBatch("transactional", 9)) {
    const message = await compose(claimed);
    if (typeof message === "string") composed.push(message);
    else
      composed.push({
        names: [...message.text.matchAll(/「([^」]+)」(?=.*お申し込み)/gu)].map(([, name]) => name),
        link: message.text.includes(`${env.PUBLIC_ORIGIN}/newsletter/confirm/`),
      });
  }
  return composed;
}

describe("asking for several lists", () => {
  test("sends one mail that names them all, and one press confirms them all", async () => {
    await request(["professionals", "news", "news"]);
    expect(await states()).toEqual(["news: pending", "professionals: pending"]);
    expect(await mails()).toEqual([{ names: ["メールマガジン", "学校・医療・福祉の方へ"], link: true }]);
    const { confirm } = await links();
    expect(await describeConfirmation(confirm("news"), at("04:00"))).toEqual({
      state: "pending",
      lists: [
        { slug: "news", name: "メールマガジン" },
        { slug: "professionals", name: "学校・医療・福祉の方へ" },
      ],
      locale: "ja",
    });
    await confirmSubscription(confirm("news"), at("04:00"));
    expect(await states()).toEqual(["news: confirmed", "professionals: confirmed"]);
  });

  test("of which one is read already sends a mail about the others only", async () => {
    await request(["news"]);
    await confirmSubscription((await links()).confirm("news"), at("04:00"));
    await db.delete(deliveries);
    await request(["news", "events"], at("05:00"));
    expect(await mails()).toEqual([{ names: ["催しのお知らせ"], link: true }]);
    await confirmSubscription((await links()).confirm("events"), at("06:00"));
    expect((await rows()).map(({ list, confirmedAt }) => [list, confirmedAt])).toEqual([
      ["news", at("04:00")],
      ["events", at("06:00")],
    ]);
    expect(await request(["news", "events"], at("09:00"))).toBeUndefined();
  });

  test("a link confirms what was asked for before it, not what somebody adds afterwards", async () => {
    await request(["news"], at("03:00"));
    await request(["events"], at("03:30"));
    const { confirm } = await links();
    expect((await describeConfirmation(confirm("news"), at("04:00"))).lists.map(({ slug }) => slug)).toEqual(["news"]);
    await confirmSubscription(confirm("news"), at("04:00"));
    expect(await states()).toEqual(["news: confirmed", "events: pending"]);
    await confirmSubscription(confirm("events"), at("04:10"));
    expect(await states()).toEqual(["news: confirmed", "events: confirmed"]);
  });

  test("the later link covers the earlier wish as well, unless that has lapsed", async () => {
    await request(["news"], at("03:00"));
    await request(["events"], new Date(at("03:00").getTime() + 6.5 * 86_400_000));
    const { confirm } = await links();
    const day = (count: number) => new Date(at("03:00").getTime() + count * 86_400_000);
    const open = async (now: Date) =>
      (await describeConfirmation(confirm("events"), now)).lists.map(({ slug }) => slug);
    expect([await open(day(6.9)), await open(day(7.1))]).toEqual([["news", "events"], ["events"]]);
  });

  test("one that does not exist keeps nothing", async () => {
    await expect(request(["news", "gossip"])).rejects.toMatchObject({ errors: { lists: expect.any(String) } });
    expect(await rows()).toEqual([]);
  });
});

describe("by HTTP", () => {
  const asks = { email: hanako, consent: "true" };

  test.each([
    ["a program that names no list", "/api/subscriptions", json({ ...asks, consent: true }), ["news: pending"]],
    ["a form on somebody's own page", "/api/subscriptions", form(asks), ["news: pending"]],
    [
      "a program that names two",
      "/api/subscriptions",
      json({ ...asks, consent: true, lists: ["events", "professionals"] }),
      ["events: pending", "professionals: pending"],
    ],
    ["our page with one box", "/newsletter", form({ ...asks, lists: "events" }), ["events: pending"]],
  ])("%s", async (_who, path, init, expected) => {
    const { status } = await mailApp().request(path, init);
    expect([status < 400, await states()]).toEqual([true, expected]);
  });

  test("our page without any box is asked for one, in a sentence", async () => {
    const response = await mailApp().request("/newsletter", form(asks));
    expect([response.status, await response.json()]).toEqual([
      422,
      { detail: "", errors: { lists: "受け取りたいお知らせを、一つ以上選んでください。" } },
    ]);
    expect(await rows()).toEqual([]);
  });
});

test("staff see counts by list, and each unsubscription once however many lists it stopped", async () => {
  const now = at("03:00");
  for (const [email, slugs] of [
    ["a@example.jp", ["news", "events"]],
    ["b@example.jp", ["news"]],
    ["c@example.jp", ["events"]],
  ] as const) {
    await request([...slugs], now, email);
  }
  const all = await rows();
  const both = all.find(({ subscriberId }, i) => all.some((row, j) => j !== i && row.subscriberId === subscriberId));
  await confirmSubscription(tokenForId("confirm", both?.id ?? ""), at("04:00"));
  const stop = tokenForId("unsubscribe", both?.subscriberId ?? "");
  await unsubscribe(stop, at("05:00"));
  await saveUnsubscribeReason(stop, "too_many");
  const week = new Date(now.getTime() + 8 * 86_400_000);
  const staff = await makeStaff("fundraiser");
  expect((await viewReadership(staff, at("06:00"))).lists).toEqual([
    { slug: "news", name: "メールマガジン", readers: 0, held: 0, waiting: 1, lapsed: 0, left: 1 },
    { slug: "events", name: "催しのお知らせ", readers: 0, held: 0, waiting: 1, lapsed: 0, left: 1 },
    { slug: "professionals", name: "学校・医療・福祉の方へ", readers: 0, held: 0, waiting: 0, lapsed: 0, left: 0 },
  ]);
  const { unsubscriptions, reasons, lists } = await viewReadership(staff, week);
  expect([unsubscriptions, reasons[0], reasons.length]).toEqual([1, { reason: "too_many", count: 1 }, 6]);
  expect(lists.map(({ waiting, lapsed }) => [waiting, lapsed])).toEqual([
    [0, 1],
    [0, 1],
    [0, 0],
  ]);
});
