/** The manual: every staff page has its part behind a 「?」, every link of it leads to a part, and it says what the code does. */

import { readdirSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { keptForDays } from "#api/drafts/drafts.ts";
import { minPasswordLength } from "#api/sign-in/forms.ts";
import { groupNames, groups } from "#api/today/groups.ts";
import { codes } from "#db/terms/codes.ts";
import { type Role, role } from "#db/terms/staff.ts";
import { heartbeatMs } from "#db/vault/processes.ts";
import { groupsInKey } from "#db/vault/written-keys.ts";
import { manual, manualFor, manualPartsOf, manualWords } from "#db/words/staff/manual.ts";
import { get, member, receive, signIn } from "../api/requests.ts";

/** Route patterns of the staff pages, as Astro names them. */
const pages = readdirSync(new URL("../../site/pages/staff", import.meta.url), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".astro"))
  .map((file) => `/staff/${file}`.replace(/(?:\/index)?\.astro$/u, ""));

const cookies = new Map<Role, string>();
beforeAll(async () => {
  for (const code of codes(role)) cookies.set(code, await signIn(await member(code)));
});
const show = async (path: string, code: Role) =>
  (await get(path, { cookie: cookies.get(code), headers: { accept: "text/html" } })).text();
const questionMark = `<summary aria-label="${manualWords.open}"`;

describe("every staff page", () => {
  const named = Object.values(manual).flatMap((part) => part.pages);
  test("has a part of its own in the manual, or lies below one that has", () => {
    const withoutPart = pages.filter(
      (page) => page !== "/staff/manual" && !codes(role).some((code) => manualPartsOf(page, code).length > 0),
    );
    expect(withoutPart).toEqual([]);
  });
  test("that a part names is there", () => {
    expect(named.filter((page) => !pages.includes(page))).toEqual([]);
  });
});

test("a 「?」 stands on every screen of each role, with the part of that screen", async () => {
  const { caseId } = await receive({ name: "見本 さくら" });
  const screens: [path: string, code: Role, title: string][] = [
    ["/staff", "coordinator", "きょう"],
    ["/staff", "peer", "あなたに任された相談"],
    ["/staff/cases", "coordinator", "すべての相談"],
    [`/staff/cases/${caseId}`, "coordinator", "お返事・記録・メモ"],
    [`/staff/cases/${caseId}/hand-over`, "coordinator", "引き継ぐ"],
    [`/staff/cases/${caseId}/state`, "coordinator", "状態を変える"],
    [`/staff/cases/${caseId}/close`, "coordinator", "終了する"],
    ["/staff/search?q=x", "coordinator", "さがす"],
    ["/staff/mail", "fundraiser", "送信メール"],
    ["/staff/guides", "coordinator", "資料"],
    ["/staff/guides/new", "coordinator", "資料"],
    ["/staff/newsletters", "fundraiser", "ニュースレター（メルマガ）"],
    ["/staff/keywords", "analyst", "キーワード"],
    ["/staff/people", "manager", "職員"],
    ["/staff/me", "peer", "不在の日"],
    ["/staff/sign-in", "manager", "ログインと確認コード"],
    ["/staff/sign-in/code", "manager", "ログインと確認コード"],
  ];
  const without: string[] = [];
  for (const [path, code, title] of screens) {
    const html = await show(path, code);
    if (!html.includes(questionMark) || !html.includes(`<b>${title}</b>`)) without.push(`${path} (${code})`);
  }
  expect(without).toEqual([]);
});

describe("the whole manual", () => {
  test("shows each role the parts of its own screens, and no other", async () => {
    for (const code of codes(role)) {
      const html = await show("/staff/manual", code);
      const shown = Object.keys(manual).filter((anchor) => html.includes(`<section id="${anchor}"`));
      expect([code, shown]).toEqual([code, manualFor(code).map(([anchor]) => anchor)]);
    }
    const peers = manualFor("peer").map(([anchor]) => anchor);
    expect(peers).toContain("peer-case");
    expect(
      peers.filter((anchor) => ["today", "cases", "writing", "hand-over", "people", "mail"].includes(anchor)),
    ).toEqual([]);
  });
  test("has an anchor for each link that leads to it", async () => {
    for (const code of codes(role)) {
      const html = await show("/staff/manual", code);
      for (const page of pages) {
        const [first] = manualPartsOf(page, code);
        if (first) expect(html).toContain(`<section id="${first[0]}"`);
      }
      const links = [...html.matchAll(/href="#([^"]+)"/gu)].map(([, anchor]) => anchor);
      expect(links.filter((anchor) => !html.includes(`id="${anchor}"`))).toEqual([]);
    }
  });
  test("has three to eight sentences a part, each a whole one", () => {
    for (const [anchor, { sentences }] of Object.entries(manual)) {
      expect([anchor, sentences.length >= 3 && sentences.length <= 8]).toEqual([anchor, true]);
      expect(sentences.filter((sentence) => !sentence.endsWith("。"))).toEqual([]);
    }
  });
  test("is linked in the account menu", async () => {
    expect(await show("/staff/newsletters", "fundraiser")).toContain('<a href="/staff/manual">使い方</a>');
  });
});

/** Figures and orders in its sentences, against where the code has them. The rest is read by a person. */
test("what it says in figures is what the code does", () => {
  const text = (anchor: string) => manual[anchor]?.sentences.join("") ?? "";
  expect(text("today")).toContain(`分類は、${groupNames.map((name) => groups[name].label).join("、")}の順です。`);
  expect(text("drafts")).toContain(`${keptForDays}日で消えます`);
  expect(text("keys")).toContain(`英数字の${groupsInKey}組`);
  expect(text("keys-lost")).toContain(`${heartbeatMs / 1000}秒ほどで元の場所に書き直されます`);
  expect(text("invitation")).toContain(`パスワードは${minPasswordLength}文字以上です`);
});
