/** The consultation form by screen reader and keyboard: each stop of the Tab key, as it would be announced. */

import type { Page as Tab } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { codes } from "#db/terms/codes.ts";
import { type Locale, locale } from "#db/terms/locale.ts";
import { pathIn, wordsIn } from "#db/words/words.ts";
import { phone } from "../browser.ts";
import { openScreenReader, type ScreenReader } from "./screen-reader.ts";
import { startAppAndBrowser } from "./setup.ts";

const { app, browser } = await startAppAndBrowser();

let tab: Tab;
let reader: ScreenReader;

beforeAll(async () => {
  const family = await browser.newContext({ ...phone, javaScriptEnabled: false });
  family.setDefaultTimeout(8000);
  tab = await family.newPage();
  reader = await openScreenReader(tab);
});

/** The stop at the button of this name. */
const button = (name: string) => (announcement: string) => announcement === `${name}、ボタン`;
/** The page and what is announced in its main part; what stands before it is the same everywhere. */
const mainPart = (announced: string[]) => [announced[0], ...announced.slice(announced.indexOf("（本文）"))];
const heading = (name: string) => tab.getByRole("heading", { level: 1, name }).waitFor();

const consent =
  "お子さんの病気や暮らしについて書いたこと（法律で「要配慮個人情報」とされる、とくに大切な情報を含みます）を、ほしのこみちの相談担当者が読み、お返事と支援のためだけに使い、保管することに同意します。";

test("from the top of the form to the receipt, with the keys alone", async () => {
  await tab.goto(`${app.origin}/consultation`);
  const typed = {
    "いま困っていること、聞いてみたいこと 必須、入力欄": "夜に眠れません。",
    "メール、ラジオボタン": " ",
    "メールアドレス、入力欄": "hana@example.jp",
    同意します: " ",
  };
  // Neither the ten questions behind the disclosure nor the field for programs stand in the way.
  expect(await reader.tabUntil(button("書いたことを確かめる"), typed)).toEqual([
    "（ページ）相談する | ほしのこみち",
    "本文へ移動、リンク",
    "ほしのこみち 架空の見本、リンク",
    "ことば、開閉ボタン、閉じています",
    "メニュー、開閉ボタン、閉じています",
    "（本文）",
    "電話 086-000-0000、リンク",
    "いま困っていること、聞いてみたいこと 必須、入力欄、複数行。4000文字まで書けます。",
    "（お返事の受け取り方 必須、グループ）",
    "メール、ラジオボタン、チェックなし",
    "メールアドレス、入力欄。メールでのお返事を選んだ方はお書きください。",
    "電話番号、入力欄。電話でのお返事を選んだ方はお書きください。",
    "よろしければ教えてください（答えなくても相談できます）、開閉ボタン、閉じています",
    `（書いたことの扱いについて 必須、グループ。${consent}）`,
    "同意します、チェックボックス、チェックなし",
    "だれが読み、いつまで保管するか（個人情報の扱い）、リンク",
    "書いたことを確かめる、ボタン",
  ]);
  await tab.keyboard.press("Enter");
  await heading("書いたことを確かめる");
  expect(mainPart(await reader.tabUntil(button("この内容で相談する")))).toEqual([
    "（ページ）書いたことを確かめる | ほしのこみち",
    "（本文）",
    "変更 （いま困っていること、聞いてみたいこと）、ボタン",
    "変更 （お返事の受け取り方）、ボタン",
    "変更 （メールアドレス）、ボタン",
    "変更 （そのほかの質問）、ボタン",
    "この内容で相談する、ボタン",
  ]);
  await tab.keyboard.press("Enter");
  await heading("ご相談を受け付けました");
  expect(mainPart(await reader.tabUntil(button("控えました")))).toEqual([
    "（ページ）ご相談を受け付けました | ほしのこみち",
    "（本文）",
    "（受付コード、まとまり）",
    "コードの最後の3文字、入力欄。控えたら、最後の3文字を入れてください。そのあと、コードはこの画面から消えます。",
    "控えました、ボタン",
  ]);
});

test("what is wrong is announced at once, and again at the field", async () => {
  await tab.goto(`${app.origin}/consultation`);
  await tab.locator("main form button").focus();
  await tab.keyboard.press("Enter");
  await tab.getByRole("alert").waitFor();
  // The focus lies on the box around the alert, which is read from its heading on.
  const focused = tab.locator(":focus").getByRole("alert").getByRole("heading");
  await expect.poll(() => focused.allInnerTexts()).toEqual(["入力内容をご確認ください"]);
  expect(await reader.tabUntil((announcement) => announcement.startsWith("読んだうえで"))).toEqual([
    "（ページ）エラー: 相談する | ほしのこみち",
    "（本文）",
    "困っていること、聞いてみたいことを入力してください。ひとことでもかまいません。、リンク",
    "お返事の方法を選んでください。、リンク",
    "読んだうえで、同意のチェックを入れてください。、リンク",
  ]);
  await tab.keyboard.press("Enter");
  await expect
    .poll(() => reader.announceFocus())
    .toEqual([
      `（書いたことの扱いについて 必須、グループ。${consent} エラー: 読んだうえで、同意のチェックを入れてください。）`,
      "同意します、チェックボックス、チェックなし、入力に誤りがあります",
    ]);
});

/** Every stop of the form for families, in the words of its language. */
function stopsIn(spoken: Locale): string[] {
  const { consents, contact, form, site, terms } = wordsIn(spoken);
  const must = (label: string) => `${label} ${site.must}`;
  return [
    `（ページ）${form.title} | ${site.name}`,
    `${site.skip}、リンク`,
    `${site.name} ${site.sample}、リンク`,
    `${site.languages}、開閉ボタン、閉じています`,
    `${site.menu}、開閉ボタン、閉じています`,
    "（本文）",
    `${contact.phoneLabel} 086-000-0000、リンク`,
    `${must(form.message.label)}、入力欄、複数行。${form.message.hint}`,
    `（${must(form.replyBy.label)}、グループ）`,
    `${terms.replyBy.email}、ラジオボタン、チェックなし`,
    `${form.email.label}、入力欄。${form.email.hint}`,
    `${form.phoneNumber.label}、入力欄。${form.phoneNumber.hint}`,
    `${form.more}、開閉ボタン、閉じています`,
    `（${must(form.consent.label)}、グループ。${consents.consultation}）`,
    `${form.agree}、チェックボックス、チェックなし`,
    `${form.consent.privacy}、リンク`,
    `${form.toCheck}、ボタン`,
  ];
}

test.each(codes(locale))("the form in %s is heard in its own words, readings never twice", async (spoken) => {
  await tab.goto(app.origin + pathIn(spoken, "/consultation"));
  expect(await reader.tabUntil(button(wordsIn(spoken).form.toCheck))).toEqual(stopsIn(spoken));
});
