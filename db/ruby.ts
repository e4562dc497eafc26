/**
 * A word with its reading above it. Programs that read aloud know the word: for them the reading would
 * say it twice. Browsers without ruby put the reading in brackets.
 */
export const ruby = (base: string, reading: string): string =>
  `<ruby>${base}<rp>（</rp><rt aria-hidden="true">${reading}</rt><rp>）</rp></ruby>`;
