/** Icon and share picture are the organisation's as soon as it has a name, and after a restart without a database. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { afterEach, beforeEach, expect, test } from "vitest";
import { showBrandPictures } from "#api/brand/brand-pictures.ts";
import { loadSite } from "#api/pages/site.ts";
import { db } from "#db/client.ts";
import { env } from "#db/env.ts";
import { logos } from "#db/schema/logos.ts";
import { picturePath, pictureVersion } from "#db/settings/brand.ts";
import { replaceSettings, settingsFrom } from "#db/settings/settings.ts";
import { beSample } from "../../real-site.ts";

beforeEach(beSample);
afterEach(beSample);

const site = await loadSite();
const built = site.files.get("/icon.svg")?.etag;
const icon = () => site.files.get("/icon.svg")?.bodies.plain.toString() ?? "";
const named = (given: object, stage: "sample" | "real" = "real") =>
  replaceSettings(settingsFrom({ "name.ja": "髙﨑の家", ...given }, stage, 3));

test("the sample's are the built ones, whose address has no version", async () => {
  await showBrandPictures(site, true);
  expect([pictureVersion(), site.files.get("/icon.svg")?.etag, picturePath("/og.png")]).toEqual([
    undefined,
    built,
    "/og.png",
  ]);
});

test("another name, colour or stage draws others, under another address; the sample's come back with it", async () => {
  named({});
  const addresses = new Set([picturePath("/og.png")]);
  await showBrandPictures(site, true);
  expect(site.files.get("/icon.svg")?.etag).not.toBe(built);
  const first = icon();
  named({ colour: "#7a1f5c" });
  addresses.add(picturePath("/og.png"));
  await showBrandPictures(site, true);
  expect(icon()).not.toBe(first);
  named({}, "sample");
  addresses.add(picturePath("/og.png"));
  expect(addresses.size).toBe(3);
  beSample();
  await showBrandPictures(site, true);
  expect(site.files.get("/icon.svg")?.etag).toBe(built);
});

test("a logo stands in the icon", async () => {
  const content = await sharp({ create: { width: 128, height: 128, channels: 4, background: "#c02060" } })
    .png()
    .toBuffer();
  const [row] = await db.insert(logos).values({ content, width: 128, height: 128, uploadedAt: new Date() }).returning();
  named({ logo: row?.id });
  await showBrandPictures(site, true);
  expect(icon()).toContain("data:image/png;base64,");
});

test("drawn once they lie in DATA_DIR, for a start that may not draw; without them the ones before stay", async () => {
  named({ "name.ja": "はじめての家" });
  await showBrandPictures(site, false);
  const before = icon();
  await showBrandPictures(site, true);
  const drawn = icon();
  expect(drawn).not.toBe(before);
  expect(existsSync(join(env.DATA_DIR, "pictures", pictureVersion() ?? "", "og.png"))).toBe(true);
  const restarted = await loadSite();
  await showBrandPictures(restarted, false);
  expect(restarted.files.get("/icon.svg")?.bodies.plain.toString()).toBe(drawn);
});
