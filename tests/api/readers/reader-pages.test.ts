/** The staff pages about one reader, through the whole application. */

import { beforeEach, describe, expect, test } from "vitest";
import { db } from "#db/client.ts";
import { drafts } from "#db/schema/drafts.ts";
import { deliveries } from "#db/schema/mail.ts";
import { auditEvents } from "#db/schema/staff.ts";
import { enqueueNow, deleteReaders, makeConsultation, makeIssue, makeSubscriber } from "../../emails/fixtures.ts";
import { words } from "../../site/html.ts";
import { get, member, postForm, refusedPage, signIn } from "../requests.ts";

const fundraiser = await member("fundraiser");
const cookie = await signIn(fundraiser);
const search = "/staff/newsletters/readers";

beforeEach(deleteReaders);

const read = async (path: string) => {
  const answer = await get(path, { cookie, headers: { accept: "text/html" } });
  return { status: answer.status, text: words(await answer.text()) };
};
const post = (path: string, fields: Record<string, string> = {}) => postForm(path, fields, { cookie });
const locationOf = (answer: Response) => answer.headers.get("location") ?? "";

describe("the search", () => {
  test("leads to the reader by id; the address stands in no address of a page", async () => {
    const { subscriberId } = await makeSubscriber("hanako@example.jp");
    const answer = await post(search, { email: "ＨＡＮＡＫＯ@example.jp " });
    expect([answer.status, locationOf(answer)]).toEqual([303, `${search}/${subscriberId}`]);
    expect((await read(locationOf(answer))).text).toContain("hanako@example.jp");
  });

  test("says the same sentence of a family and of nobody, keeps what was typed in its field and nowhere else", async () => {
    await makeConsultation("family@example.jp");
    const pages = await Promise.all(
      ["family@example.jp", "nobody@example.jp"].map(async (email) => {
        const answer = await post(search, { email });
        const html = await answer.text();
        expect([answer.status, html.includes(`value="${email}"`)]).toEqual([422, true]);
        return words(html).replaceAll(email, "");
      }),
    );
    expect(pages[0]).toContain("このアドレスで登録している読者はいません");
    expect(pages[0]).toBe(pages[1]);
    expect(await db.$count(drafts)).toBe(0);
    expect(JSON.stringify(await db.select().from(auditEvents))).not.toContain("family@");
  });

  test("asks for a whole address", async () => {
    expect(await (await post(search, { email: "hanako" })).text()).toContain("error-summary");
  });
});

describe("the page", () => {
  test("shows what became of every message, and the words agreed to", async () => {
    const { subscriberId } = await makeSubscriber("hanako@example.jp");
    await enqueueNow({ kind: "newsletter", subscriberId, newsletterId: await makeIssue(fundraiser, "秋のたより") });
    await db.update(deliveries).set({ state: "failed", reply: "550 5.1.1", finishedAt: new Date() });
    const { text } = await read(`${search}/${subscriberId}`);
    for (const said of [
      "メールマガジン",
      "読んでいる",
      "メールマガジンを受け取ります",
      "メールマガジンの申し込みページ",
    ])
      expect(text).toContain(said);
    for (const said of ["「秋のたより」", "届かなかった", "550 5.1.1", "この宛先はありません"])
      expect(text).toContain(said);
  });

  test("stops one list or everything, and says so", async () => {
    const { subscriberId } = await makeSubscriber("hanako@example.jp");
    const page = `${search}/${subscriberId}`;
    const stopped = await post(`${page}/stop`, { list: "news" });
    expect(locationOf(stopped)).toBe(`${page}?done=stopped`);
    expect((await read(locationOf(stopped))).text).toContain("止めました。このお知らせは、もう届きません");
    const all = await post(`${page}/stop-everything`);
    const { text } = await read(locationOf(all));
    expect(text).toContain("このアドレスには、お知らせを送りません（送信停止）");
    expect(text).not.toContain("すべてのお知らせを止める");
  });

  test("a wrong correction comes back in its box with what was typed; a right one leads to the reader's new page", async () => {
    const { subscriberId } = await makeSubscriber("hanako@exmaple.jp");
    const page = `${search}/${subscriberId}`;
    const wrong = await refusedPage(await post(`${page}/correct`, { email: "hanako@", key: "wrong-1" }), cookie);
    expect(wrong).toMatch(/<details[^>]* open/u);
    expect(wrong).toContain('value="hanako@"');
    const right = await post(`${page}/correct`, { email: "hanako@example.jp", key: "right-1" });
    expect(locationOf(right)).toMatch(/\?done=mailed$/u);
    const { text } = await read(locationOf(right));
    for (const said of ["hanako@example.jp", "確認待ち", "アドレスを訂正した", fundraiser.name])
      expect(text).toContain(said);
    expect((await read(page)).status).toBe(404);
    // What was typed is gone with the address.
    expect(await db.$count(drafts)).toBe(0);
  });

  test("erases after a page that says what goes and what stays", async () => {
    const { subscriberId } = await makeSubscriber("hanako@example.jp");
    const page = `${search}/${subscriberId}`;
    const { text } = await read(`${page}/erase`);
    for (const said of ["元に戻せません", "同意したかの記録", "送信停止の印", "相談でも"]) expect(text).toContain(said);
    const answer = await post(`${page}/erase`);
    expect(locationOf(answer)).toBe(`${search}?done=erased`);
    expect((await read(locationOf(answer))).text).toContain("読者を消しました");
    expect((await read(page)).status).toBe(404);
  });

  test("refuses a second confirmation mail within a day, with the time from which it is possible", async () => {
    const { subscriberId } = await makeSubscriber("hanako@example.jp", "pending");
    const page = `${search}/${subscriberId}`;
    expect(locationOf(await post(`${page}/confirmation`, { key: "mail-1" }))).toBe(`${page}?done=confirmation`);
    expect((await read(page)).text).toContain("1日1通までです");
    const again = await refusedPage(await post(`${page}/confirmation`, { key: "mail-2" }), cookie);
    expect(again).toContain("1日1通までです");
    expect(await db.$count(deliveries)).toBe(1);
  });
});
