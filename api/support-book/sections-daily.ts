/** The child's own words, school, classmates, learning while away, siblings, and days with grandparents or a sitter. */

import type { BookSection } from "./book.ts";

export const dailySections: readonly BookSection[] = [
  {
    id: "own-words",
    title: "わたしの気持ち",
    lead: "本人の言葉で書きます。代わりに書くときは、本人が言ったとおりに。絵でもかまいません。",
    in: ["family", "school"],
    blocks: [
      {
        kind: "fields",
        rows: [
          [{ id: "want", label: "してほしいこと", asks: "本人が、まわりの人にしてほしいこと", lines: 2 }],
          [{ id: "not-want", label: "しないでほしいこと", asks: "本人が、まわりの人にしないでほしいこと", lines: 2 }],
          [
            { id: "worry", label: "心配なこと", asks: "本人が心配していること", share: 0.5, lines: 2 },
            { id: "hope", label: "楽しみにしていること", asks: "本人が楽しみにしていること", share: 0.5, lines: 2 },
          ],
          [{ id: "listener", label: "気持ちを話せる人", asks: "本人が気持ちを話せる人" }],
        ],
      },
    ],
  },
  {
    id: "school-life",
    title: "学校・園での生活",
    lead: "できることから書きます。学校生活管理指導表があるときは、同じ内容にします。",
    in: ["family", "school"],
    blocks: [
      {
        kind: "table",
        id: "scene",
        rowLabel: "場面",
        nameShare: 0.19,
        lines: 2,
        rows: [
          ...["体育、外遊び", "給食、おやつ", "移動、階段", "トイレ、着がえ", "休み時間", "暑さ、寒さ、水分"],
          ...["遠足、行事", "泊まりの行事", "感染症がはやるとき", "避難訓練、災害"],
        ],
        columns: [
          { id: "yes", label: "できる", asks: "は、そのままできる", share: 0.09, isTick: true },
          { id: "help", label: "工夫で", asks: "は、工夫すればできる", share: 0.09, isTick: true },
          { id: "no", label: "しない", asks: "は、しない", share: 0.09, isTick: true },
          {
            id: "care",
            label: "どう工夫するか、気をつけること",
            asks: "で、工夫することと気をつけること",
            share: 0.54,
          },
        ],
      },
      {
        kind: "fields",
        rows: [
          [
            { id: "seat", label: "席や休む場所", asks: "教室の席と、休む場所", share: 0.5, lines: 2 },
            { id: "absence", label: "遅刻、早退、通院の予定", asks: "遅刻や早退、通院の予定", share: 0.5, lines: 2 },
          ],
        ],
      },
    ],
  },
  {
    id: "classmates",
    title: "友だちに伝えること",
    lead: "本人とよく話して、伝える言葉を決めておきます。伝えないと決めてもかまいません。",
    in: ["family", "school"],
    blocks: [
      {
        kind: "ticks",
        id: "told",
        label: "友だちに",
        options: ["伝えてよい", "決めた言葉だけ伝えてよい", "まだ伝えない"],
      },
      {
        kind: "fields",
        rows: [
          [{ id: "agreed", label: "伝えてよい言葉", asks: "友だちに伝えてよい言葉を、そのまま", lines: 2 }],
          [
            { id: "asked", label: "聞かれたときの答え方", asks: "友だちに聞かれたときの答え方", share: 0.5, lines: 2 },
            { id: "unsaid", label: "言わないでほしいこと", asks: "友だちに言わないでほしいこと", share: 0.5, lines: 2 },
          ],
          [{ id: "who", label: "だれが、いつ伝えるか", asks: "友だちに、だれがいつ伝えるか" }],
        ],
      },
    ],
  },
  {
    id: "learning",
    title: "休んでいるあいだの学び",
    lead: "入院や自宅での療養のときも、学校とつながっていられるように決めておきます。",
    in: ["family", "school"],
    blocks: [
      {
        kind: "ticks",
        id: "way",
        label: "できそうなこと",
        options: ["プリント", "オンラインの授業", "先生の訪問", "院内学級", "友だちとの手紙"],
      },
      {
        kind: "fields",
        rows: [
          [
            { id: "keeper", label: "学校の連絡係の先生", asks: "休んでいるあいだ、連絡をくれる先生", share: 0.5 },
            { id: "handed", label: "プリントの届け方と曜日", asks: "プリントの届け方と曜日", share: 0.5 },
          ],
          [
            {
              id: "pace",
              label: "体調のよい時間、続けられる長さ",
              asks: "勉強しやすい時間と、続けられる長さ",
              share: 0.5,
            },
            { id: "wish", label: "本人が続けたいこと", asks: "休んでいるあいだも本人が続けたいこと", share: 0.5 },
          ],
          [{ id: "return", label: "もどるときの進め方", asks: "学校にもどるときの進め方と、はじめの一週間", lines: 2 }],
        ],
      },
    ],
  },
  {
    id: "siblings",
    title: "きょうだいのこと",
    lead: "きょうだいにも、知りたいこと、がまんしていること、楽しみたいことがあります。",
    in: ["family"],
    blocks: [
      {
        kind: "table",
        id: "sibling",
        rowLabel: "番号",
        nameShare: 0.09,
        lines: 2,
        rows: { family: 3, school: 0, emergency: 0 },
        columns: [
          { id: "name", label: "名前と年齢", asks: "番のきょうだいの名前と年齢", share: 0.25 },
          { id: "knows", label: "病気をどう聞いているか", asks: "番のきょうだいが病気をどう聞いているか", share: 0.33 },
          {
            id: "wishes",
            label: "気持ち、してあげたいこと",
            asks: "番のきょうだいの気持ちと、してあげたいこと",
            share: 0.33,
          },
        ],
      },
      {
        kind: "fields",
        rows: [
          [
            {
              id: "looks-after",
              label: "入院や受診の日に、きょうだいをみる人",
              asks: "入院や受診の日に、きょうだいをみる人と電話番号",
            },
          ],
        ],
      },
    ],
  },
  {
    id: "staying",
    title: "預かってくださる方へ",
    lead: "祖父母の家や、預かってもらうときの一日を書きます。",
    in: ["family"],
    blocks: [
      {
        kind: "table",
        id: "part",
        rowLabel: "いつ",
        nameShare: 0.12,
        lines: 2,
        rows: ["朝", "昼", "夕方", "夜", "夜中"],
        columns: [
          { id: "does", label: "すること（食事、くすり、ケア、遊び）", asks: "にすること", share: 0.5 },
          { id: "care", label: "気をつけること", asks: "に気をつけること", share: 0.38 },
        ],
      },
      {
        kind: "fields",
        rows: [
          [
            {
              id: "meals",
              label: "食べられるもの、食べさせ方",
              asks: "食べられるものと、食べさせ方",
              share: 0.5,
              lines: 2,
            },
            {
              id: "sleep",
              label: "眠るとき、泣いたとき",
              asks: "眠るときと泣いたときにすること",
              share: 0.5,
              lines: 2,
            },
          ],
          [
            {
              id: "things",
              label: "置き場所（保険証、着がえ、くすり、この本）",
              asks: "保険証、着がえ、くすり、この本の置き場所",
            },
          ],
        ],
      },
    ],
  },
  {
    id: "wishes",
    title: "家族から",
    lead: "",
    in: ["family"],
    blocks: [
      {
        kind: "fields",
        rows: [
          [
            {
              id: "wish",
              label: "大切にしていること、お願いしたいこと",
              asks: "家族が大切にしていることと、お願いしたいこと",
              lines: 4,
            },
          ],
          [
            {
              id: "talk",
              label: "病院で決めるときに、いっしょに考えてほしい人",
              asks: "病院で何かを決めるときに、いっしょに考えてほしい人",
            },
          ],
        ],
      },
    ],
  },
];
