/** Every mail in a real browser, narrow and wide, by day and by night, in colours that are hard to read on. */

import { afterAll, afterEach, expect, test } from "vitest";
import { env } from "#db/env.ts";
import { replaceSettings, sampleValues, settingsFrom } from "#db/settings/settings.ts";
import { openBrowser } from "../browser.ts";
import { everyMail } from "../emails/every-mail.ts";
import { beSample } from "../real-site.ts";
import { mailMarkupErrors } from "./markup.ts";
import { axeViolations, clippedText, overlappingElements } from "./page-checks.ts";

const browser = await openBrowser();
afterAll(() => browser.close());
afterEach(beSample);

/** Adds what axe, clipped and overlapping text find in every mail; returns how many mails were looked at. */
async function look(found: string[], width: number, colorScheme: "light" | "dark", of = ""): Promise<number> {
  const context = await browser.newContext({ locale: "ja-JP", viewport: { width, height: 640 }, colorScheme });
  const tab = await context.newPage();
  const requests: string[] = [];
  tab.on("request", (request) => void requests.push(request.url()));
  const mails = Object.entries(await everyMail());
  for (const [name, { html }] of mails) {
    await tab.setContent(html);
    const faults = [...(await axeViolations(tab)), ...(await clippedText(tab)), ...(await overlappingElements(tab))];
    found.push(...faults.map((fault) => `${name}, ${width} px, ${colorScheme}${of}: ${fault}`));
  }
  // An issue's picture is ours, at an address that is the same for everybody.
  const others = requests.filter((url) => !url.startsWith(`${env.PUBLIC_ORIGIN}/pictures/`));
  found.push(...others.map((url) => `loads ${url}`));
  await context.close();
  return mails.length;
}

test("every mail is valid HTML", async () => {
  const mails = Object.entries(await everyMail()).map(([name, { html }]) => ({ name, html }));
  expect(await mailMarkupErrors(mails)).toEqual([]);
});

test("every mail can be read by everybody, by day and by night, at 320, 360 and 600 px", async () => {
  const found: string[] = [];
  let count = 0;
  for (const width of [320, 360, 600])
    for (const scheme of ["light", "dark"] as const) count += await look(found, width, scheme);
  expect(found).toEqual([]);
  expect(count).toBeGreaterThan(6 * 20);
}, 300_000);

test.each(["#ffd800", "#101010", "#fefefe", "#b20000", "#777777"])(
  "in the colour %s, too",
  async (colour) => {
    replaceSettings(settingsFrom({ ...sampleValues, colour }, "real", 7));
    const found: string[] = [];
    for (const scheme of ["light", "dark"] as const) await look(found, 360, scheme, `, ${colour}`);
    expect(found).toEqual([]);
  },
  300_000,
);

test("where the style of the head is dropped, a mail is as legible by night as by day", async () => {
  const context = await browser.newContext({ viewport: { width: 360, height: 640 }, colorScheme: "dark" });
  const tab = await context.newPage();
  const found: string[] = [];
  for (const [name, { html }] of Object.entries(await everyMail())) {
    await tab.setContent(html.replace(/<style>.*?<\/style>/su, ""));
    found.push(...(await axeViolations(tab)).map((fault) => `${name}: ${fault}`));
  }
  await context.close();
  expect(found).toEqual([]);
}, 300_000);
