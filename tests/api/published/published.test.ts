/** What is shown at a moment: the query, the page's rule and the page's "true until" say the same, at every moment. */

import { sql } from "drizzle-orm";
import fc from "fast-check";
import { beforeEach, expect, test } from "vitest";
import { PageTime } from "#api/pages/page-time.ts";
import { published, replacePublished, textsIn } from "#api/published/published.ts";
import { loadPublished, readPublishedCopy } from "#api/published/store.ts";
import { dayAfter, dayOf, instantOf } from "#db/calendar/days.ts";
import { db } from "#db/client.ts";
import { approvals } from "#db/schema/approvals.ts";
import { content, contentRevisions, contentTexts } from "#db/schema/content.ts";
import { codes } from "#db/terms/codes.ts";
import { kindsWithConsent, contentKind, needsConsent } from "#db/terms/content.ts";
import { emptyContent } from "./empty.ts";

const now = new Date("2026-11-28T03:00:00Z");

beforeEach(emptyContent);

interface Written {
  kind?: "voice" | "faq";
  published?: string;
  scheduled?: { words: string; at: Date };
  /** By number of the revision: last day, and whether it was withdrawn. */
  consents?: { no: number; until: string; isWithdrawn?: boolean }[];
  isWithdrawn?: boolean;
}

async function write({ kind = "voice", published: words, scheduled, consents = [], isWithdrawn }: Written) {
  const [row] = await db
    .insert(content)
    .values({ kind, slug: crypto.randomUUID(), position: 1, facts: {}, createdAt: now })
    .returning({ id: content.id });
  const contentId = row?.id ?? "";
  const revisions = [...(words === undefined ? [] : [words]), ...(scheduled ? [scheduled.words] : [])];
  for (const [at, text] of revisions.entries())
    await db.insert(contentRevisions).values({
      ...{
        contentId,
        locale: "ja",
        no: at + 1,
        body: { words: text, question: text },
        writtenAt: now,
        origin: "staff",
      },
    });
  await db.insert(contentTexts).values({
    ...{ contentId, locale: "ja" },
    ...(words !== undefined && { publishedNo: 1, publishedAt: now }),
    ...(scheduled && { scheduledNo: revisions.length, publishAt: scheduled.at }),
    ...(isWithdrawn && { withdrawnAt: now }),
  });
  for (const { no, until, isWithdrawn: isTakenBack } of consents)
    await db.insert(approvals).values({
      ...{ contentId, locale: "ja", revisionNo: no, reference: "同意-1", givenOn: "2026-11-01", until },
      ...{ channels: ["site"], recordedAt: now, withdrawnAt: isTakenBack ? now : null },
    });
  return contentId;
}

/** What a page of this moment shows of what was written. */
function shownAt(moment: Date, kind: "voice" | "faq" = "voice"): string[] {
  const texts = textsIn(kind, "ja", new PageTime(moment));
  return texts.map(({ body }) => (body as Record<string, string>)["words"] ?? "");
}

test("the kinds that need a consent are the same in the database and in the terms", async () => {
  for (const kind of codes(contentKind)) {
    const contentId = await write({ kind: kind as "faq", published: kind });
    const [row] = await db.execute<{ needs: boolean }>(
      sql`select needs_consent as needs from content_periods where content_id = ${contentId}`,
    );
    expect([kind, row?.needs]).toEqual([kind, needsConsent(kind)]);
  }
  expect(kindsWithConsent).toHaveLength(3);
});

test("without a consent nothing of a family is shown, not even when it is published", async () => {
  await write({ published: "声" });
  await loadPublished(now);
  expect(shownAt(now)).toEqual([]);
});

test("a consent lasts to the last minute of its last day in Tokyo, and no page is shown past it", async () => {
  await write({ published: "声", consents: [{ no: 1, until: "2026-11-30" }] });
  await loadPublished(now);
  expect(shownAt(new Date("2026-11-30T14:59:59Z"))).toEqual(["声"]);
  expect(shownAt(new Date("2026-11-30T15:00:00Z"))).toEqual([]);
  const time = new PageTime(now);
  textsIn("voice", "ja", time);
  expect([time.trueUntil, time.showUntil]).toEqual([
    Date.parse("2026-11-30T15:00:00Z"),
    Date.parse("2026-11-30T15:00:00Z"),
  ]);
});

test("a changed text waits for its consent, and the approved one stays; with it, it takes its place", async () => {
  const contentId = await write({
    published: "前の声",
    scheduled: { words: "新しい声", at: new Date(now.getTime() - 1000) },
    consents: [{ no: 1, until: "2027-03-31" }],
  });
  await loadPublished(now);
  expect(shownAt(now)).toEqual(["前の声"]);
  await db.insert(approvals).values({
    ...{ contentId, locale: "ja", revisionNo: 2, reference: "同意-2", givenOn: "2026-11-28", until: "2026-12-31" },
    ...{ channels: ["site"], recordedAt: now },
  });
  await loadPublished(now);
  expect(shownAt(now)).toEqual(["新しい声"]);
  // Its end does not bring the one back that it replaced.
  expect(shownAt(new Date("2027-01-10T00:00:00Z"))).toEqual([]);
});

