/** What every public form says of a mistake, as the GOV.UK Design System does it; no form needs a script. */

import type { BrowserContext, Page as Tab } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { phone } from "../browser.ts";
import { startAppAndBrowser } from "./setup.ts";

const { app, browser } = await startAppAndBrowser();

interface Form {
  path: string;
  /** How the title of the page begins once something is wrong. */
  prefix: string;
  /** What is typed before the form is sent, by the control's id. */
  typed: Record<string, string>;
  /** Choices that are made, by the control's id. */
  ticked?: string[];
  /** Fields that are wrong then, in the order of the form. */
  wrong: string[];
}

const story = "夜に眠れません。\n\n「学校」のことも <b>考えます</b> & 心配です。";
const consultation = {
  typed: { message: story, email: "hoshi@", name: "ほし" },
  ticked: ["reply_by", "topics-siblings"],
};

const forms: Form[] = [
  { path: "/consultation", prefix: "エラー: ", ...consultation, wrong: ["email", "consent"] },
  { path: "/easy/consultation", prefix: "まちがい: ", ...consultation, wrong: ["email", "consent"] },
  { path: "/en/consultation", prefix: "Error: ", ...consultation, wrong: ["email", "consent"] },
  {
    path: "/consultation/professional",
    prefix: "エラー: ",
    typed: { message: story, affiliation: "小学校の養護教諭" },
    wrong: ["relation", "reply_by", "consent"],
  },
  {
    path: "/guides/learning-in-hospital",
    prefix: "エラー: ",
    typed: { email: "hoshi" },
    ticked: ["newsletter"],
    wrong: ["email"],
  },
  { path: "/newsletter", prefix: "エラー: ", typed: { email: "hoshi@example.jp" }, wrong: ["lists", "consent"] },
  { path: "/consultation/return", prefix: "エラー: ", typed: { reference: "2345-6789" }, wrong: ["reference"] },
  { path: "/easy/consultation/return", prefix: "まちがい: ", typed: { reference: "2345-6789" }, wrong: ["reference"] },
  { path: "/en/consultation/return", prefix: "Error: ", typed: { reference: "2345-6789" }, wrong: ["reference"] },
];

let family: BrowserContext;

beforeAll(async () => {
  family = await browser.newContext({ ...phone, javaScriptEnabled: false });
  family.setDefaultTimeout(8000);
});

const focused = (tab: Tab) => tab.evaluate("document.activeElement.id || document.activeElement.className");
/** How far below the upper edge of the window the question of a control begins. */
const asks = (control: Element) => {
  const question =
    control.closest("fieldset")?.querySelector("legend") ?? control.closest(".field")?.querySelector("label");
  return question?.getBoundingClientRect().top ?? -1;
};
const opened = (tab: Tab) =>
  tab.evaluate("document.querySelectorAll('details:not([open]) :is(input, select)').length === 0");

/** What stands in the form now, choices included; the same twice means that nothing was lost. */
const standing = (tab: Tab) =>
  tab.evaluate(`[...document.querySelectorAll("main form :is(input, select, textarea)")]
    .filter(({ type, id }) => type !== "hidden" && id !== "website" && id !== "code")
    .map((one) => one.id + "=" + (one.type === "checkbox" || one.type === "radio" ? one.checked : one.value))`);

test.each(forms)(
  "$path: nothing is judged before it is sent, and then all at once, at the top and at the field",
  async ({ path, prefix, typed, ticked = [], wrong }) => {
    const tab = await family.newPage();
    await tab.goto(app.origin + path);
    const title = await tab.title();
    // Nothing that a browser would judge by itself, and nothing marked as wrong yet.
    expect(
      await tab
        .locator(
          "main form:not([novalidate]), main form [required], main form [maxlength], main form [pattern], [aria-invalid]",
        )
        .count(),
    ).toBe(0);
    const more = tab.locator("main form summary");
    if ((await more.count()) > 0) await more.click();
    for (const [id, words] of Object.entries(typed)) await tab.locator(`main form #${id}`).fill(words);
    for (const id of ticked) await tab.locator(`main form #${id}`).check();
    expect(await tab.locator(".error, .error-summary, [aria-invalid]").count()).toBe(0);
    const before = await standing(tab);
    await tab.locator("main form button[type=submit]").click();

    await tab.getByRole("alert").waitFor();
    expect(await tab.title()).toBe(prefix + title);
    await expect.poll(() => focused(tab)).toBe("error-summary");
    const summary = tab.getByRole("alert");
    expect(await summary.locator("h2").count()).toBe(1);
    expect(await standing(tab)).toEqual(before);
    expect(await opened(tab)).toBe(true);
    const links = await summary.getByRole("link").all();
    expect(await Promise.all(links.map((link) => link.getAttribute("href")))).toEqual(wrong.map((id) => `#${id}`));
    for (const [at, link] of links.entries()) {
      const id = wrong[at] ?? "";
      const atField = await tab.locator(`#${id}-error`).innerText();
      expect(atField.replaceAll(/\s/gu, "")).toBe((prefix + (await link.innerText())).replaceAll(/\s/gu, ""));
      const control = tab.locator(`main form #${id}`);
      expect(await control.getAttribute("aria-invalid")).toBe("true");
      await link.click();
      await expect.poll(() => focused(tab)).toBe(id);
      expect(await control.evaluate(asks)).toBeGreaterThanOrEqual(0);
    }
    await tab.close();
  },
);
