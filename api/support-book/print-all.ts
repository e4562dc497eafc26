/** All editions of the support book, typed into and written by hand, as PDFs. */

import type { Booklet, OrganisationValues } from "#api/booklet/parts.ts";
import { printBooklet } from "#api/booklet/print.ts";
import { bookName, books, type Edition, editions, headFields } from "./book.ts";
import { sectionsOf } from "./sections.ts";

/** The day of the last change of the sections: it is the PDFs' date, so that the same values make the same bytes. */
const revised = new Date("2026-11-28T00:00:00Z");

const called = { name: "me-called", tooltip: "お子さんが呼ばれたい名前" };

/** An edition as a booklet. */
export function bookletOf(edition: Edition): Booklet {
  const { title, forWhom, pages } = editions[edition];
  const isSheet = edition === "emergency";
  return {
    ...{ title: "サポートブック", edition: title, pages, isDense: isSheet, sections: sectionsOf(edition) },
    lead: isSheet ? "上から順に読んで、そのとおりにしてください。" : `読む人: ${forWhom}`,
    head: isSheet ? headFields.slice(0, 2) : headFields,
    nameField: isSheet ? { name: "who-called", tooltip: "呼びかけるときの名前" } : called,
  };
}

/** The PDFs by the names of their files; about five seconds. */
export async function printAll(values: OrganisationValues): Promise<Record<string, Buffer>> {
  const printed: Record<string, Buffer> = {};
  for (const { edition, variant } of books)
    printed[bookName(edition, variant)] = await printBooklet(bookletOf(edition), variant, values, revised);
  return printed;
}
