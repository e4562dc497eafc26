import { expect, test } from "vitest";
import { installStarter } from "#api/content-files/install.ts";
import { exportContent, importContent } from "#api/content-files/transfer.ts";
import { headlineKeys } from "#api/pages/keys.ts";
import { loadSite } from "#api/pages/site.ts";
import { published } from "#api/published/published.ts";
import { loadPublished } from "#api/published/store.ts";
import { emptyContent } from "../published/empty.ts";
import { member } from "../requests.ts";

const site = await loadSite();
const at = new Date();

/** Every page that shows entries, as its bytes. */
async function pagesNow(): Promise<Map<string, string>> {
  await loadPublished(at);
  site.pages.invalidate();
  await site.pages.refresh(); // on a busy machine the page before would be read
  const found = new Map<string, string>();
  for (const key of [...site.keys, ...headlineKeys()]) {
    const snapshot = await site.pages.get(key);
    if (snapshot) found.set(key, snapshot.bodies.plain.toString());
  }
  return found;
}

test("exported, emptied and imported, every page is the same to the byte, and so is the file", async () => {
  await installStarter();
  const [before, file] = [await pagesNow(), await exportContent(null)];
  expect(before.get("/stories")).toContain("集まった人");
  await emptyContent();
  const empty = await pagesNow();
  expect([empty.has("/stories"), empty.has("/easy/faq")]).toEqual([false, false]);
  expect(empty.get("/")).not.toContain("夜中に三行だけ送りました");
  const entries = (JSON.parse(file) as { entries: unknown[] }).entries.length;
  expect(await importContent(null, file, at)).toEqual({ added: entries, known: 0 });
  expect(await pagesNow()).toEqual(before);
  expect(await exportContent(null)).toBe(file);
});

test("an entry that is there already stays as it is", async () => {
  const file = JSON.parse(await exportContent(null)) as { entries: { slug: string; facts: object }[] };
  const [first, ...rest] = file.entries;
  const more = [{ ...first, slug: "another" }, { ...first, facts: { icon: "changed" } }, ...rest];
  expect(await importContent(null, JSON.stringify({ ...file, entries: more }))).toEqual({
    added: 1,
    known: file.entries.length,
  });
  await loadPublished();
  expect(published().texts.filter(({ facts }) => (facts as Record<string, string>)["icon"] === "changed")).toEqual([]);
});

test.each([
  "",
  "{}",
  "[]",
  '{"format":"komichi-content","version":2,"entries":[]}',
  '{"format":"komichi-content","version":1,"entries":[{"kind":"story","slug":"../x","facts":{},"texts":{}}]}',
  '{"format":"komichi-content","version":1,"entries":[{"kind":"story","slug":"x","facts":{},"texts":{"ja":{"published":{},"approval":{"reference":"x","given_on":"2026-02-30","until":"2027-01-01","channels":["site"]}}}}]}',
])("%s is no such file: nothing is taken", async (text) => {
  const before = await exportContent(null);
  await expect(importContent(null, text)).rejects.toMatchObject({ errors: { file: expect.stringContaining("何も") } });
  expect(await exportContent(null)).toBe(before);
});

test("is for managers alone", async () => {
  for (const role of ["coordinator", "fundraiser", "peer", "analyst"] as const) {
    const staff = await member(role);
    await expect(exportContent(staff)).rejects.toThrow();
    await expect(importContent(staff, "{}")).rejects.toThrow();
  }
});
