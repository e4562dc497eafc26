/** Keywords come from URLs, which anybody can write: they are shortened before they are shown. */

/** The text, or its first letters and an ellipsis. */
export const truncate = (text: string, longest = 60): string => {
  const letters = [...text];
  return letters.length > longest ? `${letters.slice(0, longest - 1).join("")}…` : text;
};
