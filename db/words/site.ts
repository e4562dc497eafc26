/** What stands on every public page: the names, the ways on, and the way to a person. */
import { organisation } from "../terms.ts";

const ja = {
  name: organisation.name as string,
  fullName: organisation.fullName as string,
  purpose: organisation.purpose as string,
  address: organisation.address as string,
  invented: organisation.invented as string,
  sample: "架空の見本",
  skip: "本文へ移動",
  navigation: "サイトのご案内",
  languages: "ことばを選ぶ",
  error: "エラー: ",
  optional: "（任意）",
};

type Site = typeof ja;

const easy: Site = {
  ...ja,
  purpose: "長い 病気の 子どもと 家族の 相談の 場所",
  invented: "この 団体は 本当には ありません。人、電話番号、住所も 見本です。",
  sample: "見本",
  skip: "本文へ",
  navigation: "ページの 案内",
  optional: "（書かなくても いいです）",
};

const en: Site = {
  name: "Hoshi no Komichi",
  fullName: "Hoshi no Komichi (an invented sample organisation)",
  purpose: "A place to talk for children living with long-term illness, and their families",
  address: "0-0-0 Mihon-cho, Okayama City, Okayama 700-0000, Japan",
  invented: "This organisation, its people, telephone numbers and addresses are invented samples.",
  sample: "Invented sample",
  skip: "Skip to main content",
  navigation: "Site",
  languages: "Language",
  error: "Error: ",
  optional: " (optional)",
};

export const site = { ja, easy, en };
