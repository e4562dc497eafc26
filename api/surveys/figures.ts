/** The numbers of a survey as page, PDF and terminal write them. */

import { groupThousands } from "#analytics/money.ts";
import type { SurveyQuestion, SurveyResults, SurveyRow } from "#db/terms/surveys.ts";
import { surveyWords } from "#db/words/surveys.ts";

/** 「1,204校」; null: not recorded. */
export const numberText = (count: number | null, unit: string): string =>
  count === null ? surveyWords.unrecorded : groupThousands(count) + unit;

/** The count of a row, or the words for one that is not told. */
export function countText({ count }: SurveyRow, { answers }: SurveyQuestion, results: SurveyResults): string {
  const { threshold, unit } = results;
  if (count === "unrecorded") return surveyWords.unrecorded;
  if (count === "withheld") return surveyWords.withheld;
  if (count === "few") return surveyWords.few(threshold, unit);
  if (count === "nearly_all") return surveyWords.nearlyAll(answers - threshold + 1, unit);
  return numberText(count, unit);
}

/** Per cent of those who answered the question, 0 to 100; undefined for a count that is not told. */
export const shareOf = ({ count }: SurveyRow, { answers }: SurveyQuestion): number | undefined =>
  typeof count === "number" ? (100 * count) / answers : undefined;

/** 「53.4%」; 「－」 for a count that is not told. */
export const shareText = (share: number | undefined): string => (share === undefined ? "－" : `${share.toFixed(1)}%`);

/** 「268校（65.0%）」: how many answered, and of how many that were asked where that is recorded. */
export function answeredText({ sent, answered, unit }: SurveyResults): string {
  if (sent === null || sent === 0) return numberText(answered, unit);
  return `${numberText(answered, unit)}（${shareText((100 * answered) / sent)}）`;
}

/** How a question was to be answered, and by how many it was. */
export const underQuestion = ({ isMultiple, answers }: SurveyQuestion, { unit }: SurveyResults): string =>
  `${isMultiple ? surveyWords.several : surveyWords.one}${answers === 0 ? "" : surveyWords.answers(numberText(answers, unit))}`;
