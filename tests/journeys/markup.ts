/** html-validate over whole pages, with the reasons for every rule that is not asked. */

import { HtmlValidate } from "html-validate";
import type { Page } from "./public-pages.ts";

const validator = new HtmlValidate({
  extends: ["html-validate:recommended", "html-validate:a11y"],
  rules: {
    // Several answers to one question go under one name: as checkboxes, and hidden on the page that checks them.
    "form-dup-name": "off",
    // Style keeps a number on one line; other hyphens than "-" would be in the way of copying it.
    "tel-non-breaking": "off",
    // Guides and issues are called what they are called.
    "long-title": "off",
  },
});

/** "page: rule, line: message" for each thing wrong. */
export async function markupErrors(pages: Page[]): Promise<string[]> {
  const found: string[] = [];
  for (const { name, html } of pages) {
    const { results } = await validator.validateString(html, name);
    for (const { messages } of results)
      found.push(
        ...messages.map(({ ruleId, message, line, column }) => `${name}: ${ruleId} ${line}:${column} ${message}`),
      );
  }
  return found;
}
