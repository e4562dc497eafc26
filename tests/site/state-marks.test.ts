/** The state of a language in words: each state has its own, and none is told by a colour alone. */

import { expect, test } from "vitest";
import type { EntryTextState } from "#api/content/states.ts";
import { marksOf } from "#site/components/content/state-marks.ts";

const quiet = {
  ...{ code: "none", shownNo: undefined, lastDay: undefined, next: undefined, waits: undefined },
  ...{ hasDraft: false, isStale: false },
} satisfies EntryTextState;
const moment = { no: 2, at: new Date("2026-12-01T00:00:00Z") };

test.each<[Partial<EntryTextState>, string[]]>([
  [{}, ["まだありません"]],
  [{ code: "draft", hasDraft: true }, ["下書き"]],
  [{ code: "shown" }, ["出ています"]],
  [{ code: "shown", hasDraft: true }, ["出ています・下書きあり"]],
  [{ code: "draft", next: moment }, ["12月1日（火）に出ます"]],
  [{ code: "shown", next: moment, isStale: true }, ["出ています", "12月1日（火）に出ます", "遅れ"]],
  [{ code: "draft", waits: moment }, ["同意待ち"]],
  [{ code: "shown", waits: moment, hasDraft: true }, ["出ています・下書きあり", "同意待ち"]],
  [{ code: "ended" }, ["同意が終わりました"]],
  [{ code: "ended", hasDraft: true }, ["同意が終わりました", "下書き"]],
  [{ code: "withdrawn" }, ["取り下げ中"]],
])("%o", (state, words) => {
  expect(marksOf({ ...quiet, ...state }).map((mark) => mark.words)).toEqual(words);
});
