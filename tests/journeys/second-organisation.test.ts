/**
 * A volunteer makes the product theirs with a browser alone: an organisation of another prefecture, whose name has letters
 * that few fonts have, without LINE, with other hours, in three languages. Afterwards nothing of the sample is left on
 * any page, in any mail, PDF, feed or picture's text that people outside can get.
 */

import { readFileSync } from "node:fs";
import { PDFiumLibrary } from "@hyzyla/pdfium";
import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { keywordReport } from "#analytics/keywords/report.ts";
import { listCases } from "#api/cases/inbox.ts";
import { missingForReal } from "#api/readiness/missing.ts";
import { loadSample } from "#api/sample/sample.ts";
import { exportSettings } from "#api/settings/transfer.ts";
import { db } from "#db/client.ts";
import { paletteOf } from "#db/colour/palette.ts";
import { staff } from "#db/schema/staff.ts";
import { sampleValues, settings } from "#db/settings/settings.ts";
import { codes } from "#db/terms/codes.ts";
import { fieldsOf } from "#db/terms/content-fields.ts";
import { contentKind, type ContentKind } from "#db/terms/content.ts";
import { pagesBehindForms } from "./pages-behind-forms.ts";
import { ask, crawl, entrances, isHtml } from "./public-pages.ts";
import { startAppAndBrowser } from "./setup.ts";
import { signInAs } from "./staff-sign-in.ts";

const { app, browser, mailServer } = await startAppAndBrowser();

const own = { name: "髙﨑こども & かぞく室", english: "Takasaki Children & Family Room", phone: "0120-000-000" };
let page: Page;
let presses = 0;

beforeAll(async () => {
  await loadSample();
  page = await signInAs(await browser.newContext({ locale: "ja-JP" }), "manager");
}, 120_000);

async function press(name: string): Promise<void> {
  presses++;
  await page.getByRole("button", { name, exact: true }).click();
}
async function open(path: string): Promise<void> {
  presses++;
  await page.goto(app.origin + path);
}
/** What a page of the settings says when it was saved. */
const saved = () => expect.poll(() => page.locator("main").textContent()).toContain("保存しました");

test("nine answers on three pages, each seen beside the form", { timeout: 60_000 }, async () => {
  await open("/staff/settings/first-run");
  await page.locator('[name="name.ja"]').fill(own.name);
  await page.locator('[name="name.reading"]').fill("たかさきこどもとかぞくしつ");
  await page.locator('[name="purpose.ja"]').fill("病気とともに育つ子どもと家族の相談先");
  await press("保存して見る");
  const frame = page.frameLocator("iframe");
  await expect.poll(() => frame.locator("header").textContent()).toContain(own.name);
  await press("保存してつぎへ");
  await page.locator('[name="prefecture"]').selectOption({ label: "群馬県" });
  await page.locator('[name="address.ja"]').fill("〒370-0000 群馬県高崎市0-0");
  await page.locator('[name="phone"]').fill(own.phone);
  await page.locator('[name="hours.opens"]').fill("13:00");
  await page.locator('[name="hours.closes"]').fill("20:00");
  await press("保存してつぎへ");
  await page.locator('[name="reply_days"]').fill("5");
  await press("保存して一覧へ");
  await expect.poll(() => page.locator("main").textContent()).toContain("すべて答えました");
});

test("the rest of the list, section by section", { timeout: 90_000 }, async () => {
  await open("/staff/settings/name");
  for (const [name, text] of [
    ["name.easy", own.name],
    ["name.en", own.english],
    ["purpose.easy", "病気の子どもと家族の相談の場所"],
    ["purpose.en", "A place to talk for families of children with illness"],
  ] as const)
    await page.locator(`[name="${name}"]`).fill(text);
  await press("保存して見る");
  await saved();
  await open("/staff/settings/place");
  await page.locator('[name="address.easy"]').fill("群馬県高崎市0-0");
  await page.locator('[name="address.en"]').fill("0-0 Takasaki, Gunma, Japan");
  await press("保存して見る");
  await saved();
  await open("/staff/settings/outline");
  await page.locator('[name="legal_name.ja"]').fill(`特定非営利活動法人 ${own.name}`);
  await press("保存する");
  await saved();
  await open("/staff/settings/sender");
  await page.locator('[name="mail_from.address"]').fill("soudan@takasaki.test");
  await press("保存する");
  await saved();
  await open("/staff/settings/colour");
  await page.locator('[name="colour"]').fill("＃７ａ１ｆ５ｃ");
  await press("保存して見る");
  await saved();
  await open("/staff/settings/sample");
  await press("見本を片づける");
  await expect.poll(() => settings().stage).toBe("own");
  await expect.poll(() => settings().name.ja).toBe(own.name);
});

test("the invented life is gone, and what is still missing is named", async () => {
  const people = await db.select().from(staff);
  const manager = people.find(({ role }) => role === "manager");
  if (!manager) throw new Error("no manager");
  expect((await listCases(manager, {})).cases).toEqual([]);
  const { totals } = await keywordReport(manager, { from: "2000-01-01", to: "2099-12-31" });
  expect([totals.landings, totals.consultations]).toEqual([0, 0]);
  const missing = (await missingForReal(db, { origin: "https://soudan.takasaki.test" })).map(({ code }) => code);
  expect(missing.filter((code) => code.startsWith("sample."))).toEqual([]);
});

/** What would show that a page was the sample's. */
const traces = [
  ...["ほしのこみち", "Hoshi no Komichi", "hoshinokomichi", "086-000-0000", "0860000000", "+81-86-000"],
  ...["岡山", "Okayama", "soudan@example.jp", "架空", "見本", String(sampleValues["address.ja"])],
];
const tracesIn = (text: string) => traces.filter((trace) => text.includes(trace));

