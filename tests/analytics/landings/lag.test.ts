import { beforeEach, expect, test } from "vitest";
import { keywordReport } from "#analytics/keywords/report.ts";
import { consultationLag } from "#analytics/landings/lag.ts";
import { dayAfter } from "#db/calendar/days.ts";
import { Forbidden } from "#db/errors.ts";
import { codes } from "#db/terms/codes.ts";
import { reviewThreshold } from "#db/terms/consultation.ts";
import { role } from "#db/terms/staff.ts";
import { analyst, empty, landed, wrote } from "../fixtures.ts";

const october = { from: "2026-10-01", to: "2026-10-31" };
const lag = () => consultationLag(analyst, october);
const ofAd = { campaignId: "311", keyword: "入院" };
/** A consultation so many days after a landing of this day. */
const asked = async (day: string, days: number, spamScore = 0) =>
  wrote(dayAfter(day, days), await landed(day, ofAd), "consultation", spamScore);

beforeEach(empty);

test.each(codes(role))("%s: managers and analysts alone", async (code) => {
  const result = consultationLag({ ...analyst, role: code }, october);
  if (code === "manager" || code === "analyst") expect((await result).byClick.total).toBe(0);
  else await expect(result).rejects.toThrow(Forbidden);
});

test("days by step, at both ends of each", async () => {
  for (const days of [0, 1, 2, 7, 8, 30, 31, 90]) await asked("2026-10-01", days);
  expect((await lag()).byClick).toEqual({ steps: [1, 1, 2, 2, 2], total: 8 });
});

test("calendar days in Tokyo: a minute over midnight is the day after", async () => {
  await wrote("2026-10-06T00:01:00+09:00", await landed("2026-10-05T23:59:00+09:00", ofAd));
  await wrote("2026-10-05T23:59:00+09:00", await landed("2026-10-05T00:01:00+09:00", ofAd));
  expect((await lag()).byConsultation.steps).toEqual([1, 1, 0, 0, 0]);
});

test("by day of consultation what was received in the period; by day of click what its landings led to", async () => {
  await asked("2026-09-25", 10); // landed before, received within
  await asked("2026-10-30", 10); // landed within, received after
  await asked("2026-10-10", 0);
  await asked("2026-11-02", 0);
  const { byConsultation, byClick, openUntil } = await lag();
  expect(byConsultation).toEqual({ steps: [1, 0, 0, 1, 0], total: 2 });
  expect(byClick).toEqual({ steps: [1, 0, 0, 1, 0], total: 2 });
  expect(openUntil).toBe("2027-01-29");
});

test("all consultations of the report but the doubtful ones, also those without a landing", async () => {
  await asked("2026-10-10", 3);
  await asked("2026-10-10", 3, reviewThreshold);
  await asked("2026-06-01", 130);
  await wrote("2026-10-20", null);
  await wrote("2026-10-20", await landed("2026-10-20", ofAd), "download");
  const { byConsultation, byClick, older, elsewhere } = await lag();
  expect([byConsultation.total, older, elsewhere, byClick.total]).toEqual([1, 1, 1, 1]);
  const { consultations, doubtful } = (await keywordReport(analyst, october)).totals;
  expect(byConsultation.total + older + elsewhere).toBe(consultations - doubtful);
});
