/** Links of the error summary whose place is not on the page: a button has no field, and its form may be gone with a change of state. */

const summary = /<div class="error-summary"[\s\S]*?<\/ul>/u;
const link = /<a href="#([^"]*)"[^>]*>([\s\S]*?)<\/a>/gu;

/** This HTML with the sentences of its error summary as they are, linked only where the link leads somewhere on it. */
export const withLiveErrorLinks = (html: string): string =>
  html.replace(summary, (shown) =>
    shown.replace(link, (whole, id: string, sentence: string) => (html.includes(` id="${id}"`) ? whole : sentence)),
  );
