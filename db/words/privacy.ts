/** The privacy page, but for its replaceable sections (sections/privacy.ts). */

import type { Settings } from "#db/settings/settings.ts";
import { consents } from "./consents.ts";

interface Privacy {
  title: string;
  description: string;
  counsel: string;
  headings: Record<"kept" | "illness" | "readers" | "protection" | "cookies" | "rights", string>;
  /** The words that the form asks people to agree to, and those that staff read aloud; both are versions (db/consents). */
  consent: string;
  spoken?: string;
  contact: { heading: string; text: string; who: string };
}

const ja = (s: Settings): Privacy => ({
  title: "個人情報の扱い",
  description: "お預かりする情報、読む人、保管する期間、消し方をまとめました。",
  counsel: s.stage === "real" ? "" : "実際の団体が使うときは、弁護士などの専門家に内容を確かめてもらってください。",
  headings: {
    kept: "お預かりするもの",
    illness: "お子さんの病気のこと",
    readers: "読む人",
    protection: "守り方",
    cookies: "クッキーと外部への送信",
    rights: "見る、直す、消す",
  },
  consent: consents.ja(s).consultation,
  spoken: consents.ja(s).spoken,
  contact: { heading: "お問い合わせ先", text: "", who: `${s.legalName.ja}の個人情報担当` },
});

const easy = (s: Settings): Privacy => ({
  title: "あなたの情報を守ること",
  description: "あなたが書いたことを、だれが読むか、いつまで残すかを書きました。",
  counsel: s.stage === "real" ? "" : "このページを本当に使うときは、弁護士に見てもらってください。",
  headings: {
    kept: "わたしたちが残すもの",
    illness: "子どもの病気のこと",
    readers: "読む人",
    protection: "守り方",
    cookies: "このサイトがしないこと",
    rights: "見たい、直したい、消したい",
  },
  consent: consents.easy(s).consultation,
  contact: { heading: "聞きたいとき", text: s.phone === "" ? "" : "電話は日本語です。", who: s.legalName.easy },
});

const en = (s: Settings): Privacy => ({
  title: "Privacy",
  description: "What we keep, who reads it, how long we keep it, and how to have it deleted.",
  counsel: s.stage === "real" ? "" : "An organisation that uses this in earnest should have counsel confirm it.",
  headings: {
    kept: "What we keep",
    illness: "Your child's illness",
    readers: "Who reads it",
    protection: "How it is protected",
    cookies: "Cookies and other companies",
    rights: "See it, correct it, delete it",
  },
  consent: consents.en(s).consultation,
  contact: {
    heading: "Contact",
    text:
      s.phone === ""
        ? "You may write to us in English."
        : "We speak Japanese on the telephone. You may also write through the form in English.",
    who: `${s.name.en}, personal information`,
  },
});

export const privacy = { ja, easy, en };
