/** The closed list of the sections that an organisation may replace, in the order of the pages. */

import { codes } from "#db/terms/codes.ts";
import { type Locale, locale as locales } from "#db/terms/locale.ts";
import { about } from "./sections/about.ts";
import { accessibility } from "./sections/accessibility.ts";
import { advertising } from "./sections/advertising.ts";
import { help } from "./sections/help.ts";
import { landing } from "./sections/landing.ts";
import { privacy } from "./sections/privacy.ts";
import { professionals } from "./sections/professionals.ts";
import { receipt } from "./sections/receipt.ts";
import type { Section } from "./sections/section.ts";
import { teens } from "./sections/teens.ts";

/** Page → its sections by id. */
export const sectionPages = {
  landing,
  receipt,
  teens,
  professionals,
  privacy,
  about,
  help,
  advertising,
  accessibility,
};
export type SectionPage = keyof typeof sectionPages;

/** Id of a section. */
export type SectionId = { [Page in SectionPage]: keyof (typeof sectionPages)[Page] }[SectionPage];

const byId = new Map<string, Section & { page: SectionPage }>(
  (Object.entries(sectionPages) as [SectionPage, Record<string, Section>][]).flatMap(([page, all]) =>
    Object.entries(all).map(([id, section]) => [id, { ...section, page }] as const),
  ),
);

/** Every id, in the order of the pages. */
export const sectionIds = [...byId.keys()] as SectionId[];

/** The section of this id; undefined for one that no page has (any more). */
export const findSection = (id: string): (Section & { page: SectionPage }) | undefined => byId.get(id);

/** Its default in a language, with placeholders; undefined where the section, or its page in this language, does not exist. */
export const defaultTextOf = (id: string, locale: Locale): string | undefined => byId.get(id)?.texts[locale];

/** The languages in which it stands on a page. */
export const localesOf = ({ texts }: Section): Locale[] => codes(locales).filter((code) => texts[code] !== undefined);
