/** The organisation's colour reaches every page, and the policy of each page names its style. */

import { createHash } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import { paletteOf } from "#db/colour/palette.ts";
import { replaceSettings, settingsFrom } from "#db/settings/settings.ts";
import { beSample } from "../real-site.ts";
import { pages, site } from "./stored.ts";

afterEach(beSample);

test("every public page shows it in a style that its policy names, and without one shows none", async () => {
  replaceSettings(settingsFrom({ colour: "#7a1f5c" }, "sample", 2));
  const { day } = paletteOf("#7a1f5c");
  site.pages.invalidate();
  await site.pages.refresh();
  for (const key of pages.keys()) {
    const snapshot = await site.pages.get(key.replace(/^\/(?=404|500)/u, ""));
    const html = snapshot?.bodies.plain.toString() ?? "";
    const styles = [...html.matchAll(/<style>(.*?)<\/style>/gsu)].map(([, css = ""]) => css);
    expect([key, styles.some((css) => css.includes(`--key:${day.key};`))]).toEqual([key, true]);
    for (const css of styles)
      expect(snapshot?.policy).toContain(`'sha256-${createHash("sha256").update(css).digest("base64")}'`);
  }
  for (const html of pages.values()) expect(html).not.toContain("--brand:");
});
