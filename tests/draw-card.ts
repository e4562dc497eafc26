/**
 * Draws site/public/og.png, the picture that stands beside a shared link. Run by hand when the name of
 * the organisation changes: `node tests/draw-card.ts` (needs a Japanese font on the machine).
 */

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { settings } from "#db/settings/settings.ts";
import { openBrowser } from "./browser.ts";

const file = (path: string) => fileURLToPath(new URL(`../site/${path}`, import.meta.url));
const scene = /<svg[\s\S]*<\/svg>/u.exec(readFileSync(file("components/NightPath.astro"), "utf8"))?.[0] ?? "";
const browser = await openBrowser();
const page = await browser.newPage({ viewport: { width: 1200, height: 630 } });
await page.setContent(`<!doctype html><html lang="ja"><style>
  body { margin: 0; width: 1200px; height: 630px; background: #fff7ef; color: #1a1a1c; font-family: "Noto Sans CJK JP"; }
  svg { position: absolute; right: 60px; top: 115px; width: 600px; border-radius: 32px; }
  div { position: absolute; left: 70px; top: 150px; width: 470px; }
  h1 { margin: 0 0 24px; font-size: 68px; color: #00316a; letter-spacing: 0.04em; }
  p { margin: 0 0 20px; font-size: 34px; line-height: 1.6; word-break: auto-phrase; }
  small { font-size: 24px; border: 2px solid #767676; border-radius: 8px; padding: 4px 16px; }
</style>${scene}<div><h1>${settings().name.ja}</h1><p>${settings().purpose.ja}</p><small>架空の見本</small></div>`);
const drawn = await page.screenshot();
await browser.close();
await sharp(drawn).png({ palette: true, quality: 80 }).toFile(file("public/og.png"));
