/** The sections of every edition, in their order. */

import type { BookletBlock, BookletSection } from "#api/booklet/parts.ts";
import type { BookBlock, BookSection, Edition } from "./book.ts";
import { bodySections } from "./sections-body.ts";
import { careSections } from "./sections-care.ts";
import { dailySections } from "./sections-daily.ts";
import { keepingSections } from "./sections-keeping.ts";

const all: readonly BookSection[] = [...bodySections, ...careSections, ...dailySections, ...keepingSections];

/** Sections of an edition in the order in which they are read. */
const order: Record<Edition, readonly string[]> = {
  family: [
    ...["me", "own-words", "contacts", "hospitals", "illness", "allergies", "medicines", "devices", "signs"],
    ...["school-life", "classmates", "learning", "siblings", "staying", "wishes", "readers", "review"],
  ],
  school: [
    ...["me", "own-words", "contacts", "hospitals", "illness", "allergies", "medicines", "devices", "signs"],
    ...["school-life", "classmates", "learning", "readers", "review"],
  ],
  emergency: ["who", "act", "contacts", "allergies", "call-119", "hospitals", "illness", "medicines", "devices"],
};

/** The block as this edition has it; undefined where it has none. */
function blockIn(edition: Edition, { only, ...block }: BookBlock): BookletBlock[] {
  if (only?.includes(edition) === false) return [];
  if (block.kind !== "table" || !("family" in block.rows)) return [block as BookletBlock];
  return [{ ...block, rows: block.rows[edition] }];
}

/** The sections of this edition, with those of their blocks that stand in it. */
export function sectionsOf(edition: Edition): BookletSection[] {
  return order[edition].map((name) => {
    const section = all.find(({ id }) => id === name);
    if (!section?.in.includes(edition)) throw new Error(`no section ${name} in the edition ${edition}`);
    const { id, title, leadNotIn, blocks } = section;
    const lead = leadNotIn?.includes(edition) ? "" : section.lead;
    return { id, title, lead, blocks: blocks.flatMap((block) => blockIn(edition, block)) };
  });
}
