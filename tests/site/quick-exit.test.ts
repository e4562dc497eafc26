/** The button with which somebody who is watched leaves at once: on every public page once an organisation sets where it leads. */

import { afterEach, expect, test } from "vitest";
import { replaceSettings, sampleValues, settingsFrom } from "#db/settings/settings.ts";
import { wordsIn } from "#db/words/words.ts";
import { beSample } from "../real-site.ts";
import { elements, localeOf, words } from "./html.ts";
import { pages, plainKey, site } from "./stored.ts";

afterEach(beSample);

const place = "https://tenki.example.jp/";
const shown = async (path: string) =>
  (await site.pages.get(plainKey(path).replace(/^\/(?=404|500)/u, "")))?.bodies.plain.toString() ?? "";

test("it stands first on every page, sends no address along, and is nowhere by default", async () => {
  for (const html of pages.values()) expect(html).not.toContain('class="leave"');
  replaceSettings(settingsFrom({ ...sampleValues, quick_exit: place }, "sample", 6));
  site.pages.invalidate();
  await site.pages.refresh();
  for (const path of pages.keys()) {
    const html = await shown(path);
    const [skip, leave] = elements(html, "a");
    expect([path, skip?.["class"], leave]).toEqual([path, "skip", { href: place, rel: "noopener noreferrer" }]);
    expect(words(html)).toContain(wordsIn(localeOf(path)).site.leave);
  }
});
