/** Publishing the results of surveys from a terminal. */

import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { readSurveyFile } from "#api/survey-tables/read-file.ts";
import { type CommandAnswer, type Commands, textOption, WrongUsage } from "#db/command.ts";
import { env } from "#db/env.ts";
import { NotFound, Refused } from "#db/errors.ts";
import type { SurveyResults } from "#db/terms/surveys.ts";
import { surveyWords as say } from "#db/words/surveys.ts";
import { answeredText, countText, numberText, shareOf, shareText, underQuestion } from "./figures.ts";
import { type PreparedSurvey, prepareSurvey, publishSurvey, withdrawSurvey } from "./publish.ts";

/** The results as the terminal shows them: what stands on the page, and nothing that does not. */
function resultLines(results: SurveyResults): string[] {
  const { title, period, asked, sent, unit, questions } = results;
  return [
    `○ ${title}`,
    `   ${say.period}: ${period}、${say.asked}: ${asked}`,
    `   ${say.sent}: ${numberText(sent, unit)}、${say.answered}: ${answeredText(results)}`,
    ...questions.flatMap((question) => [
      `   ■ ${question.text}`,
      `      ${underQuestion(question, results)}`,
      ...(question.rows.length === 0 ? [`      ${say.nothing}`] : []),
      ...question.rows.map((row) => {
        const together = row.choices.length === 0 ? "" : `（${row.choices.join("、")}）`;
        return `      ${row.label}${together}: ${countText(row, question, results)} ${shareText(shareOf(row, question))}`;
      }),
    ]),
    `   ${say.notes.small(results.threshold, unit)}`,
  ];
}

const refused = (file: string, refusals: string[]): CommandAnswer => ({
  value: { file, refusals },
  lines: [`× ${file}`, ...refusals.map((sentence) => `   ${sentence}`)],
  failed: true,
});

async function reportCommand(path: string, isDryRun: boolean): Promise<CommandAnswer> {
  const file = basename(path);
  const bytes = await readFile(path).catch(() => undefined);
  if (!bytes) return refused(file, ["ファイルを開けません。"]);
  const { survey, refusals } = readSurveyFile(bytes, file);
  if (!survey) return refused(file, refusals);
  const prepared = await prepareSurvey(survey).catch((error: unknown) => {
    if (error instanceof Refused) return error.message;
    throw error;
  });
  if (typeof prepared === "string") return refused(file, [prepared]);
  const isReplaced = isDryRun ? false : await publishSurvey(prepared);
  return {
    value: valueOf(file, prepared, isDryRun, isReplaced),
    lines: [...resultLines(prepared.results), ...endLines(prepared, isDryRun, isReplaced)],
  };
}

const valueOf = (file: string, { slug, results, report }: PreparedSurvey, isDryRun: boolean, isReplaced: boolean) => ({
  ...{ file, refusals: [], slug, published: !isDryRun, replaced: isReplaced, pages: report.pages, results },
});

function endLines({ slug, report }: PreparedSurvey, isDryRun: boolean, isReplaced: boolean): string[] {
  if (isDryRun) return [`   まだ公開していません。公開すると ${env.PUBLIC_ORIGIN}/surveys/${slug} に載ります。`];
  return [
    `   ${isReplaced ? "前の内容と入れかえて公開しました" : "公開しました"}: ${env.PUBLIC_ORIGIN}/surveys/${slug}（PDFは ${report.pages} ページ）`,
    `   取り下げるには: survey-report --withdraw ${slug}`,
  ];
}

async function withdrawCommand(slug: string): Promise<CommandAnswer> {
  try {
    await withdrawSurvey(slug);
  } catch (error) {
    if (!(error instanceof NotFound)) throw error;
    return { value: { slug, withdrawn: false }, lines: [`「${slug}」という調査は公開していません。`], failed: true };
  }
  return { value: { slug, withdrawn: true }, lines: [`「${slug}」を取り下げました。`] };
}

export const surveyCommands: Commands = {
  "survey-report": {
    usage: "survey-report FILE.csv [--dry-run] | survey-report --withdraw SLUG",
    words: [0, 1],
    options: { withdraw: textOption, "dry-run": { type: "boolean" } },
    run: ([file], { withdraw }, flags) => {
      if ((file === undefined) === (withdraw === undefined))
        throw new WrongUsage("Name a file, or --withdraw and a name.");
      return withdraw === undefined ? reportCommand(file ?? "", flags.has("dry-run")) : withdrawCommand(withdraw);
    },
  },
};
