/** What stands on every public page: names, ways on, languages. */

import type { Settings } from "#db/settings/settings.ts";

const ja = (s: Settings) => ({
  name: s.name.ja,
  fullName: s.legalName.ja,
  purpose: s.purpose.ja,
  address: s.address.ja,
  /** What stands on every page until families may come; empty afterwards. */
  invented: {
    sample: "この団体、人物、電話番号、住所はすべて架空の見本です。",
    own: "このサイトは準備中です。相談はまだ受け付けていません。",
    real: "",
  }[s.stage],
  sample: { sample: "架空の見本", own: "準備中", real: "" }[s.stage],
  skip: "本文へ移動",
  navigation: "サイトのご案内",
  more: "このサイトについて",
  languages: "ことば",
  menu: "メニュー",
  furigana: "ふりがなをつける",
  plain: "ふりがなをはずす",
  error: "エラー: ",
  optional: "（任意）",
  must: "必須",
  leave: "このページをすぐに離れる",
  ways: {
    consultation: "書いて相談する",
    professional: "先生・支援の方",
    guides: "資料",
    newsletter: "メールマガジン",
    about: "わたしたちについて",
    return: "お返事を読む",
    privacy: "個人情報の扱い",
    advertising: "広告の情報の使い方",
    accessibility: "アクセシビリティ",
    help: "サイトの使い方",
  },
});

type Site = ReturnType<typeof ja>;

const easy = (s: Settings): Site => ({
  name: s.name.easy,
  fullName: s.legalName.easy,
  purpose: s.purpose.easy,
  address: s.address.easy,
  invented: {
    sample: "この団体は本当にはありません。人も電話番号も住所も見本です。",
    own: "このページは、いまつくっています。まだ相談はできません。",
    real: "",
  }[s.stage],
  sample: { sample: "見本", own: "つくっています", real: "" }[s.stage],
  skip: "本文へ",
  navigation: "ページの案内",
  more: "このサイトのこと",
  languages: "ことば",
  menu: "メニュー",
  furigana: "ふりがなをつける",
  plain: "ふりがなをはずす",
  error: "まちがい: ",
  optional: "（書かなくてもいいです）",
  must: "書いてください",
  leave: "すぐにほかのページを見る",
  ways: {
    consultation: "書いて相談する",
    professional: "学校や病院で働く人",
    guides: "資料",
    newsletter: "お知らせのメール",
    about: "わたしたちのこと",
    return: "返事を読む",
    privacy: "あなたの情報を守ること",
    advertising: "広告のこと",
    accessibility: "使いやすさのこと",
    help: "サイトの使い方",
  },
});

const en = (s: Settings): Site => ({
  name: s.name.en,
  fullName: s.legalName.en,
  purpose: s.purpose.en,
  address: s.address.en,
  invented: {
    sample: "This organisation, its people, telephone numbers and addresses are invented samples.",
    own: "This site is being prepared. It does not take requests yet.",
    real: "",
  }[s.stage],
  sample: { sample: "Sample", own: "In preparation", real: "" }[s.stage],
  skip: "Skip to main content",
  navigation: "Site",
  more: "About this site",
  languages: "Language",
  menu: "Menu",
  furigana: "Show furigana",
  plain: "Hide furigana",
  error: "Error: ",
  optional: " (optional)",
  must: "required",
  leave: "Leave this site now",
  ways: {
    consultation: "Write to us",
    professional: "For professionals",
    guides: "Guides",
    newsletter: "Newsletter",
    about: "About us",
    return: "Read our reply",
    privacy: "Privacy",
    advertising: "Advertising data",
    accessibility: "Accessibility",
    help: "Using this site",
  },
});

export const site = { ja, easy, en };
