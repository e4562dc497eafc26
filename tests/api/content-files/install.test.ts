import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { installStarter } from "#api/content-files/install.ts";
import { readMarkdown } from "#api/content-files/markdown.ts";
import { withdrawSampleContent } from "#api/content-files/remove-sample.ts";
import { exportContent } from "#api/content-files/transfer.ts";
import { PageTime } from "#api/pages/page-time.ts";
import { textsIn } from "#api/published/published.ts";
import { loadPublished } from "#api/published/store.ts";
import { transaction } from "#db/client.ts";
import type { ContentKind } from "#db/terms/content.ts";
import { beReal, beSample } from "../../real-site.ts";
import { emptyContent } from "../published/empty.ts";

const now = new Date("2026-12-01T00:00:00Z");

afterEach(async () => {
  beSample();
  await emptyContent();
});

async function shown(kind: ContentKind, locale: "ja" | "easy" | "en" = "ja") {
  await loadPublished(now);
  return textsIn(kind, locale, new PageTime(now)).map(({ body }) =>
    Object.values(body as Record<string, string>).join(),
  );
}

/** A folder as releases with Markdown had it. */
function folderWith(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), "komichi-content-"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

const voice = `---\nfrom: 小学生の父親\nconsent: 同意-7\nexpires: "2027-03-31"\n---\n\n三行で足りました。\n`;

test("the starter is installed once: what staff then put away does not come back", async () => {
  expect(await installStarter()).toBeGreaterThan(30);
  const file = await exportContent(null);
  expect(await installStarter()).toBe(0);
  expect(await exportContent(null)).toBe(file);
});

test("in an installation in use nothing invented comes, worries and headlines are shown as before, questions are drafts", async () => {
  beReal();
  await installStarter();
  expect([await shown("story"), await shown("voice"), await shown("person"), await shown("news")]).toEqual([
    [],
    [],
    [],
    [],
  ]);
  expect([(await shown("worry")).length, (await shown("headline")).length]).toEqual([8, 3]);
  expect(await shown("faq")).toEqual([]);
  const { entries } = JSON.parse(await exportContent(null)) as {
    entries: { kind: string; texts: { ja?: { draft?: object } } }[];
  };
  expect(entries.filter(({ kind }) => kind === "faq").every(({ texts }) => texts.ja?.draft)).toBe(true);
  expect(entries.filter(({ kind }) => kind === "story")).toEqual([]);
});

test("taking the sample away leaves its entries as drafts, and shows what is not invented", async () => {
  await installStarter();
  expect((await shown("story")).length).toBe(3);
  expect(await transaction(withdrawSampleContent)).toBeGreaterThan(20);
  expect([await shown("story"), await shown("voice"), await shown("event"), await shown("video", "ja")]).toEqual([
    [],
    [],
    [],
    [],
  ]);
  expect((await shown("worry")).length).toBe(8);
  const { entries } = JSON.parse(await exportContent(null)) as { entries: { kind: string; texts: { ja?: object } }[] };
  expect(entries.find(({ kind }) => kind === "story")?.texts.ja).toMatchObject({ draft: {}, withdrawn: false });
  expect(entries.find(({ kind }) => kind === "story")?.texts.ja).not.toHaveProperty("approval");
});

describe("Markdown of an earlier release", () => {
  test("that a developer changed or added replaces what comes with the product, with its consents", async () => {
    beReal();
    const folder = folderWith({
      "voices/ja/father.md": voice,
      "worries/ja/schooling.md": "---\norder: 1\nwords: 院内学級がない病院です。\n---\n\n一緒に探します。\n",
      "headlines/own.md":
        '---\nheadline: 見出し\nlead: 文\ngids: ["158"]\ncampaigns: ["own"]\ntoProfessional: true\n---\n',
      "events/en/talk.md":
        '---\ntitle: A talk\ndate: "2026-12-20"\ntime: 13:30–15:00\nplace: Online\nforWhom: All\napply: Write\n---\nText\n',
    });
    await installStarter(folder);
    expect(await shown("voice")).toEqual([expect.stringContaining("三行で足りました。")]);
    expect((await shown("worry")).join()).toContain("院内学級がない病院です。");
    expect((await shown("worry")).length).toBe(8);
    expect((await shown("headline")).join()).toContain("見出し");
    expect([await shown("event"), await shown("event", "en")]).toEqual([[], [expect.stringContaining("A talk")]]);
    await loadPublished(now);
    const [event] = textsIn("event", "en", new PageTime(now));
    expect(event?.facts).toMatchObject({ day: "2026-12-20", starts: "13:30", ends: "15:00" });
    const over = new PageTime(new Date("2027-03-31T15:00:00Z"));
    expect(textsIn("voice", "ja", over)).toEqual([]);
  });

  test("without a consent, or with a day that does not exist, is kept and not shown", async () => {
    beReal();
    const folder = folderWith({
      "voices/ja/a.md": "---\nfrom: 父\n---\nことば\n",
      "voices/ja/b.md": "---\nfrom: 母\nconsent: 同意-8\nexpires: 2026-09-31\n---\nことば\n",
    });
    await installStarter(folder);
    expect(await shown("voice")).toEqual([]);
    expect(await exportContent(null)).toContain("ことば");
  });

  test("that cannot be read is named, and keeps nothing else from being taken over", () => {
    const folder = folderWith({ "voices/ja/broken.md": "no front matter", "voices/ja/good.md": voice });
    const { entries, unread } = readMarkdown(folder);
    expect(unread).toEqual([{ file: "voices/broken.md", reason: "Error" }]);
    expect(entries.map(({ slug }) => slug)).toEqual(["good"]);
  });

  test("that is marked as invented stays the sample's", async () => {
    beReal();
    await installStarter(folderWith({ "voices/ja/a.md": voice.replace("---\n", "---\nsample: true\n") }));
    expect(await shown("voice")).toEqual([]);
  });
});
