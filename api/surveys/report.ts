/** The results of a survey as a PDF, drawn without a browser: the same numbers and bars as on the page. */

import { fitText } from "#api/drawings/lines.ts";
import { mm, page, paint, type Pen } from "#api/drawings/pen.ts";
import { dayOf, formatDate } from "#db/calendar/days.ts";
import { brandPalette } from "#db/settings/brand.ts";
import { settings } from "#db/settings/settings.ts";
import { hoursLabel } from "#db/settings/wording.ts";
import type { SurveyQuestion, SurveyResults, SurveyRow } from "#db/terms/surveys.ts";
import { surveyNotes, surveyWords as say } from "#db/words/surveys.ts";
import { wordsIn } from "#db/words/words.ts";
import {
  below,
  type SurveyBlock,
  documentOf,
  framed,
  type Frame,
  surveyInk,
  margin,
  sideBySide,
  textBlock,
  textWidth,
} from "./blocks.ts";
import { answeredText, countText, numberText, shareOf, shareText, underQuestion } from "./figures.ts";

export interface Report {
  content: Buffer;
  pages: number;
}

/** Columns: the label and below it the bar, then count and share, which end at these distances from the left margin. */
const columns = { label: 118 * mm, count: 148 * mm, share: textWidth } as const;

/** Draws it; takes about a second. It names the organisation by the settings in force. */
export async function drawReport(results: SurveyResults, publishedAt: Date): Promise<Report> {
  const organisation = settings();
  const strong = brandPalette().day.strong;
  const groups = [
    headOf(results, publishedAt),
    ...results.questions.map((one) => questionOf(one, results)),
    footOf(results),
  ];
  const document = await documentOf(groups, frameOf(results.title, strong));
  document.setTitle(results.title, { showInWindowTitleBar: true });
  document.setAuthor(organisation.legalName.ja);
  document.setLanguage("ja");
  document.setCreationDate(publishedAt);
  document.setModificationDate(publishedAt);
  return { content: Buffer.from(await document.save()), pages: document.getPageCount() };
}

/** A band above on the first page, and below on every page whose it is and which of how many. */
const frameOf =
  (title: string, colour: string): Frame =>
  (pen, at) => {
    const band = { x: 0, y: page.height - 10 * mm, width: page.width, height: 10 * mm };
    if (at.page === 1) pen.sheet.drawRectangle({ ...band, color: paint(colour) });
    const top = page.height - 15 * mm;
    const style = { size: 8.5, colour: surveyInk.soft, lineHeight: 1.4 };
    rule(pen, top - 2 * mm);
    textBlock(`${title}　${settings().legalName.ja}`, { ...style, width: textWidth - 20 * mm }).draw(pen, top);
    textBlock(`${at.page} / ${at.of}`, { ...style, left: textWidth, isRight: true }).draw(pen, top);
  };

const rule = (pen: Pen, top: number, colour: string = surveyInk.line) =>
  pen.sheet.drawLine({
    start: { x: margin.side, y: page.height - top },
    end: { x: page.width - margin.side, y: page.height - top },
    thickness: 0.6,
    color: paint(colour),
  });

/** Title, what the survey was, and that it is invented where it is. */
function headOf(results: SurveyResults, publishedAt: Date): SurveyBlock[] {
  const { invented } = wordsIn("ja").site;
  const facts = [
    [say.period, results.period],
    [say.asked, results.asked],
    [say.sent, numberText(results.sent, results.unit)],
    [say.answered, answeredText(results)],
    [say.published, formatDate(dayOf(publishedAt))],
  ] as const;
  const colour = brandPalette().day.strong;
  return [
    gap(2 * mm),
    ...titleLines(results.title).map((line) =>
      textBlock(line.text, { size: line.size, weight: "Bold", colour, lineHeight: 1.4 }),
    ),
    gap(5 * mm),
    ...facts.map(([name, fact]) =>
      sideBySide([
        textBlock(name, { size: 10.5, weight: "Bold", width: 32 * mm }),
        textBlock(fact, { size: 10.5, left: 34 * mm }),
      ]),
    ),
    ...results.intro.map((text) => textBlock(text, { size: 10.5, before: 3 * mm })),
    ...(invented === ""
      ? []
      : [gap(4 * mm), framed(textBlock(invented, { size: 10, left: 4 * mm, width: textWidth - 8 * mm }), 0)]),
    gap(3 * mm),
  ];
}

