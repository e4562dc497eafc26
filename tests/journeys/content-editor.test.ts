/** Writing and publishing in a browser without script: how many presses it takes, and that two people lose nothing. */

import { beforeAll, expect, test } from "vitest";
import { listEntries } from "#api/content/entries.ts";
import { saveEntry } from "#api/content/save.ts";
import { env } from "#db/env.ts";
import { codes } from "#db/terms/codes.ts";
import { type ContentField, fieldsOf } from "#db/terms/content-fields.ts";
import { contentKind, needsConsent } from "#db/terms/content.ts";
import { added, typed } from "../api/content/typed.ts";
import { member } from "../api/requests.ts";
import { startAppAndBrowser } from "./setup.ts";
import { signInAs } from "./staff-sign-in.ts";

const { browser } = await startAppAndBrowser();
const context = await browser.newContext({ locale: "ja-JP", javaScriptEnabled: false });
let page: Awaited<ReturnType<typeof signInAs>>;
beforeAll(async () => {
  page = await signInAs(context, "manager");
});
const colleague = await member("manager");

/** What somebody types into a box of this kind. */
const examples: Partial<Record<ContentField["input"], string>> = {
  ...{ day: "2026-12-24", time: "13:30", link: "https://video.example.jp/1", number: "3" },
};

test.each(codes(contentKind).filter((kind) => kind !== "guide"))(
  "%s: three presses from any screen to what is public, or waits for its consent",
  async (kind) => {
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.goto(`${env.PUBLIC_ORIGIN}/staff`);
    await page.getByRole("link", { name: "サイトの内容" }).first().click();
    await page.locator(`a[href="/staff/content/${kind}/new"]`).click();
    const { facts, body } = fieldsOf(kind);
    for (const [group, fields] of [
      ["facts", facts],
      ["ja", body],
    ] as const)
      for (const { name, input, required } of fields)
        if (required === true) await page.locator(`[id="${group}.${name}"]`).fill(examples[input] ?? `${name}の文`);
    await page.getByRole("button", { name: /保存して出す\s*（日本語）/u }).click();
    const [entry] = (await listEntries(colleague, kind)).filter(({ id }) => page.url().includes(id));
    expect(entry?.texts.ja.state).toMatchObject(
      needsConsent(kind) ? { waits: { no: 1 } } : { code: "shown", shownNo: 1 },
    );
    expect(await page.getByRole("status").textContent()).toContain(
      needsConsent(kind) ? "同意を記録すると" : "出しました",
    );
  },
);

test("of two who write one language the second sees both texts on a phone, and loses neither column", async () => {
  await page.setViewportSize({ width: 360, height: 740 });
  const id = await added(colleague, "faq", { "ja.question": "質問", "ja.answer": "答え", "en.question": "Question" });
  await page.goto(`${env.PUBLIC_ORIGIN}/staff/content/faq/${id}`);
  await page.locator('[id="ja.answer"]').fill("わたしの答え");
  await page.locator('[id="en.answer"]').fill("My answer");
  await saveEntry(colleague, "faq", id, await typed(colleague, "faq", id, { "ja.answer": "先の答え" }));
  await page.locator(".save button").click();
  expect(await page.getByRole("alert").textContent()).toContain("日本語の文を先に変えていました");
  expect(await page.locator(".theirs").textContent()).toContain("先の答え");
  const boxes = await page.locator('[id="ja.answer"], [id="en.answer"]').all();
  expect(await Promise.all(boxes.map((box) => box.inputValue()))).toEqual(["わたしの答え", "My answer"]);
  await page.locator(".save button").click();
  const [entry] = (await listEntries(colleague, "faq")).filter((one) => one.id === id);
  expect([entry?.texts.ja.draft?.body["answer"], entry?.texts.en.draft?.body["answer"]]).toEqual([
    "わたしの答え",
    "My answer",
  ]);
});

test("an arrow of the list moves an entry, and the list is shown at it", async () => {
  const ids = [
    await added(colleague, "partner", { "ja.name": "ひとつめ" }),
    await added(colleague, "partner", { "ja.name": "ふたつめ" }),
  ];
  await page.goto(`${env.PUBLIC_ORIGIN}/staff/content/partner`);
  await page.getByRole("button", { name: "「ふたつめ」を上へ" }).click();
  expect(page.url()).toContain(`#entry-${ids[1]}`);
  const order = (await listEntries(colleague, "partner")).map(({ id }) => id).filter((id) => ids.includes(id));
  expect(order).toEqual(ids.toReversed());
});
