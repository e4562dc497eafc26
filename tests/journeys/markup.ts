/** html-validate over whole pages, with the reasons for every rule that is not asked. */

import { HtmlValidate } from "html-validate";
import type { Page } from "./public-pages.ts";

const extended = ["html-validate:recommended", "html-validate:a11y"];
const rules = {
  // Several answers to one question go under one name: as checkboxes, and hidden on the page that checks them.
  "form-dup-name": "off",
  // Style keeps a number on one line; other hyphens than "-" would be in the way of copying it.
  "tel-non-breaking": "off",
  // Guides and issues are called what they are called.
  "long-title": "off",
} as const;

const ofPages = new HtmlValidate({ extends: extended, rules });
const ofMails = new HtmlValidate({
  extends: extended,
  rules: {
    ...rules,
    // Some mail programs drop the style of the head, so each element brings its own.
    "no-inline-style": "off",
    // Both are valid; our formatter writes templates in this style, and pages come from Astro in the other.
    "doctype-style": "off",
    "void-style": "off",
    "prefer-tbody": "off",
    // Older than "none" and known to more mail programs.
    "presentation-role-style": "off",
  },
});

/** "page: rule, line: message" for each thing wrong. */
export const markupErrors = (pages: Page[]): Promise<string[]> => errorsBy(ofPages, pages);

/** The same of mails. */
export const mailMarkupErrors = (mails: Pick<Page, "name" | "html">[]): Promise<string[]> => errorsBy(ofMails, mails);

async function errorsBy(validator: HtmlValidate, pages: Pick<Page, "name" | "html">[]): Promise<string[]> {
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
