/** Signs of Markdown as a Japanese IME types them: full-width, so that they stay letters. */

import { guideSource } from "./segments.ts";

export interface FullWidthMark {
  /** As it stands in the text. */
  typed: string;
  /** What to type in its place. */
  instead: string;
}

/** Also 「##見出し」, without a blank or with a full-width one, which Markdown does not take. One 「＃」 before a word is a tag of social networks, and meant so. */
const heading = /^(?:[#＃]{2,6}[ \t\u3000]*|[#＃][ \t\u3000]+)(?=[^\s#＃])/u;
const bold = /[*＊]{2}[^*＊\n]{1,200}[*＊]{2}/gu;
const rule = /^(?:[-－−‐ー]{3,80}|[*＊]{3,80}|[_＿]{3,80})$/u;
const link = /([!！]?)([[［])([^[\]［］\n]{1,200})([\]］])[ \u3000]?([(（])([^\s()（）]{1,1000})([)）])/gu;
const guide = /[[［]資料[ \u3000]*[:：][ \u3000]*([^\s[\]［］]{1,100})[ \u3000]*[\]］]/gu;

const isFullWidth = (signs: string) => /[＊－−‐ー＿！［］（）]/u.test(signs);
/** An address as the keyboard meant it: 「ｈｔｔｐｓ：／／」 is one too. */
const addressOf = (typed: string) => typed.normalize("NFKC");
const isAddress = (address: string) => /^(?:https?:|mailto:|tel:|\/)/iu.test(address);
/** 「ボタン：」 and its colon as the hint beside the field shows them. */
const wordsOf = (typed: string) => typed.replace(/^ボタン[ \u3000]*[:：][ \u3000]*/u, "ボタン: ");

/** Letters by which a heading is recognised. */
const letters = 30;
const cut = (text: string) => ([...text].length > letters ? `${[...text].slice(0, letters).join("")}…` : text);

function headingMark(text: string): FullWidthMark[] {
  const signs = heading.exec(text)?.[0];
  if (signs === undefined) return [];
  return [{ typed: cut(text), instead: cut(`${"#".repeat(signs.trim().length)} ${text.slice(signs.length)}`) }];
}

const boldMarks = (text: string): FullWidthMark[] =>
  [...text.matchAll(bold)].map(([typed]) => ({ typed, instead: typed.replaceAll("＊", "*") }));

const linkMarks = (text: string): FullWidthMark[] =>
  [...text.matchAll(link)].flatMap(
    ([typed, picture = "", open = "", words = "", close = "", begin, address = "", end]) => {
      const meant = addressOf(address);
      const isMeant = isFullWidth([picture, open, close, begin, end].join("")) && isAddress(meant);
      return isMeant ? [{ typed, instead: `${picture === "" ? "" : "!"}[${wordsOf(words)}](${meant})` }] : [];
    },
  );

const guideMarks = (text: string): FullWidthMark[] =>
  [...text.replaceAll(link, "").matchAll(guide)]
    .filter(([typed]) => isFullWidth(typed))
    .map(([typed, slug = ""]) => ({ typed, instead: guideSource(slug.normalize("NFKC").toLowerCase()) }));

/** The marks on one line of a paragraph that Markdown took for letters, kind by kind. */
export function fullWidthMarks(line: string): FullWidthMark[] {
  const text = line.trim();
  if (rule.test(text)) return isFullWidth(text) ? [{ typed: text, instead: "---" }] : [];
  return [...headingMark(text), ...boldMarks(text), ...linkMarks(text), ...guideMarks(text)].filter(
    ({ typed, instead }) => typed !== instead,
  );
}
