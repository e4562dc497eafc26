/** Publishing the results of a survey, and taking them off the site. */

import { eq } from "drizzle-orm";
import type { CountedSurvey } from "#api/survey-tables/read-file.ts";
import { audit } from "#db/actor.ts";
import { type Transaction, transaction } from "#db/client.ts";
import { NotFound, Refused } from "#db/errors.ts";
import { surveys } from "#db/schema/surveys.ts";
import { settings } from "#db/settings/settings.ts";
import type { SurveyResults } from "#db/terms/surveys.ts";
import type { Report } from "./report.ts";
import { withholdSmall } from "./withhold.ts";

/** A survey as it will be published: its results without small counts, and their PDF. */
export interface PreparedSurvey {
  slug: string;
  results: SurveyResults;
  report: Report;
  preparedAt: Date;
}

/**
 * Withholds what the setting `publish_threshold` says, and draws the PDF: about a second, so outside of any transaction.
 * Throws Refused for a survey that fewer than that have answered.
 */
export async function prepareSurvey(survey: CountedSurvey, now = new Date()): Promise<PreparedSurvey> {
  const threshold = settings().values.publish_threshold;
  const { slug, answered, unit } = survey;
  if (answered < threshold)
    throw new Refused(
      `答えた数が ${answered}${unit}です。${threshold}${unit}より少ない調査は、だれのことか分かるかもしれないため、公開できません。`,
    );
  const results = withholdSmall(survey, threshold);
  // Its libraries are large, and no process that serves pages draws.
  const { drawReport } = await import("./report.ts");
  return { slug, results, report: await drawReport(results, now), preparedAt: now };
}

/** Writes it in the caller's transaction, in place of the one of that name. Returns whether there was one. */
export async function storeSurvey(tx: Transaction, prepared: PreparedSurvey, isSample: boolean): Promise<boolean> {
  const { slug, results, report, preparedAt } = prepared;
  const replaced = await tx.delete(surveys).where(eq(surveys.slug, slug)).returning({ slug: surveys.slug });
  await tx.insert(surveys).values({
    ...{ slug, results, isSample, publishedAt: preparedAt },
    ...{ report: report.content, reportPages: report.pages },
  });
  await audit(tx, null, "publish", "survey", slug, { answered: results.answered, threshold: results.threshold });
  return replaced.length > 0;
}

/** Publishes it. Returns whether it replaced one of the same name. */
export const publishSurvey = (prepared: PreparedSurvey): Promise<boolean> =>
  transaction((tx) => storeSurvey(tx, prepared, false));

/** Takes a survey off the site. Throws NotFound. */
export async function withdrawSurvey(slug: string): Promise<void> {
  await transaction(async (tx) => {
    const gone = await tx.delete(surveys).where(eq(surveys.slug, slug)).returning({ slug: surveys.slug });
    if (gone.length === 0) throw new NotFound("no such survey");
    await audit(tx, null, "withdraw", "survey", slug);
  });
}
