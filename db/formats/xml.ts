/** Text in XML 1.0: which characters it can hold at all, and how the others are written. */

/** All but those of the production `Char` of XML 1.0: most control characters, halves of characters, U+FFFE and U+FFFF. No reference writes them either. */
const outside = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/** Whether XML can hold all of a text. */
export const isXmlText = (text: string): boolean => text.search(outside) === -1;

/** A text for the content of an element or for an attribute in quotes; what XML cannot hold is left out, since a reader refuses the whole document for it. */
export const escapeXml = (text: string): string =>
  text.replace(outside, "").replace(/[&<>"]/gu, (character) => `&#${character.charCodeAt(0)};`);
