/** What the list of a telephone's mail program shows of an issue. */

/** Letters of full width that fit: of the subject, and of the words beside it. */
export const fits = { subject: 18, preheader: 36 } as const;

/** How wide a letter is drawn, in letters of full width. */
const widthOf = (letter: string) => (/^[\u0020-\u007e\uff61-\uff9f]$/u.test(letter) ? 0.5 : 1);

/** The beginning of a text that fits into so many letters of full width, and what is cut off. */
export function cutToWidth(text: string, width: number): { shown: string; rest: string } {
  // An emoji of several signs, such as a family, is one letter.
  const letters = Array.from(new Intl.Segmenter("ja").segment(text), ({ segment }) => segment);
  let room = width;
  const end = letters.findIndex((letter) => (room -= widthOf(letter)) < 0);
  const at = end === -1 ? letters.length : end;
  return { shown: letters.slice(0, at).join(""), rest: letters.slice(at).join("") };
}
