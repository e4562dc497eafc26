/** What a replaceable section of a page is, with its default text in each language in which its page exists. */

import type { Locale } from "#db/terms/locale.ts";

/**
 * How the text of a section is written, and what it becomes.
 * line: plain text. text: one paragraph, with links and emphasis of Markdown. blocks: Markdown. facts: terms, each
 * followed by a line that begins with ": ", as a list of definitions.
 */
export type SectionKind = "line" | "text" | "blocks" | "facts";

export interface TextSection {
  /** Where it stands, for staff. */
  where: string;
  kind: SectionKind;
  /** "promise": years kept, consent, third parties. A changed promise is a task for the manager. */
  weight: "words" | "promise";
  /** The default, with placeholders (db/words/placeholders.ts). A language without one has no such section. */
  texts: Readonly<Partial<Record<Locale, string>>>;
}

/** The sections of a page by id. The ids are stored: one that is renamed counts as gone, and its texts are shown nowhere. */
export const defineSections = <Id extends string>(of: Record<Id, TextSection>): Record<Id, TextSection> => of;
