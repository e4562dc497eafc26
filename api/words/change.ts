/** Replacing texts: each verb is one transaction with a row of history; afterwards the text is in force in this process. */

import { and, desc, eq, sql } from "drizzle-orm";
import { allow, audit, type Staff } from "#db/actor.ts";
import { formatDateTime } from "#db/calendar/days.ts";
import { type Transaction, transaction } from "#db/client.ts";
import { Invalid, NotFound, Refused } from "#db/errors.ts";
import { log, traceOf } from "#db/log.ts";
import { staff as people } from "#db/schema/staff.ts";
import { textChanges, textOverrides } from "#db/schema/texts.ts";
import { loadSettings } from "#db/settings/store.ts";
import type { Locale } from "#db/terms/locale.ts";
import { defaultTextOf, findSection } from "#db/words/sections.ts";
import { textWords } from "#db/words/staff/texts.ts";
import packageJson from "#package.json" with { type: "json" };
import { checkText } from "./check.ts";
import { comparedDefault, isSameText } from "./states.ts";

type How = (typeof textChanges.$inferInsert)["how"];
type OverrideRow = typeof textOverrides.$inferSelect;

/** A section in a language, and the number of its last change as the form showed it (0: none). */
export interface TextVersion {
  section: string;
  locale: Locale;
  version: number;
}

/**
 * Replaces a section. Nothing is written where the text is the one in force; the default, written again, is taken back. Throws NotFound where no page has the section,
 * Invalid (`body`) for a text that may not be (check.ts), Refused, with who and when, where somebody changed it meanwhile.
 */
export async function saveText(staff: Staff, at: TextVersion, body: string, how: How = "edit", now = new Date()) {
  allow(staff, "manager");
  const section = findSection(at.section);
  if (section === undefined || defaultTextOf(at.section, at.locale) === undefined) throw new NotFound();
  const text = checkText(section.kind, body);
  await changeText(at, async (tx, row) => {
    const ours = defaultTextOf(at.section, at.locale) ?? "";
    if (isSameText(row?.body ?? ours, text)) return;
    await refuseOther(tx, at, row);
    // Whoever writes the default again has the default, and gets its next one.
    await write(tx, staff, at, { before: row, body: isSameText(ours, text) ? null : text, how, now });
  });
}

/** The default holds again. A section that is gone is so deleted; its history stays. */
export async function takeBackText(staff: Staff, at: TextVersion, now = new Date()): Promise<void> {
  allow(staff, "manager");
  await changeText(at, async (tx, row) => {
    if (row === undefined) return;
    await refuseOther(tx, at, row);
    await write(tx, staff, at, { before: row, body: null, how: "take_back", now });
  });
}

/** An earlier text again, as a new change. Throws NotFound for a change that is none of this text's. */
export async function restoreText(staff: Staff, at: TextVersion, changeId: number, now = new Date()): Promise<void> {
  allow(staff, "manager");
  const [change] = await transaction((tx) =>
    tx
      .select()
      .from(textChanges)
      .where(and(eq(textChanges.id, changeId), eq(textChanges.section, at.section), eq(textChanges.locale, at.locale))),
  );
  if (!change) throw new NotFound();
  if (change.after === null) await takeBackText(staff, at, now);
  else await saveText(staff, at, change.after, "restore", now);
}

/** The text stays although the default has changed: for this default only. Throws Refused where there is nothing to decide. */
export async function keepText(staff: Staff, at: TextVersion, now = new Date()): Promise<void> {
  allow(staff, "manager");
  await changeText(at, async (tx, row) => {
    await refuseOther(tx, at, row);
    const seen = row && comparedDefault(at.section, at.locale, row.body);
    if (row === undefined || seen === undefined) throw new Refused(textWords.notChanged);
    await write(tx, staff, at, { before: row, body: row.body, how: "keep", now, seen, against: row });
  });
}

