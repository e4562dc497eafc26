/** Tables of surveys as organisations write them. */

import iconv from "iconv-lite";
import { type CountedSurvey, readSurveyFile } from "#api/survey-tables/read-file.ts";

const head = {
  題名: "学校へのおたずね",
  アドレス: "schools",
  期間: "2026年6月",
  たずねた相手: "県内の学校",
  単位: "校",
  送った数: "100",
  答えた数: "69",
};

/** A table of these lines under 設問, 選択肢, 件数, 注記; a head line is replaced, or left out with "". */
export function table(lines: readonly string[], changed: Record<string, string> = {}): string {
  const above = Object.entries({ ...head, ...changed }).filter(([, text]) => text !== "");
  return [...above.map(([key, text]) => `${key},${text}`), "", "設問,選択肢,件数,注記", ...lines].join("\r\n");
}

export const read = (text: string, fileName = "file.csv") => readSurveyFile(Buffer.from(text), fileName);

/** What is refused of a table. */
export const refusalsOf = (...table_: Parameters<typeof table>): string[] => read(table(...table_)).refusals ?? [];

/** A table that is read. */
export function surveyIn(...table_: Parameters<typeof table>): CountedSurvey {
  const { survey, refusals } = read(table(...table_));
  if (!survey) throw new Error(refusals.join("\n"));
  return survey;
}

/** The same text in the encodings in which offices save tables. */
export const encodings = (text: string): Record<string, Buffer> => ({
  "UTF-8": Buffer.from(text),
  "UTF-8 with a byte order mark": Buffer.from(`\ufeff${text}`),
  CP932: iconv.encode(text, "cp932"),
  "UTF-16 with tabs": Buffer.from(`\ufeff${text.replaceAll(",", "\t")}`, "utf16le"),
});
