/** Looks at the furigana view of a page as its readers do. */

/** The text outside attributes and outside what cannot hold ruby: "療養" becomes "療養《りょうよう》". */
export const heard = (html: string): string =>
  html
    .replace(/^.*<body[^>]*>/su, "")
    .replaceAll(/<(script|style|option|textarea|title)\b.*?<\/\1>/gsu, "|")
    .replaceAll(/<ruby>([^<]+)<rp>（<\/rp><rt aria-hidden="true">([^<]+)<\/rt><rp>）<\/rp><\/ruby>/gu, "$1《$2》")
    .replaceAll(/<\/?(?:a|strong|span|time|em|b)\b[^>]*>/gu, "")
    .replaceAll(/<[^>]+>/gu, "|");

/** Kanji that stand without a reading, with a little of what is around them. Two in a row that are read in one are none. */
export const unread = (html: string): string[] =>
  [
    ...heard(html)
      .replaceAll(/[\p{sc=Han}0-9]+《[^》]+》/gu, "◯")
      .matchAll(/[^|]{0,6}\p{sc=Han}+[^|]{0,6}/gu),
  ].map(([around]) => around);
