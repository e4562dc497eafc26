import { expect, test } from "vitest";
import { spamScore } from "#api/intake/spam-score.ts";
import { newFormKey } from "#api/pages/personalise.ts";
import { reviewThreshold } from "#db/terms/consultation.ts";

const now = new Date("2026-11-20T12:00:00Z");
const shownBefore = (ms: number) => newFormKey(now.getTime() - ms);
const usual = {
  message: "夜に眠れません。",
  honeypot: undefined,
  key: shownBefore(60_000),
  now,
  locale: "ja",
} as const;
const english = "My son will be in hospital until spring. https://example.jp/ward is where we are.";

test.each([
  ["a few words in Japanese", {}, 0],
  ["a field filled in that nobody sees", { honeypot: "x" }, 2],
  ["one link", { message: "ここです https://example.jp/ を見てください。" }, 1],
  ["many links", { message: "http://a.jp http://b.jp https://c.jp を見て" }, 2],
  ["sent two seconds after the form was shown", { key: shownBefore(2000) }, 1],
  ["three seconds are enough", { key: shownBefore(3000) }, 0],
  ["a program's own key says nothing of haste", { key: "order-1" }, 0],
  ["no Japanese at all on the Japanese form", { message: "Best prices for your web site today" }, 1],
  ["English with a link on the Japanese form", { message: english }, 2],
  ["the same on the English form, where English is asked for", { message: english, locale: "en" as const }, 1],
])("%s", (_, odd, score) => {
  expect(spamScore({ ...usual, ...odd })).toBe(score);
});

test("a parent who writes English and names a page does not wait in the queue to check first", () => {
  expect(spamScore({ ...usual, message: english, locale: "en" })).toBeLessThan(reviewThreshold);
});