test("a consent that was taken back, or that does not name the site, shows nothing; a newer one counts", async () => {
  const contentId = await write({ published: "声", consents: [{ no: 1, until: "2027-03-31", isWithdrawn: true }] });
  await loadPublished(now);
  expect(shownAt(now)).toEqual([]);
  const given = { contentId, locale: "ja" as const, revisionNo: 1, reference: "x", givenOn: "2026-11-28" };
  const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);
  await db.insert(approvals).values({ ...given, until: "2027-03-31", channels: ["print"], recordedAt: later(1) });
  await loadPublished(now);
  expect(shownAt(now)).toEqual([]);
  await db.insert(approvals).values({ ...given, until: "2027-03-31", channels: ["site"], recordedAt: later(2) });
  await loadPublished(now);
  expect(shownAt(now)).toEqual(["声"]);
});

test("what other kinds publish at a time appears then, without a job and without a database", async () => {
  const at = new Date("2026-12-01T00:00:00Z");
  await write({ kind: "faq", published: "今", scheduled: { words: "あと", at } });
  await loadPublished(now);
  replacePublished({ texts: [], pictures: {} });
  await readPublishedCopy();
  expect(shownAt(now, "faq")).toEqual(["今"]);
  expect(shownAt(new Date(at.getTime() - 1), "faq")).toEqual(["今"]);
  expect(shownAt(at, "faq")).toEqual(["あと"]);
});

test("what is withdrawn, or put away, is shown nowhere", async () => {
  await write({ kind: "faq", published: "取り下げた", isWithdrawn: true });
  const id = await write({ kind: "faq", published: "しまった" });
  await db.execute(sql`update content set archived_at = now() where id = ${id}`);
  await loadPublished(now);
  expect(published().texts).toEqual([]);
});

test("events stand in the order of their days until theirs is over, news the latest first", async () => {
  const days = { event: ["2026-12-20", "2026-11-27", "2026-12-05", "2026-11-28"], news: ["2026-11-01", "2026-11-20"] };
  for (const kind of ["event", "news"] as const)
    for (const day of days[kind]) {
      const id = await write({ kind: kind as "faq", published: day });
      await db.execute(sql`update content set facts = jsonb_build_object('day', ${day}::text) where id = ${id}`);
    }
  await loadPublished(now);
  const shown = (kind: "event" | "news", moment: Date) =>
    textsIn(kind, "ja", new PageTime(moment)).map(({ facts }) => facts.day);
  expect(shown("event", now)).toEqual(["2026-11-28", "2026-12-05", "2026-12-20"]);
  expect(shown("event", new Date("2026-11-28T15:00:00Z"))).toEqual(["2026-12-05", "2026-12-20"]);
  expect(shown("news", now)).toEqual(["2026-11-20", "2026-11-01"]);
});

/** What the rule of the issue says, in other words than the code's. */
function expected({ published: words, scheduled, consents = [], isWithdrawn }: Written, moment: Date): string[] {
  if (isWithdrawn) return [];
  const scheduledNo = words === undefined ? 1 : 2;
  const wasApproved = consents.some(({ no }) => no === scheduledNo);
  const current =
    scheduled && scheduled.at <= moment && wasApproved ? scheduledNo : words === undefined ? undefined : 1;
  const consent = consents.findLast(({ no }) => no === current);
  const holds = consent && !consent.isWithdrawn && moment < instantOf(dayAfter(consent.until));
  return holds ? [current === scheduledNo && scheduled ? scheduled.words : (words ?? "")] : [];
}

test("at any moment, also from the copy on disk: what is shown is what holds, and stays so until the page says", async () => {
  const minute = fc.integer({ min: -4320, max: 4320 }).map((minutes) => new Date(now.getTime() + minutes * 60_000));
  const consent = fc.record({
    no: fc.constantFrom(1, 2),
    until: minute.map((moment) => dayOf(moment)),
    isWithdrawn: fc.boolean(),
  });
  const written = fc.record({
    published: fc.option(fc.constant("はじめの声"), { nil: undefined }),
    scheduled: fc.option(fc.record({ words: fc.constant("あとの声"), at: minute }), { nil: undefined }),
    consents: fc.uniqueArray(consent, { selector: ({ no }) => no, maxLength: 2 }),
    isWithdrawn: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(written, fc.array(minute, { minLength: 1, maxLength: 12 }), async (entry, moments) => {
      await emptyContent();
      const known = { ...entry, consents: entry.consents.filter(({ no }) => no === 1 || entry.scheduled) };
      if (known.published === undefined && known.scheduled === undefined) return;
      await write(known as Written);
      const first = moments.toSorted((a, b) => a.getTime() - b.getTime())[0] ?? now;
      await loadPublished(first);
      replacePublished({ texts: [], pictures: {} });
      await readPublishedCopy();
      for (const moment of moments) {
        const time = new PageTime(moment);
        const shown = textsIn("voice", "ja", time).map(({ body }) => body.words);
        expect(shown).toEqual(expected(known as Written, moment));
        // Until the page's own moment nothing changes, and at it something may.
        const last = new Date(Math.min(time.trueUntil - 1, moment.getTime() + 20 * 86_400_000));
        expect(shownAt(last)).toEqual(shown);
        if (shown.length > 0) expect(expected(known as Written, new Date(time.showUntil))).not.toEqual(shown);
      }
    }),
    { numRuns: 60 },
  );
});
