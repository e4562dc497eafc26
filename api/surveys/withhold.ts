/**
 * Small counts are withheld: whoever knows the area may tell from "2 schools" which they are. A question with one answer
 * is published so that its rows still add up and no small count can be had by subtraction; of a question with several
 * there is no sum, and each small count is told as such.
 */

import { isSmall, withholdCount } from "#api/small-counts/withhold.ts";
import { answersTo, type CountedChoice, type CountedQuestion } from "#api/survey-tables/questions.ts";
import type { CountedSurvey } from "#api/survey-tables/read-file.ts";
import type { SurveyCount, SurveyQuestion, SurveyResults, SurveyRow } from "#db/terms/surveys.ts";
import { surveyWords } from "#db/words/surveys.ts";

/** The survey as it is published. Counts below `threshold` are not in it any more. */
export const withholdSmall = (survey: CountedSurvey, threshold: number): SurveyResults => {
  const { title, period, asked, unit, sent, answered, intro } = survey;
  const questions = survey.questions.map((question) => withheldIn(question, answered, threshold));
  return { title, period, asked, unit, sent, answered, intro, threshold, questions };
};

function withheldIn(question: CountedQuestion, answered: number, threshold: number): SurveyQuestion {
  const { text, note, isMultiple } = question;
  // A few who were not asked this question are a small count too: they stay among those without an answer.
  const told = answersTo(question, answered);
  const answers = answered - told < threshold ? answered : told;
  if (answers < threshold) return { text, note, isMultiple, answers: 0, rows: [] };
  const rows = isMultiple ? severalOf(question, answers, threshold) : onesOf(question, answers, threshold);
  return { text, note, isMultiple, answers, rows };
}

const rowOf = ({ label, note }: CountedChoice, count: SurveyCount): SurveyRow => ({
  ...{ kind: "choice", label, choices: [], note, count },
});

const noAnswerRow = (count: SurveyCount): SurveyRow => ({
  ...{ kind: "none", label: surveyWords.noAnswer, choices: [], note: "", count },
});

/** A question with several answers: each choice by itself. */
function severalOf({ choices, noAnswer }: CountedQuestion, answers: number, threshold: number): SurveyRow[] {
  const told = (count: number | null): SurveyCount =>
    count === null ? "unrecorded" : withholdCount(count, answers, threshold);
  const rows = choices.map((choice) => rowOf(choice, told(choice.count)));
  return noAnswer === null ? rows : [...rows, noAnswerRow(told(noAnswer))];
}

/**
 * A question with one answer: its rows add up to the answers. Small counts are one row together with those that gave no
 * answer, and with the next larger ones until that row is not small; no row at all where nothing else would be left.
 */
function onesOf({ choices }: CountedQuestion, answers: number, threshold: number): SurveyRow[] {
  const sumOf = (some: readonly CountedChoice[]) => some.reduce((sum, { count }) => sum + (count ?? 0), 0);
  const rest = answers - sumOf(choices);
  const together = new Set(choices.filter(({ count }) => isSmall(count ?? 0, threshold)));
  if (together.size === 0) {
    const rows = choices.map((choice) => rowOf(choice, choice.count ?? "unrecorded"));
    return rest === 0 ? rows : [...rows, noAnswerRow(rest)];
  }
  const larger = choices
    .filter(({ count }) => (count ?? 0) >= threshold)
    .toSorted((a, b) => (a.count ?? 0) - (b.count ?? 0));
  for (const choice of larger) if (sumOf([...together]) + rest < threshold) together.add(choice);
  if (larger.every((choice) => together.has(choice))) return [];
  const labels = choices.filter((choice) => together.has(choice)).map(({ label }) => label);
  return [
    ...choices.filter((choice) => !together.has(choice)).map((choice) => rowOf(choice, choice.count ?? "unrecorded")),
    {
      ...{ kind: "together", label: surveyWords.together, note: "" },
      ...{ choices: rest > 0 ? [...labels, surveyWords.noAnswer] : labels, count: sumOf([...together]) + rest },
    },
  ];
}
