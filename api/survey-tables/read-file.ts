/** A survey's table as an organisation writes it: head lines, headings, and a line for each choice. */

import { Refused } from "#db/errors.ts";
import { headIn, type SurveyHead } from "./head.ts";
import { type CountedQuestion, isHeading, questionsIn, questionSums } from "./questions.ts";
import { linesIn } from "./records.ts";

/** A survey with all its numbers, small ones too: it is published as `withholdSmall` leaves it, and stored in no other way. */
export interface CountedSurvey extends SurveyHead {
  questions: CountedQuestion[];
}

/** The survey in a file; or, when anything is wrong with it, a sentence for each thing. */
export function readSurveyFile(
  bytes: Uint8Array,
  fileName: string,
): { survey: CountedSurvey; refusals?: undefined } | { survey?: undefined; refusals: string[] } {
  try {
    const lines = linesIn(bytes);
    const at = lines.findIndex(isHeading);
    const heading = lines[at];
    if (!heading) return { refusals: ["「設問」「選択肢」「件数」の見出しの行がありません。"] };
    const { head, refusals: ofHead } = headIn(lines.slice(0, at), fileName);
    const { questions, refusals: ofLines } = questionsIn(heading, lines.slice(at + 1));
    if (questions.length === 0 && ofLines.length === 0) ofLines.push("設問が一つもありません。");
    const isReadable = ofHead.length + ofLines.length === 0;
    const ofSums = isReadable ? questions.flatMap((question) => questionSums(question, head.answered)) : [];
    const refusals = [...ofHead, ...ofLines, ...ofSums];
    return refusals.length > 0 ? { refusals } : { survey: { ...head, questions } };
  } catch (error) {
    if (error instanceof Refused) return { refusals: [error.message] };
    throw error;
  }
}
