/** Putting blocks into an issue: a picture is taken in and stored with the text that shows it, and goes with it. */

import { createHash } from "node:crypto";
import type { z } from "zod";
import { removeUnused } from "#api/pictures/pictures.ts";
import { UnusablePicture } from "#api/uploads/logo.ts";
import { readPhoto } from "#api/uploads/photo.ts";
import { allow, audit, type Staff } from "#db/actor.ts";
import { type Transaction } from "#db/client.ts";
import { Invalid } from "#db/errors.ts";
import { newId } from "#db/random/ids.ts";
import { pictureFiles, pictures } from "#db/schema/content.ts";
import { writingWords } from "#db/words/staff/newsletter-writing.ts";
import { buttonSource, dividerSource, guideSource, pictureSource } from "#emails/markdown/insert.ts";
import { deleteNewsletter } from "#emails/newsletters/delete.ts";
import { writers } from "#emails/newsletters/newsletters.ts";
import { insertIntoNewsletter } from "#emails/newsletters/write.ts";
import type { InsertForm } from "./forms.ts";

type Insertion = z.output<typeof InsertForm>;

/** Puts the chosen block into a draft. Throws Invalid where a field of that block is missing, and as `insertIntoNewsletter`. */
export async function insertBlock(staff: Staff, id: string, form: Insertion): Promise<void> {
  allow(staff, ...writers);
  const at = { version: form.version, line: form.line };
  if (form.block === "picture") return insertPicture(staff, id, form);
  await insertIntoNewsletter(staff, id, { ...at, block: sourceOf(form) });
}

function sourceOf({ block, words, link, guide }: Insertion): string {
  if (block === "divider") return dividerSource;
  if (block === "guide") {
    if (!/^[a-z\d][a-z\d-]*$/u.test(guide)) throw new Invalid({ guide: writingWords.noGuideChosen });
    return guideSource(guide);
  }
  const errors = {
    ...(words === "" && { words: writingWords.noWords }),
    ...(!/^(?:https?:\/\/|\/(?!\/)|mailto:|tel:)[^\s<>]+$/iu.test(link) && { link: writingWords.noLink }),
  };
  if (Object.keys(errors).length > 0) throw new Invalid(errors);
  return buttonSource(words, link);
}

async function insertPicture(staff: Staff, id: string, { version, line, file, alt }: Insertion): Promise<void> {
  const errors = {
    ...((file?.size ?? 0) === 0 && { file: writingWords.noFile }),
    ...(alt === "" && { alt: writingWords.altNeeded }),
  };
  if (file === undefined || Object.keys(errors).length > 0) throw new Invalid(errors);
  const files = await readPhoto(Buffer.from(await file.arrayBuffer())).catch((error: unknown) => {
    throw error instanceof UnusablePicture ? new Invalid({ file: error.message }) : error;
  });
  const now = new Date();
  const picture = newId(now.getTime());
  await insertIntoNewsletter(staff, id, { version, line, block: pictureSource(alt, picture) }, async (tx) => {
    const row = { needsConsent: false, alt: { ja: alt }, uploadedBy: staff.id, uploadedAt: now };
    await tx.insert(pictures).values({ id: picture, ...row });
    for (const one of files) {
      const sha256 = createHash("sha256").update(one.content).digest("hex");
      await tx.insert(pictureFiles).values({ pictureId: picture, ...one, sha256 });
    }
    await audit(tx, staff, "upload", "picture", picture, { newsletter: id });
  });
}

/** Deletes a draft with the pictures that it alone shows. Throws as `deleteNewsletter`. */
export const deleteDraft = (staff: Staff, id: string, version: number): Promise<void> =>
  deleteNewsletter(staff, id, version, async (tx: Transaction, ids) => {
    for (const picture of ids) await removeUnused(tx, staff, picture, new Date());
  });
