/** The support book as this organisation hands it out: from the settings in force, in a process of its own. */

import type { OrganisationValues } from "#api/booklet/parts.ts";
import { runChild } from "#api/drawings/child.ts";
import { brandPalette } from "#db/settings/brand.ts";
import { settings } from "#db/settings/settings.ts";
import { hoursLabel } from "#db/settings/wording.ts";
import { wordsIn } from "#db/words/words.ts";

/** What the book shows of the organisation. */
export function ownValues(): OrganisationValues {
  const organisation = settings();
  const { name, legalName, phone } = organisation;
  const hours = hoursLabel("ja", organisation);
  const notice = wordsIn("ja").site.invented;
  return { name: name.ja, legalName: legalName.ja, phone, hours, palette: brandPalette(), notice };
}

/** Milliseconds: printing takes about five seconds, on a busy machine several times that. */
const timeoutMs = 120_000;

/** PDFs and pictures by the names of their files. Throws when the child failed: then it is a bug. */
export async function printOwn(values: OrganisationValues): Promise<Map<string, Buffer>> {
  const program = new URL("print-child.ts", import.meta.url);
  const printed = await runChild<Record<string, Uint8Array>>(program, values, timeoutMs);
  if (printed === undefined) throw new Error("The support book could not be printed.");
  return new Map(Object.entries(printed).map(([name, content]) => [name, Buffer.from(content)]));
}
