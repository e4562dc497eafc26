import { eq } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { loadSite, type Site } from "#api/pages/site.ts";
import { db } from "#db/client.ts";
import { env } from "#db/env.ts";
import { Invalid } from "#db/errors.ts";
import { lists, subscribers, suppressions } from "#db/schema/mail.ts";
import { auditEvents } from "#db/schema/staff.ts";
import { tokenForId } from "#db/vault/tokens.ts";
import { wordsIn } from "#db/words/words.ts";
import { addressIndex } from "#emails/addresses.ts";
import { describePreferences, savePreferences } from "#emails/lists/preferences.ts";
import { confirmSubscription } from "#emails/lists/subscriptions.ts";
import { unsubscribe } from "#emails/lists/unsubscribe.ts";
import { elements } from "../../site/html.ts";
import { deleteReaders } from "../fixtures.ts";
import { form, mailApp } from "../requests.ts";
import { at, hanako, links, request, rows, states, suppressed } from "./readers.ts";

let site: Site;
beforeAll(async () => {
  site = await loadSite();
});
beforeEach(deleteReaders);

async function reader(...slugs: string[]) {
  await request(slugs);
  const tokens = await links();
  await confirmSubscription(tokens.confirm(slugs[0] ?? ""), at("04:00"));
  return tokens;
}

const save = (token: string, slugs: string[]) =>
  savePreferences(token, slugs, wordsIn("ja").consents.preferences, at("05:00"));

describe("saving", () => {
  test("confirms what is newly ticked with the words of the page, stops what is not, leaves the rest", async () => {
    const { preferences } = await reader("news", "events");
    const [, before] = await rows();
    expect(await save(preferences, ["events", "professionals"])).toEqual({ isUnsubscribed: false });
    expect(await states()).toEqual(["news: unsubscribed", "events: confirmed", "professionals: confirmed"]);
    const [news, events, professionals] = await rows();
    expect(events).toEqual(before);
    expect(news?.unsubscribedAt).toEqual(at("05:00"));
    expect([professionals?.consent, professionals?.form, professionals?.confirmedAt]).toEqual([
      wordsIn("ja").consents.preferences,
      "/newsletter/preferences",
      at("05:00"),
    ]);
    expect(await suppressed()).toEqual([]);
  });

  test("each change leaves a line, and saving the same again none", async () => {
    const { preferences } = await reader("news");
    await save(preferences, ["events"]);
    await save(preferences, ["events"]);
    const ids = new Map((await rows()).map(({ id, list }) => [id, list]));
    const lines = await db
      .select()
      .from(auditEvents)
      .where(eq(auditEvents.noun, "subscription"))
      .orderBy(auditEvents.id);
    expect(
      lines
        .filter(({ nounId }) => ids.has(nounId ?? ""))
        .map(({ action, nounId }) => `${action} ${ids.get(nounId ?? "")}`),
    ).toEqual(["request news", "confirm news", "unsubscribe news", "confirm events"]);
  });

  test("nothing ticked unsubscribes from everything and suppresses the address", async () => {
    const { preferences, stop } = await reader("news", "events");
    expect(await save(preferences, [])).toEqual({ isUnsubscribed: true, unsubscribeToken: stop });
    expect([await states(), await suppressed()]).toEqual([["news: unsubscribed", "events: unsubscribed"], ["request"]]);
  });

  test("a list that was closed to the public since is confirmed by who had asked for it, and by nobody else", async () => {
    const { preferences } = await reader("news");
    await request(["events"], at("04:30"));
    await db.update(lists).set({ isPublic: false });
    try {
      await expect(save(preferences, ["news", "professionals"])).rejects.toThrow(Invalid);
      await save(preferences, ["news", "events"]);
    } finally {
      await db.update(lists).set({ isPublic: true });
    }
    expect(await states()).toEqual(["news: confirmed", "events: confirmed"]);
  });

  test("what waits for its mail goes on waiting unless ticked; ticked, it is confirmed", async () => {
    const { preferences } = await reader("news");
    await request(["events"], at("04:30"));
    await save(preferences, ["news"]);
    expect(await states()).toEqual(["news: confirmed", "events: pending"]);
    await save(preferences, ["news", "events"]);
    expect(await states()).toEqual(["news: confirmed", "events: confirmed"]);
  });

  test.each([
    ["request", []],
    ["complaint", []],
    ["bounce", ["bounce"]],
  ] as const)("ticking again against an earlier %s leaves %j", async (reason, left) => {
    const { preferences, stop } = await reader("news");
    await unsubscribe(stop, at("04:30"));
    await db.delete(suppressions);
    await db.insert(suppressions).values({ emailIndex: addressIndex(hanako), reason });
    await save(preferences, ["news"]);
    expect([await states(), await suppressed()]).toEqual([["news: confirmed"], left]);
    expect((await rows())[0]?.unsubscribedAt).toBeNull();
  });

  test("a token of another purpose, a forged one, or one of somebody erased opens nothing", async () => {
    const { preferences, stop, confirm, subscriberId } = await reader("news");
    for (const token of [stop, confirm("news"), "", "x".repeat(43), tokenForId("preferences", crypto.randomUUID())]) {
      expect(await describePreferences(token)).toBeUndefined();
      await expect(save(token, ["events"])).rejects.toMatchObject({ name: "NotFound" });
    }
    await db.update(subscribers).set({ wrappedKey: null }).where(eq(subscribers.id, subscriberId));
    expect(await describePreferences(preferences)).toBeUndefined();
    await expect(save(preferences, ["events"])).rejects.toMatchObject({ name: "NotFound" });
    expect(await states()).toEqual(["news: confirmed"]);
  });

  test("a list that does not exist changes nothing", async () => {
    const { preferences } = await reader("news");
    await expect(save(preferences, ["events", "gossip"])).rejects.toMatchObject({
      errors: { lists: expect.any(String) },
    });
    expect(await states()).toEqual(["news: confirmed"]);
  });

  test("unsubscribing and choosing at the same moment end in one of the two, whole", async () => {
    const { preferences, stop } = await reader("news");
    await Promise.all([save(preferences, ["news", "events"]), unsubscribe(stop, at("05:00"))]);
    const ends = [await states(), await suppressed()];
    expect([
      [["news: unsubscribed", "events: unsubscribed"], ["request"]],
      [["news: confirmed", "events: confirmed"], []],
    ]).toContainEqual(ends);
  });
});

