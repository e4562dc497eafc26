/** The results of a survey as they are published: what may not be told is not in them any more. */

import type { PublishedCount } from "./small-counts.ts";

/** How many chose it. "unrecorded": the table leaves it blank, which is not 0. */
export type SurveyCount = PublishedCount | "unrecorded";

/** `choice`: one of the question's. `together`: choices with small counts, as one. `none`: no answer, or not recorded. */
export type SurveyRowKind = "choice" | "together" | "none";

export interface SurveyRow {
  kind: SurveyRowKind;
  label: string;
  /** Labels of the choices that were put together; empty for a choice. */
  choices: string[];
  note: string;
  count: SurveyCount;
}

export interface SurveyQuestion {
  text: string;
  note: string;
  /** More than one answer was allowed, so that the rows may exceed the answers. */
  isMultiple: boolean;
  /** How many answered it: shares are of this number, and the rows of a question with one answer add up to it. 0: withheld. */
  answers: number;
  /** Empty where every number would tell of a few. */
  rows: SurveyRow[];
}

export interface SurveyResults {
  title: string;
  /** As it was written: 「2026年6月1日〜6月30日」. */
  period: string;
  /** Who was asked. */
  asked: string;
  /** What is counted: 件, 校, 人. */
  unit: string;
  /** Null: not recorded. */
  sent: number | null;
  answered: number;
  /** Paragraphs. */
  intro: string[];
  /** The setting `publish_threshold` when it was published: smaller counts are not told. */
  threshold: number;
  questions: SurveyQuestion[];
}
