/** The surveys that are published, newest first. */

import { desc, eq, sql } from "drizzle-orm";
import { db } from "#db/client.ts";
import { firstOrNotFound, NotFound } from "#db/errors.ts";
import { surveys } from "#db/schema/surveys.ts";
import { settings } from "#db/settings/settings.ts";
import type { SurveyResults } from "#db/terms/surveys.ts";
import { readTimeoutMs, withTimeout } from "#db/timeout.ts";

export interface PublishedSurvey {
  slug: string;
  results: SurveyResults;
  publishedAt: Date;
  isSample: boolean;
  /** Of its PDF. */
  report: { pages: number; bytes: number };
}

/** The invented survey is shown while the installation is the sample. */
const isShown = ({ isSample }: { isSample: boolean }) => !isSample || settings().stage === "sample";

async function readSurveys(): Promise<PublishedSurvey[]> {
  const rows = await db
    .select({
      slug: surveys.slug,
      results: surveys.results,
      publishedAt: surveys.publishedAt,
      isSample: surveys.isSample,
      report: { pages: surveys.reportPages, bytes: sql<number>`octet_length(${surveys.report})` },
    })
    .from(surveys)
    .orderBy(desc(surveys.publishedAt), surveys.slug);
  return rows.filter(isShown);
}

/** Every published survey. Throws a timeout after `readTimeoutMs` when the database does not answer. */
export const listSurveys = (): Promise<PublishedSurvey[]> => withTimeout(readTimeoutMs, readSurveys());

/** The same; throws NotFound where there is none, so that there is no page of them. */
export async function listSurveysOrNotFound(): Promise<PublishedSurvey[]> {
  const found = await listSurveys();
  if (found.length === 0) throw new NotFound("no survey");
  return found;
}

/** One of them. Throws NotFound. */
export const getSurvey = async (slug: string): Promise<PublishedSurvey> =>
  firstOrNotFound((await listSurveys()).filter((survey) => survey.slug === slug));

/** Its PDF and the name under which a device saves it. Throws NotFound. */
export async function reportOf(slug: string): Promise<{ content: Buffer; fileName: string; plainName: string }> {
  const reading = db.select().from(surveys).where(eq(surveys.slug, slug));
  const { report, results } = firstOrNotFound((await withTimeout(readTimeoutMs, reading)).filter(isShown));
  return {
    content: report,
    fileName: `${results.title.replaceAll(/[/\\:*?"<>|]/gu, "_")}.pdf`,
    plainName: `${slug}.pdf`,
  };
}
