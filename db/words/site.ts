/** What stands on every public page: names, ways on, languages. */

import { organisation } from "#db/terms/organisation.ts";

const ja = {
  name: organisation.name as string,
  fullName: organisation.fullName as string,
  purpose: organisation.purpose as string,
  address: organisation.address as string,
  invented: organisation.invented as string,
  sample: "架空の見本",
  skip: "本文へ移動",
  navigation: "サイトのご案内",
  more: "このサイトについて",
  languages: "ことばを選ぶ",
  furigana: "ふりがなをつける",
  plain: "ふりがなをはずす",
  error: "エラー: ",
  optional: "（任意）",
  ways: {
    consultation: "相談する",
    guides: "資料",
    newsletter: "メールマガジン",
    about: "わたしたちについて",
    return: "お返事を読む",
    privacy: "個人情報の扱い",
    advertising: "広告の情報の使い方",
    accessibility: "アクセシビリティ",
    help: "サイトの使い方",
  },
};

type Site = typeof ja;

const easy: Site = {
  name: organisation.name,
  fullName: organisation.fullName,
  purpose: "病気の子どもと家族のための相談の場所",
  address: organisation.address,
  invented: "この団体は本当にはありません。人も電話番号も住所も見本です。",
  sample: "見本",
  skip: "本文へ",
  navigation: "ページの案内",
  more: "このサイトのこと",
  languages: "ことばを選ぶ",
  furigana: "ふりがなをつける",
  plain: "ふりがなをはずす",
  error: "まちがい: ",
  optional: "（書かなくてもいいです）",
  ways: {
    consultation: "相談する",
    guides: "資料（日本語）",
    newsletter: "お知らせのメール（日本語）",
    about: "わたしたちのこと（日本語）",
    return: "返事を読む",
    privacy: "あなたの情報を守ること",
    advertising: "広告のこと（日本語）",
    accessibility: "使いやすさのこと（日本語）",
    help: "サイトの使い方（日本語）",
  },
};

const en: Site = {
  name: "Hoshi no Komichi",
  fullName: "Hoshi no Komichi (an invented sample organisation)",
  purpose: "A place to talk for children living with long-term illness, and their families",
  address: "0-0-0 Mihon-cho, Okayama City, Okayama 700-0000, Japan",
  invented: "This organisation, its people, telephone numbers and addresses are invented samples.",
  sample: "Sample",
  skip: "Skip to main content",
  navigation: "Site",
  more: "About this site",
  languages: "Language",
  furigana: "Show furigana",
  plain: "Hide furigana",
  error: "Error: ",
  optional: " (optional)",
  ways: {
    consultation: "Ask for help",
    guides: "Guides (Japanese)",
    newsletter: "Newsletter (Japanese)",
    about: "About us (Japanese)",
    return: "Read our reply",
    privacy: "Privacy",
    advertising: "Advertising data (Japanese)",
    accessibility: "Accessibility (Japanese)",
    help: "Using this site (Japanese)",
  },
};

export const site = { ja, easy, en };
