/** The survey of the sample: invented, as its table says, and written as an organisation writes its own. */

import { readFileSync } from "node:fs";
import { eq } from "drizzle-orm";
import { readSurveyFile } from "#api/survey-tables/read-file.ts";
import type { Transaction } from "#db/client.ts";
import { surveys } from "#db/schema/surveys.ts";
import { type PreparedSurvey, prepareSurvey, storeSurvey } from "./publish.ts";

const fileName = "sample-survey.csv";

/** Draws it, which takes about a second: before the transaction that stores it. */
export async function prepareSampleSurvey(now: Date): Promise<PreparedSurvey> {
  const { survey, refusals } = readSurveyFile(readFileSync(new URL(fileName, import.meta.url)), fileName);
  if (!survey) throw new Error(refusals.join("\n"));
  return prepareSurvey(survey, now);
}

/** Stores it, unless the organisation has one of that name. Returns how many. */
export async function insertSampleSurvey(tx: Transaction, prepared: PreparedSurvey): Promise<number> {
  const [own] = await tx.select({ isSample: surveys.isSample }).from(surveys).where(eq(surveys.slug, prepared.slug));
  if (own && !own.isSample) return 0;
  await storeSurvey(tx, prepared, true);
  return 1;
}
