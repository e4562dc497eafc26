/** The screens of an issue on its way: what they say is true at that moment, and the same on all of them. */

import { eq } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { db } from "#db/client.ts";
import { env } from "#db/env.ts";
import { guides } from "#db/schema/guides.ts";
import { deliveries, lists, newsletters } from "#db/schema/mail.ts";
import { writingWords } from "#db/words/staff/newsletter-writing.ts";
import { senderAddress } from "#emails/addresses.ts";
import { pauseNewsletter } from "#emails/newsletters/pause.ts";
import { scheduleNewsletter, sendNewsletterCommand, unscheduleNewsletter } from "#emails/newsletters/send.ts";
import { publishOnWeb, withdrawFromWeb } from "#emails/newsletters/web.ts";
import { createNewsletter } from "#emails/newsletters/write.ts";
import { advanceNewsletters } from "#emails/outbox/advance-newsletters.ts";
import { deleteReaders, makeSubscriber } from "../../emails/fixtures.ts";
import { become, copiesOf, draft, makeReaders, sendTo } from "../../emails/newsletters/issues.ts";
import { beReal, beSample } from "../../real-site.ts";
import { elements } from "../../site/html.ts";
import { get, type Member, member, postForm, signIn } from "../requests.ts";

let writer: Member;
let cookie: string;
beforeAll(async () => {
  writer = await member("fundraiser");
  cookie = await signIn(writer);
});
beforeEach(deleteReaders);

const list = "/staff/newsletters";
const page = (id: string, below = "") => `${list}/${id}${below}`;
async function read(path: string, as = cookie): Promise<{ html: string; text: string }> {
  const html = await (await get(path, { cookie: as, headers: { accept: "text/html" } })).text();
  const main = /<main.*<\/main>/su.exec(html)?.[0] ?? "";
  return { html: main, text: main.replaceAll(/<[^>]*>/gu, "").replaceAll(/\s+/gu, " ") };
}
const press = async (path: string, fields: Record<string, string> = {}) =>
  (await postForm(path, fields, { cookie })).headers.get("location") ?? "";

describe("a draft", () => {
  const buttons = async (path: string) =>
    elements((await read(path)).html, "button").flatMap(({ value, type }) => (type === "submit" ? [value] : []));
  const actions = async (path: string) => elements((await read(path)).html, "form").map(({ action }) => action);

  test("is copied by a button of its form, which saves first; one that was sent by a form of its own", async () => {
    const id = await createNewsletter(writer, draft);
    expect([await buttons(page(id)), await actions(page(id))]).toEqual([
      ["save", "insert", "preview", "test", "send", "duplicate"],
      [page(id)],
    ]);
    expect(await buttons(page("new"))).not.toContain("duplicate");
    const { id: sent } = await sendTo(writer, 1);
    expect(await actions(page(sent))).toContain(page(sent, "/duplicate"));
  });
});

describe("before an issue is sent", () => {
  test("the preview and the confirmation say where answers go: to the sender, unless the list has an address for them", async () => {
    await makeSubscriber("reader@example.jp");
    const id = await createNewsletter(writer, draft);
    for (const [replyTo, told] of [
      ["", senderAddress().address],
      ["answers@example.jp", "answers@example.jp"],
    ] as const) {
      await db.update(lists).set({ replyTo });
      for (const below of ["/preview", "/send"])
        expect((await read(page(id, below))).text).toContain(`返信すると、${told} に届きます`);
    }
    await db.update(lists).set({ replyTo: "" });
  });

  test("a site that is not real holds it back where mail leaves the machine", async () => {
    await makeSubscriber("reader@example.jp");
    const id = await createNewsletter(writer, draft);
    const { heldBack, forManagers } = writingWords.checks;
    const before = env.SMTP_URL;
    expect((await read(page(id, "/send"))).text).not.toContain(heldBack);
    env.SMTP_URL = "smtp://mail.example.net:587";
    try {
      const { text, html } = await read(page(id, "/send"));
      expect(text).toContain(heldBack + forManagers);
      expect(elements(html, "form")).toEqual([]);
      const manager = await read(page(id, "/send"), await signIn(await member("manager")));
      expect(manager.html).toContain('href="/staff/settings/real"');
      await expect(scheduleNewsletter(writer, id, { version: 1, isForWeb: false })).rejects.toThrow("1 か所");
      beReal();
      await scheduleNewsletter(writer, id, { version: 1, isForWeb: false });
    } finally {
      env.SMTP_URL = before;
      beSample();
    }
  });

  test("the line of a telephone begins with the title of the guide that the issue begins with, as the mail does", async () => {
    const id = await createNewsletter(writer, { subject: "題", body: "[資料: learning-in-hospital]\n\nどうぞ。" });
    const [guide] = await db.select().from(guides).where(eq(guides.slug, "learning-in-hospital"));
    const mail = await (await get(page(id, "/mail"), { cookie })).text();
    for (const path of [page(id), page(id, "/preview")]) {
      const line = /class="beside"[^>]*>([^<]*?)…?</u.exec((await read(path)).html)?.[1] ?? "";
      expect([...line].length).toBeGreaterThan(10);
      expect(guide?.title.startsWith(line.slice(0, 10))).toBe(true);
      expect(mail).toContain(`>${line}`);
    }
  });
});

