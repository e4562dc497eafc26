/** Putting blocks into an issue: a picture is taken in and stored with the text that shows it, and goes with it. */

import type { z } from "zod";
import { readPicture, removeUnused } from "#api/pictures/pictures.ts";
import { allow, type Staff } from "#db/actor.ts";
import { type Transaction } from "#db/client.ts";
import { Invalid, NotFound } from "#db/errors.ts";
import { writingWords } from "#db/words/staff/newsletter-writing.ts";
import { buttonSource, dividerSource, isButtonLink, pictureSource } from "#emails/markdown/insert.ts";
import { guideSource, isGuideSlug } from "#emails/markdown/segments.ts";
import { deleteNewsletter } from "#emails/newsletters/delete.ts";
import { writers } from "#emails/newsletters/newsletters.ts";
import { insertIntoNewsletter } from "#emails/newsletters/write.ts";
import { BlockName, type InsertForm } from "./forms.ts";

type Block = z.output<typeof BlockName>;
type Insertion = z.output<typeof InsertForm>;

/** A block by the last part of the address that its form posts to. Throws NotFound. */
export function blockNamed(name: string | undefined): Block {
  const { data } = BlockName.safeParse(name);
  if (data === undefined) throw new NotFound("block");
  return data;
}

/** Puts the chosen block into a draft. Throws Invalid where a field of that block is missing, and as `insertIntoNewsletter`. */
export async function insertBlock(staff: Staff, id: string, block: Block, form: Insertion): Promise<void> {
  allow(staff, ...writers);
  const at = { version: form.version, line: form.line };
  if (block === "picture") return insertPicture(staff, id, form);
  await insertIntoNewsletter(staff, id, { ...at, block: sourceOf(block, form) });
}

function sourceOf(block: Exclude<Block, "picture">, { words, link, guide }: Insertion): string {
  if (block === "divider") return dividerSource;
  if (block === "guide") {
    if (!isGuideSlug(guide)) throw new Invalid({ guide: writingWords.noGuideChosen });
    return guideSource(guide);
  }
  const errors = {
    ...(words.trim() === "" && { words: writingWords.noWords }),
    ...(!isButtonLink(link) && { link: writingWords.noLink }),
  };
  if (Object.keys(errors).length > 0) throw new Invalid(errors);
  return buttonSource(words, link);
}

async function insertPicture(staff: Staff, id: string, { version, line, file, alt }: Insertion): Promise<void> {
  const errors = {
    ...((file?.size ?? 0) === 0 && { file: writingWords.noFile }),
    ...(alt.trim() === "" && { alt: writingWords.altNeeded }),
  };
  if (file === undefined || Object.keys(errors).length > 0) throw new Invalid(errors);
  const { id: picture, store } = await readPicture(staff, Buffer.from(await file.arrayBuffer()), new Date());
  await insertIntoNewsletter(staff, id, { version, line, block: pictureSource(alt, picture) }, (tx) =>
    store(tx, { needsConsent: false, alt: { ja: alt } }, { newsletter: id }),
  );
}

/** Deletes a draft with the pictures that it alone shows. Throws as `deleteNewsletter`. */
export const deleteDraft = (staff: Staff, id: string, version: number): Promise<void> =>
  deleteNewsletter(staff, id, version, async (tx: Transaction, ids) => {
    for (const picture of ids) await removeUnused(tx, staff, picture, new Date());
  });
