/** The one way in which pages read a section that an organisation may replace. */

import { oncePerSettings, replacedTextKey } from "#db/settings/settings.ts";
import type { Locale } from "#db/terms/locale.ts";
import { placeholdersIn } from "#db/words/placeholders.ts";
import { defaultTextOf, findSection, type SectionId, type SectionPage } from "#db/words/sections.ts";
import { type Gap, renderSection } from "./render.ts";

/** Pages whose blocks stand without a space between them; the others have one. */
const dense: readonly SectionPage[] = ["privacy"];

export const gapOf = (page: SectionPage): Gap => (dense.includes(page) ? "" : " ");

/**
 * A section in a language as safe HTML, to be set inside the page's element (`set:html`): what the organisation wrote, else
 * the default. A text with an unknown placeholder is not shown: half a sentence about privacy is worse than ours. Empty
 * for a language in which the section does not exist.
 */
export const sectionOf = (locale: Locale, id: SectionId): string => rendered(replacedTextKey(id, locale));

const rendered = oncePerSettings(({ texts }, key: string): string => {
  const [id = "", locale = "ja"] = key.split("/") as [string, Locale];
  const section = findSection(id);
  const ours = defaultTextOf(id, locale);
  if (section === undefined || ours === undefined) return "";
  const own = texts[key];
  const source = own === undefined || placeholdersIn(own).unknown.length > 0 ? ours : own;
  return renderSection(source, { kind: section.kind, locale, gap: gapOf(section.page) });
});
