/** Who may read which part, what to look through each half year, and what was changed when. */

import { halfYearly, type BookSection } from "./book.ts";

export const keepingSections: readonly BookSection[] = [
  {
    id: "readers",
    title: "この本を読んでよい人",
    lead: "書いていない人に見せるときは、家族に聞いてください。写しを取るときも同じです。",
    in: ["family", "school"],
    blocks: [
      {
        kind: "table",
        id: "reader",
        rowLabel: "番号",
        nameShare: 0.09,
        rows: { family: 7, school: 5, emergency: 0 },
        columns: [
          { id: "name", label: "名前と立場", asks: "番の、読んでよい人の名前と立場", share: 0.35 },
          {
            id: "parts",
            label: "読んでよいところ",
            asks: "番の人が読んでよいところ（全部、または見出しの番号）",
            share: 0.26,
          },
          { id: "given", label: "渡した日", asks: "番の人に渡した日", share: 0.15 },
          { id: "back", label: "返った日", asks: "番の人から返った日", share: 0.15 },
        ],
      },
      {
        kind: "fields",
        only: ["school"],
        rows: [[{ id: "kept", label: "学校での保管場所", asks: "この本を学校のどこに、だれが保管するか" }]],
      },
    ],
  },
  {
    id: "review",
    title: "見直しの記録",
    lead: "半年に一度、学年が変わるとき、入院や退院のあとに見直します。",
    in: ["family", "school"],
    blocks: [
      {
        kind: "fields",
        only: ["family"],
        rows: [
          ["1", "2", "3", "4"].map((time) => ({
            ...{ id: `day-${time}`, label: `${time}回目の日`, asks: `${time}回目に見直した日` },
          })),
        ],
      },
      {
        kind: "table",
        id: "check",
        only: ["family"],
        rowLabel: "確かめること",
        nameShare: 0.72,
        rows: halfYearly,
        columns: ["1", "2", "3", "4"].map((time) => ({
          ...{ id: `time-${time}`, label: `${time}回目`, asks: `を${time}回目に確かめた`, share: 0.07, isTick: true },
        })),
      },
      {
        kind: "table",
        id: "version",
        rowLabel: "版",
        nameShare: 0.09,
        rows: { family: 5, school: 4, emergency: 0 },
        columns: [
          { id: "day", label: "書いた日", asks: "版を書いた日", share: 0.18 },
          { id: "changed", label: "直したところ", asks: "版で直したところ", share: 0.49 },
          { id: "writer", label: "書いた人", asks: "版を書いた人", share: 0.24 },
        ],
      },
    ],
  },
];
