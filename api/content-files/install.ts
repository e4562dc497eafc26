/** Installs the entries that come with the product, once, at the first start that has none. */

import { sql } from "drizzle-orm";
import { transaction } from "#db/client.ts";
import { log } from "#db/log.ts";
import { contentLists } from "#db/schema/content.ts";
import { settings } from "#db/settings/settings.ts";
import { codes } from "#db/terms/codes.ts";
import { contentKind } from "#db/terms/content.ts";
import { ContentFile, type EntryInFile, type TextInFile } from "./file.ts";
import { readMarkdown } from "./markdown.ts";
import starter from "./starter.json" with { type: "json" };
import { writeEntry } from "./write-entry.ts";

/** What an installation of an earlier release had as Markdown, and this one has always had. */
const formerKinds = ["worry", "headline"];

/**
 * Installs the starter, unless it was installed before: then staff have it in hand. An installation in use gets of it
 * what it has shown so far; questions and answers that it has never seen come as drafts, and nothing invented comes at
 * all. Entries that a developer of an earlier release changed (markdown.ts, in `folder`) replace those of the same name.
 * Returns how many entries were written.
 */
export async function installStarter(folder?: string, now = new Date()): Promise<number> {
  return transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('content', 0))`);
    const [known] = await tx.select({ kind: contentLists.kind }).from(contentLists).limit(1);
    if (known) return 0;
    const { entries: taken, unread } = readMarkdown(folder);
    for (const { file, reason } of unread) log("content.not_taken_over", { file, reason });
    const entries = [...starterEntries(settings().stage !== "sample", taken), ...taken];
    for (const kind of codes(contentKind)) await tx.insert(contentLists).values({ kind });
    for (const one of entries) await writeEntry(tx, one, null, now);
    return entries.length;
  });
}

function starterEntries(isInUse: boolean, taken: readonly EntryInFile[]): EntryInFile[] {
  const names = new Set(taken.map(({ kind, slug }) => `${kind}/${slug}`));
  return ContentFile.parse(starter)
    .entries.filter(({ kind, slug }) => !names.has(`${kind}/${slug}`))
    .flatMap((entry) => (isInUse ? withoutInvented(entry) : [entry]));
}

function withoutInvented(entry: EntryInFile): EntryInFile[] {
  const texts = Object.entries(entry.texts).filter(([, { origin }]) => origin !== "sample");
  if (texts.length === 0) return [];
  const asDraft = ({ published, ...text }: TextInFile): TextInFile => ({
    ...text,
    ...(published && { draft: published }),
  });
  const kept = texts.map(([locale, text]) => [locale, formerKinds.includes(entry.kind) ? text : asDraft(text)]);
  return [{ ...entry, texts: Object.fromEntries(kept) as EntryInFile["texts"] }];
}