/** The title in at most three lines that break between words, smaller where it is long. */
function titleLines(title: string): { text: string; size: number }[] {
  const { lines, size } = fitText(title, { width: textWidth, maxSize: 22, maxLines: 3, weight: "Bold" });
  return lines.map((text) => ({ text, size }));
}

const gap = (height: number): SurveyBlock => ({ height, draw: () => {} });

function questionOf(question: SurveyQuestion, results: SurveyResults): SurveyBlock[] {
  const { text, note, rows } = question;
  const heading = below([
    textBlock(text, { size: 13, weight: "Bold", lineHeight: 1.45, before: 6 * mm, after: 1 * mm }),
    textBlock(underQuestion(question, results), { size: 9.5, colour: surveyInk.soft }),
    ...(note === "" ? [] : [textBlock(note, { size: 9.5, colour: surveyInk.soft })]),
    gap(2 * mm),
  ]);
  if (rows.length === 0) return [below([heading, textBlock(say.nothing, { size: 10.5 })])];
  const [first, ...others] = rows.map((row) => rowOf(row, question, results));
  const sum = question.isMultiple ? [] : [totalOf(question, results)];
  return [below([heading, first ?? gap(0)]), ...others, ...sum];
}

const figure = { size: 10.5, lineHeight: 1.4, before: 1.4 * mm, isRight: true } as const;
const ruled = (colour: string = surveyInk.line): SurveyBlock => ({
  height: 0,
  draw: (pen, top) => rule(pen, top, colour),
});

/** That the rows of a question with one answer add up. */
const totalOf = ({ answers }: SurveyQuestion, { unit }: SurveyResults): SurveyBlock =>
  sideBySide([
    ruled(surveyInk.rest),
    textBlock(say.total, { ...figure, isRight: false }),
    textBlock(numberText(answers, unit), { ...figure, left: columns.count }),
    textBlock("100%", { ...figure, left: columns.share }),
  ]);

/** Label, note and what was put together, with the bar below; count and share beside the label. */
function rowOf(row: SurveyRow, question: SurveyQuestion, results: SurveyResults): SurveyBlock {
  const share = shareOf(row, question);
  const label = below([
    gap(1.4 * mm),
    textBlock(row.label, { size: figure.size, width: columns.label, lineHeight: 1.4 }),
    ...[row.note, row.choices.join("、")]
      .filter((text) => text !== "")
      .map((text) => textBlock(text, { size: 8.5, colour: surveyInk.soft, width: columns.label, lineHeight: 1.45 })),
    barOf(share, row.kind === "choice" ? brandPalette().day.key : surveyInk.rest),
    gap(1.4 * mm),
  ]);
  return sideBySide([
    ruled(),
    label,
    textBlock(countText(row, question, results), { ...figure, left: columns.count }),
    textBlock(shareText(share), { ...figure, left: columns.share }),
  ]);
}

/** A bar whose whole length is all who answered the question; nothing where the number is not told. */
function barOf(share: number | undefined, colour: string): SurveyBlock {
  if (share === undefined) return gap(0);
  const height = 7;
  return {
    height: height + 4,
    draw: (pen, top) => {
      const track = { x: margin.side, y: page.height - top - 3 - height, width: columns.label, height };
      pen.sheet.drawRectangle({ ...track, color: paint(surveyInk.track) });
      if (share > 0) pen.sheet.drawRectangle({ ...track, width: (columns.label * share) / 100, color: paint(colour) });
    },
  };
}

/** What holds for all numbers, and whom to ask. */
function footOf({ threshold, unit, questions }: SurveyResults): SurveyBlock[] {
  const organisation = settings();
  const call = organisation.phone === "" ? "" : `　${organisation.phone}（${hoursLabel("ja", organisation)}）`;
  const notes = surveyNotes(
    threshold,
    unit,
    questions.some(({ isMultiple }) => isMultiple),
  );
  return [
    { height: 8 * mm, draw: (pen, top) => rule(pen, top + 4 * mm, surveyInk.rest) },
    ...notes.map((text) => textBlock(text, { size: 9.5, after: 1 * mm })),
    textBlock(organisation.legalName.ja + call, { size: 9.5, before: 2 * mm }),
  ];
}