const examples: Record<string, string> = {
  day: "2099-12-24",
  time: "13:30",
  link: "https://video.example.jp/1",
  number: "3",
};

/** Writes an entry in Japanese and publishes it, from its list on. */
async function publish(kind: ContentKind, words: string): Promise<void> {
  await page.goto(`${app.origin}/staff/content/${kind}/new`);
  const { facts, body } = fieldsOf(kind);
  for (const { name, input, ...field } of facts)
    if ("required" in field) await page.locator(`[id="facts.${name}"]`).fill(examples[input] ?? "");
  for (const { name, input, label } of body)
    await page.locator(`[id="ja.${name}"]`).fill(examples[input] ?? `${words}の${label}`);
  await page.getByRole("button", { name: /保存して出す\s*（日本語）/u }).click();
  await expect.poll(() => page.getByRole("status").textContent()).toMatch(/出しました|同意を記録すると/u);
}

test("its own content, by browser alone; a story appears with its consent on paper", { timeout: 120_000 }, async () => {
  for (const kind of codes(contentKind).filter((one) => one !== "guide"))
    await publish(kind, `かぜ${contentKind[kind]}`);
  await publish("story", "かぜの家族");
  await page.getByText("紙でもらった同意を記録する").first().click();
  const field = (name: string) => page.locator(`[id="ja/consents/paper-${name}"]`);
  await field("reference").fill("棚A-12");
  await field("given_by").fill("かぜの家族の方");
  await field("until").fill("2030-03-31");
  await field("channels").check();
  await page.getByRole("button", { name: "同意を記録する" }).click();
  await expect.poll(() => page.getByRole("status").textContent()).toContain("もう出ています");
  const shown = async (path: string) => (await fetch(app.origin + path)).text();
  await expect.poll(() => shown("/stories")).toContain("かぜの家族の題");
  expect(await shown("/stories")).not.toContain("かぜ事例紹介"); // nobody has agreed to that one
  for (const [path, words] of [
    ["/faq", "かぜよくある質問の質問"],
    ["/news", "かぜお知らせの題"],
    ["/events", "かぜ催しの題"],
    ["/people", "かぜ連携先の名前"],
  ] as const)
    await expect.poll(() => shown(path)).toContain(words);
});

test("no page, mail, PDF, feed or picture of the sample is left", { timeout: 240_000 }, async () => {
  // Covers and pictures are drawn within seconds of the last change.
  await expect
    .poll(async () => tracesIn(await pdfText("/guides/learning-in-hospital")), { timeout: 30_000 })
    .toEqual([]);
  const found = await crawl(app.origin, [...(await entrances(app.origin)), "/newsletter/feed.xml", "/robots.txt"]);
  const behind = await pagesBehindForms(app.origin, mailServer);
  const texts = [...found.values()].filter((one) => isHtml(one) || /xml|svg|text/u.test(one.type));
  expect(texts.length).toBeGreaterThan(25);
  const faults = [...texts, ...behind].flatMap(({ name, html }) => tracesIn(html).map((trace) => `${name}: ${trace}`));
  expect(faults).toEqual([]);
  expect(mailServer.messages.length).toBeGreaterThan(2);
  const mails = mailServer.messages.flatMap(({ subject, raw, text, html }) =>
    tracesIn(`${raw}${text}${html}`).map((trace) => `${subject}: ${trace}`),
  );
  expect(mails).toEqual([]);
  expect(found.get("/")?.html).toContain("髙﨑こども &#38; かぞく室".replace("&#38;", "&amp;"));
  for (const [path, words] of [
    ["/", own.phone],
    ["/", "平日 13:00〜20:00"],
    ["/", "5日以内"],
    ["/en", "Takasaki Children &amp; Family Room"],
    ["/en/privacy", "Takasaki Children &amp; Family Room"],
    ["/consultation", '<option value="10202">高崎市</option>'],
    ["/", "群馬県で、病気"],
    ["/en", "We work in Gunma Prefecture."],
    ["/about", "特定非営利活動法人"],
  ] as const)
    expect([path, words, found.get(path)?.html.includes(words)]).toEqual([path, words, true]);
  expect(tracesIn(await exportSettings())).toEqual([]);
  for (const name of ["icon.svg", "icon-180.png", "og.png"]) {
    const built = readFileSync(new URL(`../../site/public/${name}`, import.meta.url));
    expect([name, Buffer.from(await (await fetch(`${app.origin}/${name}`)).arrayBuffer()).equals(built)]).toEqual([
      name,
      false,
    ]);
  }
  // The colour is in force, wherever its style stands in the page.
  await page.goto(`${app.origin}/`);
  const key = await page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--key')");
  expect(key).toBe(paletteOf("#7a1f5c").day.key);
});

async function pdfText(guide: string): Promise<string> {
  const answer = await ask(app.origin, guide, { email: "reader@takasaki.test", guide: guide.split("/").at(-1) ?? "" });
  const received = await (await ask(app.origin, answer.headers.get("location") ?? "")).text();
  const link = /href="(\/d\/[^"]+)"/u.exec(received)?.[1] ?? "";
  const library = await PDFiumLibrary.init();
  const document = await library.loadDocument(new Uint8Array(await (await fetch(app.origin + link)).arrayBuffer()));
  const text = [...document.pages()].map((sheet) => sheet.getText()).join("\n");
  document.destroy();
  library.destroy();
  return text;
}

test("the whole path is a matter of some thirty presses", () => {
  expect(presses).toBeLessThan(30);
});