describe("an issue of which only messages of unknown fate are left", () => {
  test("asks for a decision in the list and on its page, and says that all others went out", async () => {
    const { id, rows } = await sendTo(writer, 3);
    await become(rows[0], "uncertain", "sender died");
    const meanwhile = (await read(page(id))).text;
    expect(meanwhile).toContain("残りを送っているあいだでも");
    expect(meanwhile).not.toContain("この号の送信が終わります");
    for (const row of rows.slice(1)) await become(row, "accepted", "250");
    for (const { text } of [await read(list), await read(page(id))]) {
      expect(text).toContain("決めてください");
      expect(text).toContain("ほかの 2 通は、もう終わっています");
    }
    expect((await read(page(id))).text).toContain("どうするかを決めると、この号の送信が終わります");
  });
});

describe("an issue in hand", () => {
  test("can be paused and cancelled also when every message is with a sender, and says what that does", async () => {
    const { id, rows } = await sendTo(writer, 2);
    for (const row of rows) await become(row, "leased");
    const { text } = await read(page(id));
    for (const said of ["一時停止する", "残りを送らずに取りやめる", "残りは 2 通です（送信待ち 0 通、送信中 2 通）"])
      expect(text).toContain(said);
    expect(text).toContain("送信中の 2 通のうち、もうメールサーバーに渡しはじめたものは、止めても届きます");
    expect(await press(page(id, "/pause"))).toBe(`${page(id)}?done=paused`);
    expect((await read(page(id))).text).toContain("送信を再開する");
  });

  test("counts the same before and after it is cancelled, on its page and in the list", async () => {
    const { id, rows } = await sendTo(writer, 6);
    for (const row of rows.slice(0, 2)) await become(row, "accepted", "250");
    await become(rows[2], "failed", "550 5.1.1");
    await become(rows[3], "leased");
    expect((await read(page(id))).text).toContain("6 人のうち 2 人に送りました。残りは 3 通です");
    await press(page(id, "/cancel"));
    expect((await read(page(id))).text).toContain("6 人のうち 2 人に送り、送信中の 1 通のほかは送りません");
    await become(rows[3], "accepted", "250");
    await advanceNewsletters();
    const { text } = await read(page(id));
    expect(text).toContain("6 人のうち 3 人に送ったところで、取りやめました");
    expect(text).not.toContain("終わりました");
    expect(text).toContain("読者全員に届きます");
    expect((await read(list)).text).toMatch(/6うち送信済み 3/u);
  });

  test("says of a press only what is still so when the page is loaded again", async () => {
    const { id } = await sendTo(writer, 2);
    for (const code of ["scheduled", "starting", "paused", "cancelled"])
      expect((await read(`${page(id)}?done=${code}`)).html).not.toContain('class="notice good"');
    await pauseNewsletter(writer, id);
    expect((await read(`${page(id)}?done=paused`)).text).toContain("一時停止しました");
  });

  test("leads from those that did not arrive to their lines of the ledger, and to no other issue's", async () => {
    const other = await sendTo(writer, 2);
    await become(other.rows[0], "failed", "550 5.7.1");
    const id = await createNewsletter(writer, draft);
    await sendNewsletterCommand(id);
    await become((await copiesOf(id))[0], "failed", "550 5.1.1");
    const way =
      elements((await read(page(id))).html, "a").find(({ href }) => href?.startsWith("/staff/mail"))?.href ?? "";
    expect(way.replace(/&(?:amp|#38);/u, "&")).toBe(`/staff/mail?issue=${id}&state=failed`);
    const { text, html } = await read(`/staff/mail?issue=${id}&state=failed`);
    expect([text.includes("550 5.1.1"), text.includes("550 5.7.1")]).toEqual([true, false]);
    expect([text.includes("すべて 2"), text.includes("届かなかった 1")]).toEqual([true, true]);
    expect(html).toMatch(/href="\/staff\/mail\?issue=[\da-f-]{36}(?:&|&#38;|&amp;)state=queued"/u);
    // All copies of an issue have one kind and one time: the button says whose it is.
    expect(text).toMatch(/送り直す（メルマガ、\S+•@example\.jp、/u);
    const asked = await get("/staff/mail?issue=none", { cookie, headers: { accept: "text/html" } });
    expect(asked.status).toBe(404);
  });
});

describe("the walls of the ledger stay where they are", () => {
  test("a coordinator sees of an issue what became of it and not who reads it; of a draft nobody sees anything", async () => {
    const { id } = await sendTo(writer, 1);
    const coordinator = await signIn(await member("coordinator"));
    const { text } = await read(`/staff/mail?issue=${id}`, coordinator);
    expect([text.includes("（表示しません）"), text.includes("@example.jp")]).toEqual([true, false]);
    const unsent = await createNewsletter(writer, { ...draft, subject: "まだ秘密の題" });
    const answer = await get(`/staff/mail?issue=${unsent}`, { cookie: coordinator, headers: { accept: "text/html" } });
    expect([answer.status, (await answer.text()).includes("まだ秘密の題")]).toEqual([404, false]);
  });
});

describe("a decision to send", () => {
  test("for now says the second at which it begins, one for later its time", async () => {
    await makeReaders(1);
    const id = await createNewsletter(writer, draft);
    expect(await press(page(id, "/send"), { version: "1", when: "now" })).toBe(`${page(id)}?done=starting`);
    const soon = (await read(`${page(id)}?done=starting`)).text;
    expect(soon).toMatch(/まもなく送りはじめます（\d\d:\d\d:\d\d ごろ）/u);
    expect(soon).not.toMatch(/予約しました|この時刻/u);
    await unscheduleNewsletter(writer, id);
    await scheduleNewsletter(writer, id, { version: 1, isForWeb: false, at: new Date(Date.now() + 3 * 3_600_000) });
    expect((await read(page(id))).text).toMatch(/\d\d:\d\d に送り始めます.*この時刻になると/u);
  });

  test("that was stopped is found again as it was: the time, and the box for the web without its tick", async () => {
    await makeReaders(1);
    const id = await createNewsletter(writer, draft);
    await scheduleNewsletter(
      writer,
      id,
      { version: 1, isForWeb: false, at: new Date("2036-01-02T03:04:00Z") },
      {
        now: new Date("2036-01-01T00:00:00Z"),
      },
    );
    await unscheduleNewsletter(writer, id);
    const inputs = elements((await read(page(id, "/send"))).html, "input");
    const state = Object.fromEntries(inputs.map(({ id: name = "", ...input }) => [name, input]));
    expect(["checked" in (state["when-later"] ?? {}), "checked" in (state["web"] ?? {})]).toEqual([true, false]);
    expect(state["at"]?.["value"]).toBe("2036-01-02T12:04");
  });
});

describe("the web copy", () => {
  test("is checked like a text before it is sent, beside what is saved", async () => {
    const { id } = await sendTo(writer, 1);
    await db.update(newsletters).set({ state: "sent" }).where(eq(newsletters.id, id));
    expect((await read(page(id, "/web"))).text).toContain("直すところも、見てほしいところも、ありません");
    const corrected = {
      subject: "題",
      body: "はじめ\n\n[資料: no-such-guide]\n\n[x](ftp://example.jp/)",
      version: "1",
    };
    const saved = await press(page(id, "/web"), corrected);
    const { text, html } = await read(saved);
    for (const said of [
      "サイトの文章を訂正しました",
      "「no-such-guide」という資料は公開されていません",
      "3 行目",
      "5 行目",
    ])
      expect(text).toContain(said);
    expect(elements(html, "a").map(({ href }) => href)).toContain(`${page(id, "/web")}#body`);
  });

  test("is no longer said to wait once it is there: the page is loaded anew", async () => {
    const { id } = await sendTo(writer, 2);
    const state = async () => elements((await read(page(id))).html, "live-part").map((part) => part["data-state"]);
    expect(await state()).toEqual(["sending open 0 waits"]);
    await publishOnWeb(writer, id);
    expect(await state()).toEqual(["sending open 0 shown"]);
    await withdrawFromWeb(writer, id);
    expect(await state()).toEqual(["sending open 0 withdrawn"]);
  });
});

describe("the parts to put in", () => {
  test("are a form each, in which Enter finds this part's own button and no other", async () => {
    const { html } = await read(page(await createNewsletter(writer, draft), "/insert"));
    const forms = (html.match(/<form\b.*?<\/form>/gsu) ?? []).map((form) => [
      elements(form, "form")[0]?.["action"]?.split("/").at(-1),
      elements(form, "button").length,
      elements(form, "select", "input").filter(({ name }) => name === "line" || name === "version").length,
    ]);
    expect(forms).toEqual(["picture", "button", "guide", "divider"].map((block) => [block, 1, 2]));
  });

  test("come back with what was typed in their own form when something is missing", async () => {
    const id = await createNewsletter(writer, draft);
    const kept = await press(page(id, "/insert/button"), { version: "1", line: "0", words: "申し込む", link: "" });
    const { html } = await read(kept);
    expect(html).toMatch(/id="button-link-error"/u);
    expect(html).toMatch(/<input[^>]*id="button-words"[^>]*value="申し込む"/u);
    expect(await press(page(id, "/insert/nothing"), { version: "1", line: "0" })).not.toContain("done=");
  });
});

test("a new issue leads to the draft that was begun a moment ago, and a test mail names where it went", async () => {
  expect((await read(`${list}/new`)).text).not.toContain("さきほど書きはじめた下書き");
  const saved = await press(list, { subject: "戻ったときの題", body: "文", press: "preview" });
  const { text, html } = await read(`${list}/new`);
  expect(text).toContain("さきほど書きはじめた下書きがあります");
  expect(elements(html, "a").map(({ href }) => href)).toContain(saved.replace("/preview", ""));
  const tested = await read(`${saved}?done=tested`);
  expect(tested.text).toContain(`${writer.email} に試し送りをしました`);
});

test("every message of unknown fate is told apart by its reader's page, and the buttons for all stand above", async () => {
  const { id, rows } = await sendTo(writer, 3);
  for (const row of rows) await become(row, "uncertain", "sender died");
  const { html, text } = await read(page(id, "/uncertain"));
  const links = elements(html, "a").map(({ href }) => href ?? "");
  for (const { subscriberId } of rows) expect(links).toContain(`${list}/readers/${subscriberId}`);
  expect(html.indexOf("3 件すべて、このままにする")).toBeLessThan(html.indexOf("<table"));
  expect(text).toContain("迷ったときは「このままにする」");
});

test("readers who left before their turn are called so, and not cancelled", async () => {
  const { id, rows } = await sendTo(writer, 2);
  await become(rows[0], "cancelled");
  await become(rows[1], "cancelled", "issue cancelled");
  const { html } = await read(page(id));
  const counted = [...html.matchAll(/<tr>.*?<\/tr>/gsu)].map(([row]) =>
    row
      .replaceAll(/<[^>]*>/gu, " ")
      .trim()
      .split(/\s+/u),
  );
  expect(
    counted.filter(([label]) => label === "送る前にやめた方" || label === "取りやめ").map(([, count]) => count),
  ).toEqual(["1", "1"]);
});

test("one list of a reader is stopped only after a question", async () => {
  const { subscriberId } = await makeSubscriber("hanako@example.jp");
  const { html } = await read(`${list}/readers/${subscriberId}`);
  const fold =
    (html.match(/<details\b.*?<\/details>/gsu) ?? []).find((one) => one.includes(`/${subscriberId}/stop"`)) ?? "";
  expect(fold.replaceAll(/<[^>]*>/gu, "")).toContain("職員が元にもどすことはできません");
  expect(await db.$count(deliveries)).toBe(0);
});

describe("a refused form says at the field what is wrong, for those who hear it too", () => {
  const control = async (path: string, id: string) =>
    elements((await read(path)).html, "input").find((tag) => tag["id"] === id);

  test("a list that must stay public", async () => {
    const { html } = await read(`${list}/lists/news`);
    const shown = elements(html, "input").find(({ name }) => name === "shown")?.["value"] ?? "";
    expect(await press(`${list}/lists/news`, { name: "お知らせ", shown })).toBe(`${list}/lists/news`);
    expect(await control(`${list}/lists/news`, "is_public")).toMatchObject({
      "aria-describedby": "is_public-hint is_public-error",
      "aria-invalid": "true",
    });
  });

  test("a picture without its words, whose file has to be chosen again", async () => {
    const id = await createNewsletter(writer, draft);
    const file = new File(["x"], "x.png", { type: "image/png" });
    await postForm(page(id, "/insert/picture"), { version: "1", line: "0", alt: "", file }, { cookie });
    const chosen = await control(page(id, "/insert"), "picture-file");
    expect(chosen?.["aria-describedby"]).toBe("picture-file-hint picture-file-lost");
  });
});
