/** Characters of texts from elsewhere that must not be shown. */

/** Controls, and the marks that turn the direction of text around. */
const unprintable = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/u;
const allUnprintable = new RegExp(unprintable, "gu");

/** The text without them. */
export const withoutControls = (text: string): string =>
  unprintable.test(text) ? text.replaceAll(allUnprintable, "") : text;