/** A text whose section is gone moves to another one in the same language. Throws Refused where that has a text already. */
export async function moveText(staff: Staff, at: TextVersion, to: string, now = new Date()): Promise<void> {
  allow(staff, "manager");
  const target = findSection(to);
  if (target === undefined || defaultTextOf(to, at.locale) === undefined) throw new Invalid({ to: textWords.noTarget });
  await changeText(at, async (tx, row) => {
    await refuseOther(tx, at, row);
    if (row === undefined) throw new NotFound();
    const there = { section: to, locale: at.locale, version: 0 };
    if (await find(tx, there)) throw new Refused(textWords.taken);
    const body = checkText(target.kind, row.body, "to");
    await write(tx, staff, at, { before: row, body: null, how: "move", now });
    await write(tx, staff, there, { before: undefined, body, how: "move", now });
  });
}

/** A text of a file, with the default that it replaced there; nothing where it is so already. The caller holds the lock. */
export async function writeImported(
  tx: Transaction,
  staff: Pick<Staff, "id"> | null,
  at: TextVersion,
  text: { body: string; default_then: string; default_then_release: string; seen_default: string | null },
  now: Date,
): Promise<void> {
  const before = await find(tx, at);
  if (before?.body === text.body) return;
  const against = { defaultThen: text.default_then, defaultThenRelease: text.default_then_release };
  const { body, seen_default: seen } = text;
  await write(tx, staff, at, { before, body, how: "import", now, against, ...(seen !== null && { seen }) });
}

/** One change at a time, of settings too, so that numbers of changes rise in the order in which they are committed. */
async function changeText(at: TextVersion, change: (tx: Transaction, row: OverrideRow | undefined) => Promise<void>) {
  await transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('settings', 0))`);
    await change(tx, await find(tx, at));
  });
  await loadSettings().catch((error: unknown) => log("settings.not_read", traceOf(error)));
}

async function find(tx: Transaction, { section, locale }: TextVersion): Promise<OverrideRow | undefined> {
  const [row] = await tx
    .select()
    .from(textOverrides)
    .where(and(eq(textOverrides.section, section), eq(textOverrides.locale, locale)));
  return row;
}

/** Throws Refused where the text is not the one that the form showed. */
async function refuseOther(tx: Transaction, at: TextVersion, row: OverrideRow | undefined): Promise<void> {
  if ((row?.changeId ?? 0) === at.version) return;
  const [last] = await tx
    .select({ by: people.name, at: textChanges.changedAt })
    .from(textChanges)
    .leftJoin(people, eq(people.id, textChanges.changedBy))
    .where(and(eq(textChanges.section, at.section), eq(textChanges.locale, at.locale)))
    .orderBy(desc(textChanges.id))
    .limit(1);
  const who = last?.by ? textWords.person(last.by) : textWords.nobody;
  throw new Refused(textWords.conflict(who, formatDateTime(last?.at ?? new Date())));
}

interface Change {
  before: OverrideRow | undefined;
  /** Null: the default. */
  body: string | null;
  how: How;
  now: Date;
  /** The default at which the text stays. */
  seen?: string;
  /** The default that it replaced, where that is not today's. */
  against?: Pick<OverrideRow, "defaultThen" | "defaultThenRelease">;
}

async function write(
  tx: Transaction,
  staff: Pick<Staff, "id"> | null,
  at: TextVersion,
  { before, body, how, now, seen, against }: Change,
) {
  const { section, locale } = at;
  const author = { changedBy: staff?.id ?? null, changedAt: now };
  const [change] = await tx
    .insert(textChanges)
    .values({ section, locale, before: before?.body ?? null, after: body, how, ...author })
    .returning({ id: textChanges.id });
  const isThis = and(eq(textOverrides.section, section), eq(textOverrides.locale, locale));
  if (body === null) await tx.delete(textOverrides).where(isThis);
  else {
    const asNew = {
      defaultThen: comparedDefault(section, locale, body) ?? "",
      defaultThenRelease: packageJson.version,
    };
    const row = {
      ...{ section, locale, body, seenDefault: seen ?? null, changeId: change?.id ?? 0 },
      ...(against ? { defaultThen: against.defaultThen, defaultThenRelease: against.defaultThenRelease } : asNew),
      ...author,
    };
    await tx
      .insert(textOverrides)
      .values(row)
      .onConflictDoUpdate({ target: [textOverrides.section, textOverrides.locale], set: row });
  }
  await audit(tx, staff, how, "text", `${section}/${locale}`);
}