describe("by HTTP", () => {
  test.each(["GET", "HEAD"])("%s shows the lists as they are and changes nothing", async (method) => {
    const { preferences } = await reader("news");
    await request(["events"], new Date());
    const before = [await rows(), await suppressed()];
    const path = `/newsletter/preferences/${preferences}`;
    for (let look = 0; look < 3; look++) {
      const response = await site.render(new Request(`${env.PUBLIC_ORIGIN}${path}?lists=&done=saved`, { method }), {});
      const html = (await response?.text()) ?? "";
      expect(response?.status).toBe(200);
      const boxes = elements(html, "input").filter(({ type }) => type === "checkbox");
      expect(boxes.map((box) => [box.value, "checked" in box])).toEqual([
        ["news", true],
        ["events", false],
        ["professionals", false],
      ]);
      expect(html).toContain("h•••@example.jp");
      expect(html).not.toContain(hanako);
    }
    expect([await rows(), await suppressed()]).toEqual(before);
  });

  test("an unknown token is absent, kindly", async () => {
    const response = await site.render(new Request(`${env.PUBLIC_ORIGIN}/newsletter/preferences/x`), {});
    expect([response?.status, await response?.text()]).toEqual([404, expect.stringContaining("途中で切れている")]);
    expect((await mailApp().request("/newsletter/preferences/x", form({ lists: "news" }))).status).toBe(404);
  });

  test("saving comes back with a notice; unsubscribing leads to the page that says so", async () => {
    const { preferences, stop } = await reader("news");
    const path = `/newsletter/preferences/${preferences}`;
    const saved = await mailApp().request(path, form({ lists: "events" }));
    expect([saved.status, saved.headers.get("location")]).toEqual([303, `${path}?done=saved`]);
    expect(await states()).toEqual(["news: unsubscribed", "events: confirmed"]);
    const left = await mailApp().request(path, form({}));
    expect([left.status, left.headers.get("location")]).toEqual([303, `/u/${stop}`]);
    expect(await suppressed()).toEqual(["request"]);
  });
});
