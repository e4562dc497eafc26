/** The table of a survey: its questions with the counts of their choices, and whether they add up. */

import { recordedCount, type TableLine } from "./records.ts";

export interface CountedChoice {
  label: string;
  /** Null: not recorded. */
  count: number | null;
  note: string;
}

export interface CountedQuestion {
  text: string;
  note: string;
  isMultiple: boolean;
  choices: CountedChoice[];
  /** How many gave no answer, where the table says so. */
  noAnswer: number | null;
  /** How many answered this question, where the table says so: its line 「計」. */
  total: number | null;
}

const columns = { text: "設問", choice: "選択肢", count: "件数", note: "注記" } as const;
type Column = keyof typeof columns;

const isMultiple = (text: string) =>
  /複数(?:回答|選択)|いくつでも|[\d一二三四五六七八九十]つまで/u.test(text.normalize("NFKC"));
const isTotal = (label: string) => /^(?:合?計|総数|回答(?:者)?数)$/u.test(label);
const isNoAnswer = (label: string) =>
  /^(?:無回答|未回答|不明|記録なし|無回答・(?:不明|記録なし)|不明・無回答|無効・無回答)$/u.test(label);

const longest = { text: 120, choice: 100, note: 200 } as const;

/** Whether these cells are the headings above the table. */
export const isHeading = ({ cells }: TableLine): boolean =>
  [columns.text, columns.choice, columns.count].every((name) => cells.includes(name));

interface Row extends Record<Exclude<Column, "count">, string> {
  line: number;
  count: number | null;
}

/** One line below the headings; or a sentence on what is wrong with it. */
function rowOf({ line, cells }: TableLine, at: Record<Column, number>, before: string): Row | string {
  const cell = (column: Column) => (at[column] < 0 ? "" : (cells[at[column]] ?? ""));
  const row = { line, text: cell("text") || before, choice: cell("choice"), note: cell("note") };
  const count = recordedCount(cell("count"));
  if (row.text === "") return `${line}行目: 設問がありません。`;
  if (/^\d{1,3}$/u.test(cell("count")) && /^\d{3}$/u.test(row.note))
    return `${line}行目: 「${cell("count")},${row.note}」は一つの数ですか。桁を区切らずに書いてください。`;
  const known = Object.values(at);
  const stray = cells.find((text, place) => text !== "" && !known.includes(place));
  if (stray !== undefined)
    return `${line}行目: 「${stray}」が見出しのない列にあります。文の中の半角の「,」は、「、」にしてください。`;
  for (const column of ["text", "choice", "note"] as const)
    if (row[column].length > longest[column])
      return `${line}行目: ${columns[column]}は${longest[column]}文字までにしてください。`;
  if (count === undefined)
    return `${line}行目: 件数の「${cell("count")}」を数として読めません。数だけを書いてください。`;
  if (row.choice === "" && count !== null) return `${line}行目: 件数 ${count} に、選択肢がありません。`;
  return { ...row, count };
}

/** The questions of a table, in order; `refusals` says what cannot be read. */
export function questionsIn(
  heading: TableLine,
  lines: readonly TableLine[],
): { questions: CountedQuestion[]; refusals: string[] } {
  const at = Object.fromEntries(
    Object.entries(columns).map(([column, name]) => [column, heading.cells.indexOf(name)]),
  ) as Record<Column, number>;
  const found = new Map<string, CountedQuestion>();
  const refusals: string[] = [];
  let before = "";
  for (const line of lines) {
    const row = rowOf(line, at, before);
    if (typeof row === "string") {
      refusals.push(row);
      continue;
    }
    before = row.text;
    const question = found.get(row.text) ?? emptyQuestion(row.text);
    found.set(row.text, question);
    const refusal = addRow(question, row);
    if (refusal !== undefined) refusals.push(refusal);
  }
  return { questions: [...found.values()], refusals };
}

const emptyQuestion = (text: string): CountedQuestion => ({
  ...{ text, note: "", isMultiple: isMultiple(text), choices: [], noAnswer: null, total: null },
});

/** Adds a line to its question; returns a sentence where it says something for the second time. */
function addRow(question: CountedQuestion, { line, choice, count, note }: Row): string | undefined {
  if (choice === "") {
    question.note ||= note;
    return undefined;
  }
  const twice = `${line}行目: 設問「${question.text}」の「${choice}」が二つあります。`;
  if (isTotal(choice)) {
    if (question.total !== null) return twice;
    question.total = count;
  } else if (isNoAnswer(choice)) {
    if (question.noAnswer !== null) return twice;
    question.noAnswer = count;
  } else {
    if (question.choices.some(({ label }) => label === choice)) return twice;
    question.choices.push({ label: choice, count, note });
  }
  return undefined;
}

/** How many answered a question: what its own total says, else all who answered the survey. */
export const answersTo = ({ total }: CountedQuestion, answered: number): number => total ?? answered;

/** What of a question does not add up, a sentence each; what is missing to its answers is no error. */
export function questionSums(question: CountedQuestion, answered: number): string[] {
  const { text, choices, noAnswer, total } = question;
  const of = total === null ? "答えた数" : "計";
  const answers = answersTo(question, answered);
  if (answers > answered) return [`設問「${text}」の計が ${answers} で、答えた数 ${answered} を超えています。`];
  if (choices.every(({ count }) => count === null)) return [`設問「${text}」には、件数が一つもありません。`];
  if (question.isMultiple)
    return [...choices, { label: "無回答", count: noAnswer }]
      .filter(({ count }) => (count ?? 0) > answers)
      .map(({ label, count }) => `設問「${text}」の「${label}」が ${count} で、${of} ${answers} を超えています。`);
  const sum = choices.reduce((all, { count }) => all + (count ?? 0), noAnswer ?? 0);
  if (sum <= answers) return [];
  return [
    `設問「${text}」の件数を足すと ${sum} で、${of} ${answers} より ${sum - answers} 多くなります。いくつも選べる設問なら、設問の終わりに（複数回答）と書いてください。`,
  ];
}
