/** With 200 entries of each kind the landing page shows as many as it has room for, and leads to the rest. */

import { brotliCompressSync } from "node:zlib";
import { beforeAll, expect, test } from "vitest";
import { importContent } from "#api/content-files/transfer.ts";
import { loadSite } from "#api/pages/site.ts";
import { loadPublished } from "#api/published/store.ts";
import { codes } from "#db/terms/codes.ts";
import { fieldsOf } from "#db/terms/content-fields.ts";
import { contentKind, needsConsent } from "#db/terms/content.ts";
import { locale as locales } from "#db/terms/locale.ts";

const count = 200;
const kinds = codes(contentKind).filter((kind) => kind !== "guide");
const approval = { reference: "同意", given_on: "2026-11-01", until: "2099-12-31", channels: ["site"] };
const facts = { day: "2099-01-01", starts: "10:00", ends: "11:00", link: "https://video.example.jp/x", minutes: "3" };

const entries = kinds.flatMap((kind) =>
  Array.from({ length: count }, (_, at) => {
    const published = Object.fromEntries(
      fieldsOf(kind).body.map(({ name, label }) => [name, `${label} ${kind} ${at}.`]),
    );
    const text = { origin: "staff", published, ...(needsConsent(kind) && { approval }) };
    const own = Object.fromEntries(
      fieldsOf(kind).facts.map(({ name }) => [name, (facts as Record<string, string>)[name] ?? ""]),
    );
    return {
      kind,
      slug: `entry-${at}`,
      facts: own,
      texts: Object.fromEntries(codes(locales).map((locale) => [locale, text])),
    };
  }),
);

const site = await loadSite();
const html = async (key: string) => (await site.pages.get(key))?.bodies.plain.toString() ?? "";

beforeAll(async () => {
  await importContent(null, JSON.stringify({ format: "komichi-content", version: 1, entries }));
  await loadPublished();
}, 120_000);

test.each(["/", "/easy", "/en"])("%s shows a set number of each kind, within 20 KB, and leads to all", async (path) => {
  const page = await html(path);
  const shown = Object.fromEntries(
    kinds.map((kind) => [kind, page.match(new RegExp(` ${kind} \\d+\\.`, "gu"))?.length ?? 0]),
  );
  const fields = (kind: (typeof kinds)[number]) => fieldsOf(kind).body.length;
  expect(shown).toEqual({
    ...{ worry: 8, story: 3 * fields("story"), voice: 3 * fields("voice"), person: 3 * fields("person") },
    ...{ partner: 6 * fields("partner"), video: fields("video") },
    // Titles and places; a title.
    ...{ event: 2 * 2, faq: 0, news: 1, headline: 0 },
  });
  expect(brotliCompressSync(page).length).toBeLessThan(20 * 1024);
  const prefix = path === "/" ? "" : path;
  for (const list of ["stories", "people", "events", "faq", "news"]) expect(page).toContain(`href="${prefix}/${list}"`);
});

test.each([
  ["/stories", ["story", "voice", "video"]],
  ["/people", ["person", "partner"]],
  ["/events", ["event"]],
  ["/faq", ["worry", "faq"]],
  ["/news", ["news"]],
] as const)("%s shows all, in three languages", async (path, shownKinds) => {
  for (const language of ["", "/easy", "/en"]) {
    const page = await html(language + path);
    for (const kind of shownKinds)
      expect(page.match(new RegExp(` ${kind} \\d+\\.`, "gu"))).toHaveLength(count * fieldsOf(kind).body.length);
  }
});
