/**
 * The sample: 90 days of plausible, clearly invented life, so that every screen can be looked at. It sends
 * nothing. Each noun's own part lies in its room; this calls them in order.
 */

import { eq } from "drizzle-orm";
import { insertSampleAds, openSampleForms } from "#analytics/keywords/sample.ts";
import { insertSampleAbsence } from "#api/absences/sample.ts";
import { insertSampleCases } from "#api/cases/sample.ts";
import { insertSampleCorrection } from "#api/contacts/sample.ts";
import { insertSampleDownloads } from "#api/downloads/sample.ts";
import { insertSampleDrafts } from "#api/drafts/sample.ts";
import { insertSampleTurns } from "#api/handovers/sample.ts";
import { insertSampleNumbers } from "#api/numbers/sample.ts";
import { insertSampleBriefs } from "#api/peers/sample.ts";
import { insertSampleCalls } from "#api/phone-intake/sample.ts";
import { insertSampleReminders } from "#api/reminders/sample.ts";
import { insertSampleSideNotes } from "#api/side-notes/sample.ts";
import { insertSampleStaff } from "#api/staff/sample.ts";
import { insertSampleSurvey, prepareSampleSurvey } from "#api/surveys/sample.ts";
import { insertSampleDay } from "#api/today/sample.ts";
import { audit } from "#db/actor.ts";
import { dayOf } from "#db/calendar/days.ts";
import { transaction } from "#db/client.ts";
import { Refused } from "#db/errors.ts";
import { seededRandom } from "#db/random/seeded.ts";
import { adImports } from "#db/schema/attribution.ts";
import { settings } from "#db/settings/settings.ts";
import { readinessWords } from "#db/words/staff/readiness.ts";
import { insertSampleReaders } from "#emails/newsletters/sample.ts";

const days = 90;

/** Loads the sample, ending at `now`, in one transaction. Returns how many of each. Throws Refused the second time. */
export async function loadSample(now = new Date()): Promise<Record<string, number>> {
  const survey = await prepareSampleSurvey(now);
  return transaction(async (tx) => {
    const [already] = await tx.select({ id: adImports.id }).from(adImports).where(eq(adImports.fileHash, "sample"));
    if (already) throw new Refused("The sample is loaded already.");
    if (settings().stage === "real") throw new Refused(readinessWords.notInReal);
    const random = seededRandom(20_261_120);
    const dates = Array.from({ length: days }, (_, i) => dayOf(new Date(now.getTime() - (days - i) * 86_400_000)));
    const staff = await insertSampleStaff(tx, now);
    const clicks = await insertSampleAds(tx, random, dates, now);
    const consultations = await insertSampleCases(tx, random, clicks, staff, days, now);
    const handovers = await insertSampleTurns(tx, staff, now);
    const reminders = await insertSampleReminders(tx, staff, now);
    const sideNotes = await insertSampleSideNotes(tx, staff, now);
    const corrections = await insertSampleCorrection(tx, staff, now);
    const briefs = await insertSampleBriefs(tx, staff, now);
    const absences = await insertSampleAbsence(tx, staff, now);
    const ofToday = await insertSampleDay(tx, random, staff, now);
    const calls = await insertSampleCalls(tx, staff, now);
    const drafts = await insertSampleDrafts(tx, staff, now);
    const downloads = await insertSampleDownloads(tx, random, clicks);
    await openSampleForms(tx);
    const readers = await insertSampleReaders(tx, random, staff.fundraiser, now);
    const surveys = await insertSampleSurvey(tx, survey);
    const quarters = await insertSampleNumbers(tx, now);
    await audit(tx, null, "load", "sample", null);
    return {
      days,
      landings: clicks.length,
      consultations: consultations + ofToday + calls,
      handovers,
      reminders,
      sideNotes,
      corrections,
      briefs,
      absences,
      drafts,
      downloads,
      ...readers,
      surveys,
      quarters,
    };
  });
}
