/** What is looked at before an issue is sent, and which pictures are the newsletter's. */

import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import type { Staff } from "#db/actor.ts";
import { db } from "#db/client.ts";
import { env } from "#db/env.ts";
import { content, pictures } from "#db/schema/content.ts";
import { writingWords } from "#db/words/staff/newsletter-writing.ts";
import { readMaterial } from "#emails/markdown/material.ts";
import { type AskPath, checkIssue } from "#emails/newsletters/checks.ts";
import { getNewsletter } from "#emails/newsletters/newsletters.ts";
import { createNewsletter } from "#emails/newsletters/write.ts";
import { deleteReaders, makeStaff } from "../fixtures.ts";

let writer: Staff;
beforeEach(async () => {
  await deleteReaders();
  writer = await makeStaff("fundraiser");
});

const written = { subject: "秋のたより", body: "本文です。" };

describe("what is checked before sending", () => {
  const { checks: say, problems } = writingWords;
  const check = async (draft: Partial<typeof written>, ask?: AskPath) => {
    const { issue, list } = await getNewsletter(writer, await createNewsletter(writer, { ...written, ...draft }));
    const { findings, elsewhere } = await checkIssue(issue, list, ask);
    const of = (level: string) => findings.filter((one) => one.level === level).map(({ sentence }) => sentence);
    return { stop: of("stop"), look: of("look"), good: of("good"), elsewhere };
  };

  test("a sound issue: length, sender with address, way out, size", async () => {
    const { stop, look, good } = await check({});
    expect([stop, look]).toEqual([[], []]);
    expect(good).toEqual([
      say.length(5),
      say.sender("ほしのこみち（架空の見本団体）", "〒700-0000 岡山県岡山市見本町0-0-0"),
      say.unsubscribe,
      expect.stringMatching(/^メールの大きさは \d KB/u),
    ]);
  });

  test("links of ours are asked for once each, without what follows the path; others are shown whole", async () => {
    const asked: string[] = [];
    const ask = (path: string) => {
      asked.push(path);
      return Promise.resolve({ path, status: path === "/gone" ? 404 : path === "/broken" ? 500 : 200 });
    };
    const body =
      "[a](/events?gclid=x#y) [b](/events) [c](/gone) [d](/broken) [e](https://example.com/x?y=1)\n\nhttps://example.com/z";
    const { stop, look, elsewhere } = await check({ body }, ask);
    expect(asked).toEqual(["/events", "/gone", "/broken"]);
    expect([stop, look]).toEqual([
      [expect.stringMatching(/ありません: .*\/gone$/u)],
      [expect.stringMatching(/確かめられません.*\/broken$/u)],
    ]);
    expect(elsewhere).toEqual([
      { words: "e", url: "https://example.com/x?y=1" },
      { words: "https://example.com/z", url: "https://example.com/z" },
    ]);
  });

  test("a link into the staff area, or one that leads there, stops; a public page with a like name is none", async () => {
    const ask = (path: string) => Promise.resolve({ status: 200, path: path === "/old" ? "/staff/sign-in" : path });
    const paths = ["/staff", "/staff/cases/1", "/old", "/staffing"];
    const { stop, good } = await check({ body: paths.map((path) => `[x](${path})`).join("\n\n") }, ask);
    expect(stop).toEqual(paths.slice(0, 3).map((path) => say.linkStaff(env.PUBLIC_ORIGIN + path)));
    expect(good.join()).not.toContain("すべて開けます");
    expect((await check({ body: "[x](/staff)" })).stop).toEqual([say.linkStaff(`${env.PUBLIC_ORIGIN}/staff`)]);
  });

  test("a guide that is not there is said once, and no page is asked for", async () => {
    const asked: string[] = [];
    const ask = (path: string) => Promise.resolve({ path, status: (asked.push(path), 404) });
    const { stop } = await check({ body: "[資料: gone]" }, ask);
    expect([stop, asked]).toEqual([[problems.noGuide("gone")], []]);
  });

  test("what nobody sees is said of the subject, the preheader and the name of the list, each with its place", async () => {
    const words = { ...written, subject: "秋の\u200bたより", preheader: "\u202e前書き" };
    const { issue, list } = await getNewsletter(writer, await createNewsletter(writer, words));
    const { findings } = await checkIssue(issue, { ...list, name: "お知\u2066らせ👨‍👩‍👧" }, undefined);
    expect(findings.filter(({ level }) => level === "look")).toEqual([
      { level: "look", sentence: `件名: ${problems.hidden("秋の")}`, place: "subject" },
      { level: "look", sentence: `前書き: ${problems.turned("")}`, place: "preheader" },
      { level: "look", sentence: `お知らせの名前: ${problems.turned("お知")}` },
    ]);
  });

  test("no more links are asked for than thirty, and no link is taken for good that nobody was asked about", async () => {
    let asked = 0;
    const body = Array.from({ length: 40 }, (_, at) => `[x](/p${at})`).join("\n\n");
    const { look } = await check({ body }, (path) => Promise.resolve({ path, status: (asked++, 200) }));
    expect([asked, look]).toEqual([30, [say.tooManyLinks(30)]]);
    expect((await check({ body: "[x](/events)" })).good.join()).not.toContain("リンク 1 本");
  });

  test("what is empty, too long or too large is said", async () => {
    expect((await check({ subject: "", body: "" })).stop).toEqual([say.subjectMissing, say.bodyMissing]);
    expect((await check({ subject: "長".repeat(31), body: "長".repeat(6000) })).look).toEqual([
      say.subjectLong(31),
      say.bodyLong(6000),
    ]);
    expect((await check({ body: "**太**\n\n".repeat(2800) })).stop).toEqual([]);
    const tables = `| a | b | c |\n|--|--|--|\n${"|1|2|3|\n".repeat(300)}\n`.repeat(4);
    expect((await check({ body: tables })).stop).toEqual([expect.stringContaining("100 KB をこえる")]);
  });
});

test("a picture of an entry, or of a person, is not the newsletter's", async () => {
  const ids = [crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID()] as const;
  for (const [at, id] of ids.entries()) {
    await db.insert(pictures).values({ id, needsConsent: at === 1, alt: { ja: "湖" }, uploadedAt: new Date() });
    await db.execute(sql`
      insert into picture_files (picture_id, variant, type, width, height, sha256, content)
      values (${id}, 'large', 'image/jpeg', 960, 640, 'abcdef0123456789', '\\x00')`);
  }
  const entry = {
    id: crypto.randomUUID(),
    kind: "voice",
    slug: "v",
    position: 1,
    facts: { picture: ids[2] },
    createdAt: new Date(),
  } as const;
  await db.insert(content).values(entry);
  const { pictures: known } = await readMaterial(ids.map((id) => `![湖](/pictures/${id})`).join("\n\n"));
  expect(Object.keys(known)).toEqual([ids[0]]);
  expect(known[ids[0]]).toEqual({ path: `/pictures/${ids[0]}/abcdef012345-large.jpg`, width: 960, height: 640 });
});
