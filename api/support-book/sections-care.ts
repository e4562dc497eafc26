/** Allergies, medicines, devices, what to do when something is wrong; and what stands in the emergency sheet alone. */

import type { BookSection } from "./book.ts";

export const careSections: readonly BookSection[] = [
  {
    id: "allergies",
    title: "アレルギーと、使えないもの",
    lead: "",
    in: ["family", "school", "emergency"],
    blocks: [
      {
        kind: "ticks",
        id: "kind",
        label: "あてはまるもの",
        options: ["なし", "食べもの", "くすり", "ゴム・テープ", "そのほか"],
      },
      {
        kind: "fields",
        rows: [[{ id: "what", label: "何に、どんな症状が出るか", asks: "何に対して、どんな症状が出るか", lines: 2 }]],
      },
      {
        kind: "fields",
        only: ["family", "emergency"],
        rows: [
          [
            {
              id: "never",
              label: "使ってはいけないくすり、してはいけない処置",
              asks: "使ってはいけないくすりと、してはいけない処置",
            },
          ],
        ],
      },
      {
        kind: "fields",
        only: ["family", "school"],
        rows: [
          [{ id: "do", label: "症状が出たときにすること", asks: "アレルギーの症状が出たときにすること", lines: 2 }],
        ],
      },
    ],
  },
  {
    id: "medicines",
    title: "くすり",
    lead: "お薬手帳とくらべて書きます。",
    leadNotIn: ["emergency"],
    in: ["family", "school", "emergency"],
    blocks: [
      {
        kind: "text",
        only: ["school"],
        text: "学校や園でのむくすり、使うくすり、預けるくすりだけを書きます。",
      },
      {
        kind: "table",
        id: "medicine",
        rowLabel: "番号",
        rows: { family: 8, school: 4, emergency: 4 },
        nameShare: 0.09,
        columns: [
          { id: "name", label: "くすりの名前", asks: "番のくすりの名前", share: 0.31 },
          { id: "dose", label: "1回の量", asks: "番のくすりの1回の量", share: 0.16 },
          { id: "time", label: "時間", asks: "番のくすりを使う時間", share: 0.18 },
          { id: "giver", label: "だれが、どうやって", asks: "番のくすりを、だれがどうやって使うか", share: 0.26 },
        ],
      },
      {
        kind: "fields",
        only: ["family", "school"],
        rows: [
          [
            { id: "kept", label: "しまってある場所", asks: "くすりをしまってある場所", share: 0.4 },
            {
              id: "missed",
              label: "のみ忘れたとき、吐いたとき",
              asks: "のみ忘れたときや吐いたときにすること",
              share: 0.6,
            },
          ],
          [
            {
              id: "as-needed",
              label: "発作や痛みのときだけ使うくすり",
              asks: "発作や痛みのときだけ使うくすりと、使い方",
              lines: 2,
            },
          ],
        ],
      },
    ],
  },
  {
    id: "devices",
    title: "医療機器と毎日のケア",
    lead: "",
    in: ["family", "school", "emergency"],
    blocks: [
      {
        kind: "table",
        id: "device",
        rowLabel: "番号",
        rows: { family: 4, school: 3, emergency: 2 },
        nameShare: 0.09,
        columns: [
          { id: "name", label: "機器やケアの名前", asks: "番の機器やケアの名前", share: 0.3 },
          { id: "setting", label: "設定、使う時間", asks: "番の機器の設定と使う時間", share: 0.31 },
          { id: "phone", label: "故障のときの電話", asks: "番の機器が故障したときの電話番号", share: 0.3 },
        ],
      },
      {
        kind: "fields",
        only: ["family", "school"],
        rows: [
          [{ id: "care", label: "ケアのやり方と、気をつけること", asks: "ケアのやり方と、気をつけること", lines: 4 }],
          [
            { id: "spare", label: "予備の物と置き場所", asks: "予備の物と置き場所", share: 0.5, lines: 2 },
            { id: "power", label: "停電や災害のとき", asks: "停電や災害のときにすること", share: 0.5, lines: 2 },
          ],
        ],
      },
    ],
  },
  {
    id: "signs",
    title: "いつもとちがうとき",
    lead: "主治医といっしょに決めておくと、だれがそばにいても同じように動けます。",
    in: ["family", "school"],
    blocks: [
      {
        kind: "table",
        id: "level",
        rowLabel: "どうするか",
        rows: ["休ませて様子を見る", "家族に電話する", "病院に電話する", "すぐ119番する"],
        nameShare: 0.22,
        lines: 2,
        columns: [
          { id: "sign", label: "どんな様子のとき", asks: "のは、どんな様子のときか", share: 0.39 },
          { id: "do", label: "そのときにすること", asks: "ときにすること", share: 0.39 },
        ],
      },
      {
        kind: "text",
        only: ["family"],
        text: "夜間や休日に迷うときは、こども医療電話相談（#8000）にも電話できます。受付の時間は都道府県ごとにちがいます。",
      },
      {
        kind: "table",
        id: "step",
        rowLabel: "順番",
        rows: ["1", "2", "3", "4", "5"],
        nameShare: 0.09,
        columns: [{ id: "what", label: "発作や急な変化のときの手順", asks: "番目にすること", share: 0.91 }],
      },
      {
        kind: "fields",
        rows: [
          [
            {
              id: "never",
              label: "してはいけないこと",
              asks: "急な変化のときにしてはいけないこと",
              share: 0.5,
              lines: 2,
            },
            { id: "told", label: "救急隊に必ず伝えること", asks: "救急隊に必ず伝えること", share: 0.5, lines: 2 },
          ],
        ],
      },
    ],
  },
  {
    id: "who",
    title: "この子の名前",
    lead: "",
    in: ["emergency"],
    blocks: [
      {
        kind: "fields",
        rows: [
          [
            { id: "name", label: "名前（ふりがな）", asks: "お子さんの名前とふりがな", share: 0.6, isLarge: true },
            { id: "called", label: "呼びかける名前", asks: "呼びかけるときの名前", share: 0.4, isLarge: true },
          ],
          [
            { id: "born", label: "生年月日", asks: "お子さんの生年月日", share: 0.3 },
            { id: "weight", label: "体重（はかった日）", asks: "お子さんの体重と、はかった日", share: 0.3 },
            { id: "illness", label: "病名", asks: "お子さんの病名", share: 0.4 },
          ],
        ],
      },
    ],
  },
  {
    id: "act",
    title: "すぐにすること",
    lead: "",
    in: ["emergency"],
    blocks: [
      {
        kind: "fields",
        rows: [
          [
            {
              ...{ id: "call-119", label: "すぐ119番する様子", lines: 3, share: 0.5, isUrgent: true },
              asks: "どんな様子になったら、すぐに119番するか",
            },
            {
              ...{ id: "call-family", label: "まず家族に電話する様子", lines: 3, share: 0.5 },
              asks: "どんな様子になったら、まず家族に電話するか",
            },
          ],
        ],
      },
      {
        kind: "table",
        id: "step",
        rowLabel: "順番",
        rows: ["1", "2", "3"],
        nameShare: 0.09,
        columns: [{ id: "what", label: "待つあいだにすること、しないこと", asks: "番目にすること", share: 0.91 }],
      },
    ],
  },
  {
    id: "call-119",
    title: "119番で伝えること",
    lead: "上から順に読みあげます。",
    in: ["emergency"],
    blocks: [
      { kind: "text", text: "「救急です。病気のある子どもの具合が悪くなりました」", isNotice: true },
      {
        kind: "fields",
        rows: [
          [
            {
              id: "place",
              label: "自宅の住所と目印（ちがう場所なら、いまいる所）",
              asks: "自宅の住所と、目印になるもの",
            },
          ],
          [
            { id: "hospital", label: "運んでほしい病院", asks: "救急車で運んでほしい病院", share: 0.5 },
            { id: "told", label: "救急隊に必ず伝えること", asks: "救急隊に必ず伝えること", share: 0.5 },
          ],
        ],
      },
    ],
  },
];
