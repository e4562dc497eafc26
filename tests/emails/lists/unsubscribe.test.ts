import { beforeEach, describe, expect, test } from "vitest";
import { tokenForId } from "#db/vault/tokens.ts";
import { wordsIn } from "#db/words/words.ts";
import { savePreferences } from "#emails/lists/preferences.ts";
import { confirmSubscription } from "#emails/lists/subscriptions.ts";
import { describeUnsubscription, saveUnsubscribeReason, unsubscribe } from "#emails/lists/unsubscribe.ts";
import { deleteReaders } from "../fixtures.ts";
import { form, mailApp } from "../requests.ts";
import { at, links, request, rows } from "./readers.ts";

beforeEach(deleteReaders);

async function reader() {
  await request(["news", "events"]);
  const tokens = await links();
  await confirmSubscription(tokens.confirm("news"), at("04:00"));
  return tokens;
}

const reasons = async () => (await rows()).map(({ list, reason }) => [list, reason]);

describe("the question why", () => {
  test("comes only afterwards: before, it is refused and nothing is kept", async () => {
    const { stop } = await reader();
    await expect(saveUnsubscribeReason(stop, "too_many")).rejects.toThrow("理由はいりません");
    const response = await mailApp().request(`/u/${stop}/reason`, form({ reason: "too_many" }));
    expect([response.status, await reasons()]).toEqual([
      409,
      [
        ["news", null],
        ["events", null],
      ],
    ]);
    expect((await describeUnsubscription(stop)).state).toBe("reading");
  });

  test("is kept on what was stopped last; answering again replaces it", async () => {
    const { stop, preferences } = await reader();
    await savePreferences(preferences, ["news"], wordsIn("ja").consents.preferences, at("05:00"));
    await unsubscribe(stop, at("06:00"));
    expect((await describeUnsubscription(stop)).reason).toBeUndefined();
    await saveUnsubscribeReason(stop, "too_many");
    await saveUnsubscribeReason(stop, "settled");
    expect(await reasons()).toEqual([
      ["news", "settled"],
      ["events", null],
    ]);
    expect(await describeUnsubscription(stop)).toEqual({
      state: "stopped",
      preferences,
      reason: "settled",
      locale: "ja",
    });
  });

  test("is forgotten when the person comes back", async () => {
    const { stop, preferences } = await reader();
    await unsubscribe(stop, at("06:00"));
    await saveUnsubscribeReason(stop, "hard_to_read");
    await savePreferences(preferences, ["news"], wordsIn("ja").consents.preferences, at("07:00"));
    await request(["events"], at("08:00"));
    expect(await reasons()).toEqual([
      ["news", null],
      ["events", null],
    ]);
  });

  test("answered on the page, leads back to it", async () => {
    const { stop } = await reader();
    await unsubscribe(stop);
    const response = await mailApp().request(`/u/${stop}/reason`, form({ reason: "other" }));
    expect([response.status, response.headers.get("location")]).toEqual([303, `/u/${stop}?done=reason`]);
    expect(await reasons()).toEqual([
      ["news", "other"],
      ["events", "other"],
    ]);
  });

  test.each([{}, { reason: "" }, { reason: "boredom" }])("%j is told that no answer is needed", async (fields) => {
    const { stop } = await reader();
    await unsubscribe(stop);
    const response = await mailApp().request(`/u/${stop}/reason`, form(fields as Record<string, string>));
    const { errors } = (await response.json()) as { errors: Record<string, string> };
    expect([response.status, errors.reason]).toEqual([422, expect.stringContaining("ページを閉じて")]);
  });

  test("a token of another purpose, or a made-up one, is absent", async () => {
    const { stop, preferences, confirm } = await reader();
    await unsubscribe(stop);
    for (const token of [preferences, confirm("news"), "x", tokenForId("unsubscribe", crypto.randomUUID())]) {
      expect(await describeUnsubscription(token)).toEqual({ state: "unknown", locale: "ja" });
      expect((await mailApp().request(`/u/${token}/reason`, form({ reason: "other" }))).status).toBe(404);
    }
  });
});

test("one click of the mail program stops everything at once, and asks and shows nothing", async () => {
  const { stop } = await reader();
  const response = await mailApp().request(`/u/${stop}`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: "List-Unsubscribe=One-Click",
  });
  expect([response.status, response.headers.get("location"), await response.text()]).toEqual([
    200,
    null,
    "unsubscribed",
  ]);
  expect((await rows()).map(({ state, reason }) => [state, reason])).toEqual([
    ["unsubscribed", null],
    ["unsubscribed", null],
  ]);
});
