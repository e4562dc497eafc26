/** Where the mail with a guide leads on to, as the site has it at the moment of sending. */

import { eq } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { dayAfter, dayOf, formatDay, wallClock } from "#db/calendar/days.ts";
import { db } from "#db/client.ts";
import { env } from "#db/env.ts";
import { content, contentRevisions, contentTexts } from "#db/schema/content.ts";
import { guides, guideVersions } from "#db/schema/guides.ts";
import { replaceSettings, settingsFrom } from "#db/settings/settings.ts";
import type { RevisionOrigin } from "#db/terms/content.ts";
import { composeGuideLink } from "#emails/composers/guides.ts";
import { nextEvent } from "#emails/composers/next-event.ts";
import { emptyContent } from "../../api/published/empty.ts";
import { beSample } from "../../real-site.ts";
import { canary, makeGrant } from "../fixtures.ts";

const today = dayOf(new Date());
const tomorrow = dayAfter(today);

beforeEach(async () => {
  beSample();
  await emptyContent();
  await db.delete(guideVersions);
});

interface Written {
  title?: string;
  day?: string;
  starts?: string;
  origin?: RevisionOrigin;
  /** Columns of its text: published now, unless they say something else. */
  state?: Partial<typeof contentTexts.$inferInsert>;
  archivedAt?: Date;
}

/** An event in Japanese. */
async function announce({
  title = "お茶会",
  day = tomorrow,
  starts = "13:30",
  origin = "staff",
  state,
  archivedAt,
}: Written) {
  const [row] = await db
    .insert(content)
    .values({
      ...{ kind: "event", slug: crypto.randomUUID(), position: 1, createdAt: new Date(), archivedAt },
      facts: { day, starts, ends: "" },
    })
    .returning();
  if (!row) throw new Error("not written");
  const text = { contentId: row.id, locale: "ja" as const };
  const body = { title, place: "", for_whom: "", apply: "", text: "" };
  await db.insert(contentRevisions).values({ ...text, no: 1, body, writtenAt: new Date(), origin });
  await db.insert(contentTexts).values({ ...text, publishedNo: 1, publishedAt: new Date(), ...state });
  return row;
}

async function mail(email = `${crypto.randomUUID()}@example.jp`) {
  const { grantId } = await makeGrant(email);
  const composed = await composeGuideLink({ id: grantId, grantId });
  if (typeof composed === "string") throw new Error(composed);
  return composed.content;
}

test("the mail leads to a consultation, and never says what the person wrote", async () => {
  const { text, html } = await mail();
  expect(text).toContain(`相談する\n${env.PUBLIC_ORIGIN}/consultation\n`);
  expect(html).toContain(`href="${env.PUBLIC_ORIGIN}/consultation"`);
  expect(text + html).not.toContain(canary);
  expect(text).not.toContain("次の催し");
  expect(text).not.toContain("ほかの資料");
});

test("the mail names the next event, with its day, and leads to it", async () => {
  await announce({ title: "あとの会", day: dayAfter(today, 9) });
  const { slug } = await announce({ title: "<つぎの会>" });
  const { text, html } = await mail();
  expect(text).toContain(
    `次の催し：${formatDay(tomorrow)} 13:30〜\n<つぎの会>\n${env.PUBLIC_ORIGIN}/events#event-${slug}\n`,
  );
  expect(html).toContain("&lt;つぎの会&gt;");
  expect(text).not.toContain("あとの会");
});

const inAnHour = new Date(Date.now() + 3_600_000);
test.each<[string, Written]>([
  ["is over", { day: dayAfter(today, -1) }],
  ["has begun", { day: today, starts: wallClock(new Date()).slice(11) }],
  ["was withdrawn", { state: { withdrawnAt: new Date() } }],
  ["is a draft", { state: { publishedNo: null, publishedAt: null } }],
  ["will be published later", { state: { publishedNo: null, publishedAt: null, scheduledNo: 1, publishAt: inAnHour } }],
  ["was put away", { archivedAt: new Date() }],
])("an event that %s is not named", async (_why, written) => {
  await announce(written);
  expect((await mail()).text).not.toContain("お茶会");
});

test("an invented event is named while the installation is a sample, and never afterwards", async () => {
  await announce({ origin: "sample" });
  expect((await mail()).text).toContain("お茶会");
  replaceSettings(settingsFrom({ "name.ja": "もりの相談室" }, "own", 8));
  expect((await mail()).text).not.toContain("お茶会");
});

test("an event is named in the language it was published in alone", async () => {
  await announce({});
  expect((await nextEvent("ja"))?.body.title).toBe("お茶会");
  expect(await nextEvent("en")).toBeUndefined();
});

describe("another guide", () => {
  const offer = async (
    slug: string,
    position: number,
    { withFile = true, withdrawnAt }: { withFile?: boolean; withdrawnAt?: Date } = {},
  ) => {
    await db
      .insert(guides)
      .values({ slug, title: `資料 ${slug}` })
      .onConflictDoNothing();
    await db
      .update(guides)
      .set({ withdrawnAt: withdrawnAt ?? null })
      .where(eq(guides.slug, slug));
    await db.insert(content).values({ kind: "guide", slug, position, facts: {}, createdAt: new Date() });
    const file = { guideSlug: slug, version: 1, fileName: "a.pdf", storedAs: slug, bytes: 1 };
    if (withFile) await db.insert(guideVersions).values(file).onConflictDoNothing();
  };
  const other = async () => /ほかの資料\n資料 (\w+)\n(\S+)\n/u.exec((await mail()).text)?.slice(1);
  const page = (slug: string) => [slug, `${env.PUBLIC_ORIGIN}/guides/${slug}`];

  test("is the one that follows in the list of staff, after the last the first", async () => {
    await offer("first", 1);
    await offer("school", 2);
    await offer("third", 3);
    expect(await other()).toEqual(page("third"));
    await db.update(content).set({ position: 4 }).where(eq(content.slug, "school"));
    expect(await other()).toEqual(page("first"));
  });

  test("is none that was withdrawn or has no file", async () => {
    await offer("school", 1);
    await offer("gone", 2, { withdrawnAt: new Date() });
    await offer("empty", 3, { withFile: false });
    expect(await other()).toBeUndefined();
    await offer("fourth", 4);
    expect(await other()).toEqual(page("fourth"));
  });
});
