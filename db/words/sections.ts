/** The closed list of the sections that an organisation may replace, in the order of the pages. */

import { codes } from "#db/terms/codes.ts";
import { type Locale, locale as locales } from "#db/terms/locale.ts";
import { aboutSections } from "./sections/about.ts";
import { accessibilitySections } from "./sections/accessibility.ts";
import { advertisingSections } from "./sections/advertising.ts";
import { helpSections } from "./sections/help.ts";
import { landingSections } from "./sections/landing.ts";
import { privacySections } from "./sections/privacy.ts";
import { professionals } from "./sections/professionals.ts";
import { receiptSections } from "./sections/receipt.ts";
import type { TextSection } from "./sections/section.ts";
import { teens } from "./sections/teens.ts";

/** Page → its sections by id. */
export const sectionPages = {
  landing: landingSections,
  receipt: receiptSections,
  teens,
  professionals,
  privacy: privacySections,
  about: aboutSections,
  help: helpSections,
  advertising: advertisingSections,
  accessibility: accessibilitySections,
};
export type SectionPage = keyof typeof sectionPages;

/** Id of a section. */
export type SectionId = { [Page in SectionPage]: keyof (typeof sectionPages)[Page] }[SectionPage];

const byId = new Map<string, TextSection & { page: SectionPage }>(
  (Object.entries(sectionPages) as [SectionPage, Record<string, TextSection>][]).flatMap(([page, all]) =>
    Object.entries(all).map(([id, section]) => [id, { ...section, page }] as const),
  ),
);

/** Every id, in the order of the pages. */
export const sectionIds = [...byId.keys()] as SectionId[];

/** The section of this id; undefined for one that no page has (any more). */
export const findSection = (id: string): (TextSection & { page: SectionPage }) | undefined => byId.get(id);

/** Its default in a language, with placeholders; undefined where the section, or its page in this language, does not exist. */
export const defaultTextOf = (id: string, locale: Locale): string | undefined => byId.get(id)?.texts[locale];

/** The languages in which it stands on a page. */
export const localesOf = ({ texts }: TextSection): Locale[] =>
  codes(locales).filter((code) => texts[code] !== undefined);
