/** The child, whom to call, hospitals, and what the illness means. */

import type { BookSection } from "./book.ts";

export const bodySections: readonly BookSection[] = [
  {
    id: "me",
    title: "わたしのこと",
    lead: "はじめて会う人に、まず知ってほしいことを書きます。書きたくない欄は空けておいてかまいません。",
    in: ["family", "school"],
    blocks: [
      {
        kind: "fields",
        rows: [
          [
            { id: "name", label: "名前（ふりがな）", asks: "お子さんの名前とふりがな", share: 0.6 },
            { id: "called", label: "呼ばれたい名前", asks: "お子さんが呼ばれたい名前", share: 0.4 },
          ],
          [
            { id: "born", label: "生年月日", asks: "お子さんの生年月日", share: 0.4 },
            { id: "class", label: "学校・園、学年と組", asks: "学校や園の名前、学年と組", share: 0.6 },
          ],
          [{ id: "likes", label: "すきなこと、得意なこと", asks: "お子さんのすきなことと得意なこと", lines: 2 }],
          [{ id: "dislikes", label: "苦手なこと、こわいこと", asks: "お子さんの苦手なことと、こわいこと", lines: 2 }],
          [
            {
              ...{ id: "telling", label: "気持ちの伝え方", hint: "言葉、表情、身ぶり、カードなど", lines: 2 },
              asks: "お子さんは、してほしいことや痛みをどのように伝えるか",
            },
          ],
          [
            {
              id: "calming",
              label: "落ち着く方法、安心するもの",
              asks: "お子さんが落ち着く方法と、安心するもの",
              lines: 2,
            },
          ],
        ],
      },
      {
        kind: "fields",
        only: ["family"],
        rows: [
          [
            {
              id: "address",
              label: "住所と目印",
              hint: "119番で伝えるとき",
              asks: "住所と、目印になるもの",
              share: 0.65,
            },
            { id: "weight", label: "体重（はかった日）", asks: "お子さんの体重と、はかった日", share: 0.35 },
          ],
        ],
      },
    ],
  },
  {
    id: "contacts",
    title: "電話をする順番",
    lead: "上から順にかけます。つながらないときは、すぐ次の人へ。",
    in: ["family", "school", "emergency"],
    blocks: [
      {
        kind: "table",
        id: "person",
        rowLabel: "順番",
        rows: { family: 5, school: 4, emergency: 3 },
        nameShare: 0.09,
        columns: [
          { id: "name", label: "名前", asks: "番目に電話する人の名前", share: 0.25 },
          { id: "relation", label: "続柄", asks: "番目に電話する人の続柄", share: 0.14 },
          { id: "phone", label: "電話番号", asks: "番目に電話する人の電話番号", share: 0.28, isLarge: true },
          { id: "when", label: "出られる時間", asks: "番目に電話する人が出られる曜日と時間", share: 0.24 },
        ],
      },
    ],
  },
  {
    id: "hospitals",
    title: "病院と主治医",
    lead: "",
    in: ["family", "school", "emergency"],
    blocks: [
      {
        kind: "fields",
        rows: [
          [
            { id: "name", label: "病院と診療科", asks: "かかっている病院と診療科", share: 0.55 },
            { id: "doctor", label: "主治医", asks: "主治医の名前", share: 0.45 },
          ],
          [
            { id: "phone", label: "昼の電話", asks: "病院の昼の電話番号", share: 0.5 },
            { id: "night", label: "夜間と休日の電話", asks: "病院の夜間と休日の電話番号", share: 0.5 },
          ],
        ],
      },
      {
        kind: "fields",
        only: ["family"],
        rows: [
          [
            { id: "number", label: "診察券の番号", asks: "診察券の番号", share: 0.4 },
            { id: "near", label: "近くのかかりつけ医（電話）", asks: "近くのかかりつけ医と電話番号", share: 0.6 },
          ],
        ],
      },
      {
        kind: "table",
        id: "other",
        only: ["family"],
        rowLabel: "ほかの支え手",
        rows: ["ほかの病院", "訪問看護", "薬局", "相談員", "福祉・リハビリ"],
        nameShare: 0.22,
        columns: [
          { id: "name", label: "名称と担当の人", asks: "の名称と担当の人", share: 0.46 },
          { id: "phone", label: "電話番号", asks: "の電話番号", share: 0.32 },
        ],
      },
    ],
  },
  {
    id: "illness",
    title: "病気のことと、ふだんの様子",
    lead: "ふだんの様子が分かると、まわりの人がちがいに気づけます。",
    leadNotIn: ["emergency"],
    in: ["family", "school", "emergency"],
    blocks: [
      {
        kind: "fields",
        only: ["family", "school"],
        rows: [
          [{ id: "name", label: "病名", hint: "伝えてよい言い方で", asks: "病名を、伝えてよい言い方で" }],
          [
            {
              ...{ id: "plain", label: "どんな病気か、ふだんの言葉で", lines: 3 },
              asks: "どんな病気か、はじめて聞く人に分かる言葉で",
            },
          ],
          [
            {
              ...{ id: "daily", label: "毎日の暮らしで困ること、時間がかかること", lines: 3 },
              asks: "この病気のために毎日の暮らしで困ることと、時間がかかること",
            },
          ],
        ],
      },
      {
        kind: "fields",
        only: ["family"],
        rows: [
          [
            {
              id: "past",
              label: "これまでの入院と手術",
              hint: "年と、何をしたか",
              asks: "これまでの入院と手術",
              lines: 3,
            },
          ],
        ],
      },
      {
        kind: "fields",
        rows: [
          [
            { id: "temperature", label: "ふだんの体温", asks: "ふだんの体温", share: 0.25 },
            { id: "pulse", label: "脈拍", asks: "ふだんの脈拍", share: 0.25 },
            { id: "oxygen", label: "酸素の値（SpO2）", asks: "ふだんの酸素の値", share: 0.25 },
            { id: "breath", label: "呼吸の数", asks: "ふだんの呼吸の数", share: 0.25 },
          ],
          [{ id: "look", label: "ふだんの顔色、動き、返事", asks: "ふだんの顔色と動き、返事のしかた" }],
        ],
      },
    ],
  },
];
