/** Blanks at the ends of a text. A full-width blank (U+3000) is a letter: it sets in the first line of a Japanese paragraph. */

const isBlank = (letter: string | undefined) => letter !== undefined && "\t\n\r ".includes(letter);

/** The text without spaces, tabs and line breaks at its ends; full-width blanks stay. Linear in its length. */
export function trimBlanks(text: string): string {
  let [from, to] = [0, text.length];
  while (from < to && isBlank(text[from])) from++;
  while (to > from && isBlank(text[to - 1])) to--;
  return text.slice(from, to);
}
