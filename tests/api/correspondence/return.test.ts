/** The page for coming back: who gets in, what can be written, and what guessing brings. */

import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { close } from "#api/cases/close.ts";
import { addMessage, openCorrespondence } from "#api/correspondence/correspondence.ts";
import { replaceReceiptCode, sendReply } from "#api/correspondence/reply.ts";
import { addEntry } from "#api/entries/write-entry.ts";
import { receiptOf, receiptPath } from "#api/intake/receipts.ts";
import { eraseFamily } from "#api/privacy/erase.ts";
import { replyByDate } from "#db/calendar/calendar.ts";
import { formatDay } from "#db/calendar/days.ts";
import { db } from "#db/client.ts";
import { TooMany } from "#db/errors.ts";
import { closures } from "#db/schema/cases.ts";
import { deliveries } from "#db/schema/mail.ts";
import { gaps, unlabelled, words, withoutReadings } from "../../site/html.ts";
import { everything, type Fields, get, type Member, member, postForm, rowCounts, trailOf } from "../requests.ts";
import {
  come,
  codeOf,
  type Family,
  family,
  messagesIn,
  otherCode,
  passIn,
  passOf,
  path,
  stateOf,
  write,
} from "./families.ts";

const hour = 3_600_000;
const canary = "カナリヤが窓で鳴いています";

let coordinator: Member;
beforeAll(async () => {
  coordinator = await member("coordinator");
});

const answer = async ({ caseId }: Family, reply: string) => {
  const latest = (await messagesIn(caseId)).at(-1)?.id ?? "";
  return sendReply(coordinator, caseId, { reply, latest, take: true });
};

describe("number and code", () => {
  test("may hold what nobody sees, typed or pasted", async () => {
    const who = await family();
    const answers = [
      await come({ ...who, reference: who.reference.replace("-", "\u0000\u200b") }),
      await come({ ...who, code: `\ufeff${who.code}\u0000` }),
      await postForm(path, { reference: "\u0000", code: "\u0000" }),
      await get("/newsletter/a%00"),
      await postForm("/guides/a%00", { email: "hana@example.jp" }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 422, 404, 404]);
  });

  test("open what was written, in order, without a cookie or a secret in a URL", async () => {
    const who = await family({ reply_by: "email", email: "hana@example.jp" });
    await answer(who, "お返事です。");
    const opened = await come(who);
    expect(opened.status).toBe(200);
    expect(opened.headers.getSetCookie()).toEqual([]);
    expect(opened.headers.get("cache-control")).toBe("no-store");
    const html = await opened.text();
    expect(html.indexOf("最初の相談です。")).toBeGreaterThan(0);
    expect(html.indexOf("お返事です。")).toBeGreaterThan(html.indexOf("最初の相談です。"));
    expect(words(html)).toContain("相談の担当者（見本 coordinator）より");
    expect(html).not.toContain(who.code);
    expect([gaps(html), unlabelled(html)]).toEqual([[], []]);
    expect(html).not.toMatch(/(?:href|action)="[^"]*(?:pass|code)=/u);
    expect(html).toContain('content="noindex, nofollow"');
  });

  test("show addresses in our replies as links that end where they end; a family's own words stay words", async () => {
    const who = await family({ message: "https://example.jp/mine" });
    await answer(who, "詳しくはhttps://example.jp/aをご覧ください。");
    const html = await (await come(who)).text();
    const said = [...html.matchAll(/<p class="said"[^>]*>(.*?)<\/p>/gsu)].map(([, words]) => words);
    expect(said[0]).toBe("https://example.jp/mine");
    expect(said[1]).toMatch(
      /^詳しくは<a href="https:\/\/example\.jp\/a"[^>]*>https:\/\/example\.jp\/a<\/a>をご覧ください。$/u,
    );
  });

  test("may be typed as phones type", async () => {
    const { reference, code } = await family();
    const wide = (text: string) =>
      text.replace(/[!-~]/gu, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0));
    expect((await come({ reference: wide(reference.toLowerCase()), code: wide(code) })).status).toBe(200);
    expect((await come({ reference: reference.replace("-", ""), code: code.replaceAll("-", " ") })).status).toBe(200);
  });

  test("that do not fit are told the same, whichever was wrong; the number is kept, the code is not", async () => {
    const who = await family();
    const other = await family();
    const wrongCode = await come({ ...who, code: otherCode(who.code) });
    const wrongNumber = await come({ reference: "ZZZZ-ZZZZ", code: who.code });
    const foreign = await come({ reference: other.reference, code: who.code });
    const pages = await Promise.all(
      [wrongCode, wrongNumber, foreign].map(async (page) => {
        expect(page.status).toBe(422);
        return page.text();
      }),
    );
    const bare = (html: string) => html.replaceAll(/value="[^"]*"/gu, "");
    expect(new Set(pages.map(bare)).size).toBe(1);
    expect(pages[0]).toContain(`value="${who.reference}"`);
    expect(pages[0]).not.toContain(otherCode(who.code));
    expect(pages.join()).not.toContain(who.code);
  });

  test("odd or missing values are wrong, and break nothing", async () => {
    const odd: Fields[] = [{}, { reference: "a".repeat(5000), code: "\u0000" }, { code: ["a", "b"] }];
    for (const fields of odd) {
      expect((await postForm(path, fields)).status).toBe(422);
    }
  });

  test.each(["GET", "HEAD"])("%s asks for them, and changes nothing", async (method) => {
    const { reference, code } = await family();
    const before = await everything();
    for (const language of ["", "/easy", "/en"]) {
      const page = await get(`${language}${path}?reference=${reference}&code=${code}`, { method });
      expect(page.status).toBe(200);
      const html = await page.text();
      expect(html).not.toContain("最初の相談です。");
      expect([gaps(html), unlabelled(html)]).toEqual([[], []]);
      expect((await get(`${language}${path}/messages`, { method })).headers.get("location")).toBe(`${language}${path}`);
    }
    expect(await everything()).toBe(before);
  });

  test("speak three languages, wrong or right", async () => {
    const who = await family({ locale: "en" });
    const wrong = await postForm(`/en${path}`, { reference: who.reference, code: "x" });
    const html = await wrong.text();
    expect(html).toContain("The reference number or the receipt code is not right.");
    expect(html).toContain("There is a problem");
    const right = await (await postForm(`/en${path}`, { reference: who.reference, code: who.code })).text();
    expect(right).toContain('<html lang="en"');
    expect(right).toContain(`action="/en${path}/messages"`);
    const easy = await (await postForm(`/easy${path}`, { reference: "x", code: "x" })).text();
    expect(withoutReadings(easy)).toContain("番号かコードがちがいます。");
  });

  test("mark our replies as read, once, and leave a trace", async () => {
    const who = await family();
    await answer(who, "お返事です。");
    expect((await messagesIn(who.caseId))[0]?.readAt).toBeNull();
    await come(who);
    const [first] = await messagesIn(who.caseId);
    expect(first?.readAt).toBeInstanceOf(Date);
    await come(who);
    expect((await messagesIn(who.caseId))[0]?.readAt).toEqual(first?.readAt);
    expect((await trailOf(who.caseId)).map(({ action }) => action)).toEqual([
      "receive",
      "assign",
      "open_correspondence",
      "open_correspondence",
    ]);
  });
});

describe("guessing", () => {
  const now = new Date("2026-11-20T03:10:00Z");
  let networks = 0;
  const guess = (reference: string, code: string, network = `192.0.2.${++networks}`, at = now) =>
    openCorrespondence({ reference, code }, { network, now: at }).then(
      (opened) => (opened ? "opened" : "wrong"),
      (error: unknown) => {
        if (error instanceof TooMany) return `later ${error.retryAfter}`;
        throw error;
      },
    );
  const tally = (answers: string[]) =>
    Object.fromEntries(
      [...new Set(answers)].toSorted().map((kind) => [kind, answers.filter((a) => a === kind).length]),
    );

  const few = (count: number) => Array.from({ length: count }, () => `192.0.2.${++networks}`);

  test("strangers cannot keep a family out, however many they are and however often they guess", async () => {
    const { reference, code } = await family();
    const strangers = few(40);
    for (let round = 0; round < 3; round++)
      await Promise.all(strangers.map((network) => guess(reference, otherCode(code), network)));
    expect(await guess(reference, code)).toBe("opened");
    expect(await guess(reference.toLowerCase().replace("-", ""), code)).toBe("opened");
  });

  test("ten wrong codes later, whoever failed before waits an hour, and the right code with them", async () => {
    const { reference, code } = await family();
    const one = "192.0.2.200";
    expect(tally(await Promise.all(Array.from({ length: 15 }, () => guess(reference, otherCode(code), one))))).toEqual({
      wrong: 10,
      "later 3000": 5,
    });
    expect(await guess(reference, code, one)).toBe("later 3000");
    expect(await guess(reference, code, one, new Date(now.getTime() + hour))).toBe("opened");
  });

  test.each(["a number somebody has", "a number nobody has"])(
    "of %s, a network without failures has one look beyond the ten, also in parallel",
    async (which) => {
      const { reference } = which === "a number nobody has" ? { reference: "ZZZZ-2222" } : await family();
      for (const network of few(10)) expect(await guess(reference, "x", network)).toBe("wrong");
      const [late = ""] = few(1);
      const answers = await Promise.all(Array.from({ length: 10 }, () => guess(reference, "x", late)));
      expect(tally(answers)).toEqual({ wrong: 1, "later 3000": 9 });
    },
  );

  test("a neighbour's failures with another number cost a family nothing", async () => {
    const [hospital = ""] = few(1);
    const who = await family();
    const neighbour = await family();
    for (let i = 0; i < 5; i++) await guess(neighbour.reference, "x", hospital);
    for (const network of few(12)) await guess(who.reference, "x", network);
    expect(await guess(who.reference, who.code, hospital)).toBe("opened");
    expect(await guess(who.reference, who.code, hospital)).toBe("opened");
  });

  test("from one network thirty are looked at, whatever numbers they try, and no number pays for the rest", async () => {
    const { reference, code } = await family();
    const numbers = Array.from({ length: 40 }, (_, i) => `AAAA-${String(i).padStart(4, "2")}`);
    expect(tally(await Promise.all(numbers.map((number) => guess(number, "x", "198.51.100.1"))))).toEqual({
      wrong: 30,
      "later 3000": 10,
    });
    for (let i = 0; i < 12; i++) expect(await guess(reference, "x", "198.51.100.1")).toBe("later 3000");
    expect(await guess(reference, code)).toBe("opened");
  });

  test("whoever comes back often with the right code is never kept out", async () => {
    const { reference, code } = await family();
    for (let i = 0; i < 35; i++) expect(await guess(reference, code, "198.51.100.2")).toBe("opened");
  });

  test("too often is said with the phone, 429, when to come again, and without the number's existence", async () => {
    const who = await family();
    for (let i = 0; i < 10; i++) await come({ ...who, code: "x" }, "198.51.100.9");
    const limited = await come(who, "198.51.100.9");
    expect(limited.status).toBe(429);
    expect(Number(limited.headers.get("retry-after"))).toBeGreaterThan(0);
    const html = await limited.text();
    expect(html).toContain("086-000-0000");
    expect(html).toContain(`value="${who.reference}"`);
    expect(html).not.toContain(who.code);
  });
});

describe("writing on", () => {
  test("is kept sealed, promised a day, told to staff without words, and takes the work up again", async () => {
    const who = await family({ reply_by: "email", email: "hana@example.jp" });
    await answer(who, "お返事です。");
    expect(await stateOf(who.caseId)).toBe("waiting");
    const before = await rowCounts();
    const added = await write(await passOf(who), canary);
    expect(added.status).toBe(200);
    const html = await added.text();
    expect(html).toContain(canary);
    const day = replyByDate(new Date());
    expect(html).toContain(`受け取りました。${formatDay(day)}までにお返事します。`);
    expect(await stateOf(who.caseId)).toBe("open");
    const after = await rowCounts();
    const grown = (table: string) => (after[table] ?? 0) - (before[table] ?? 0);
    expect([grown("messages"), grown("deliveries")]).toEqual([1, 1]);
    const [kept] = (await messagesIn(who.caseId)).slice(-1);
    expect(kept).toMatchObject({ staffId: null, replyByDate: day });
    const [mail] = await db
      .select()
      .from(deliveries)
      .where(eq(deliveries.aboutMessageId, kept?.id ?? ""));
    expect(mail?.kind).toBe("staff_notice");
    const stored = await everything();
    for (const word of [canary, "カナリヤ"]) {
      expect(stored).not.toContain(word);
      expect(stored).not.toContain(Buffer.from(word).toString("hex"));
    }
  });

  test("pressed twice, or reloaded, is one message; other words under the same key are kept on the page", async () => {
    const who = await family();
    const pass = await passOf(who);
    const key = randomUUID();
    const [first, second] = await Promise.all([write(pass, canary, { key }), write(pass, canary, { key })]);
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(await messagesIn(who.caseId)).toHaveLength(1);
    const other = await write(pass, "書き直しました。", { key });
    expect(other.status).toBe(422);
    const html = await other.text();
    expect(html).toContain("さきほどの内容は、もう届いています。");
    expect(html).toContain("書き直しました。");
    const fresh = /name="key" value="([^"]+)"/u.exec(html)?.[1];
    expect(fresh).not.toBe(key);
    expect((await write(passIn(html), "書き直しました。", { key: fresh ?? "" })).status).toBe(200);
    expect(await messagesIn(who.caseId)).toHaveLength(2);
  });

  test("the same key of another family is its own", async () => {
    const key = randomUUID();
    for (const who of [await family(), await family()]) {
      expect((await write(await passOf(who), canary, { key })).status).toBe(200);
      expect(await messagesIn(who.caseId)).toHaveLength(1);
    }
  });

  test.each([
    ["", "書き足したいことを入力してください。"],
    ["　\n ", "書き足したいことを入力してください。"],
    ["あ".repeat(4001), "4000文字までで入力してください。"],
    ["x\u0007", "使えない文字"],
  ])("%j is asked for again on the page itself", async (message, sentence) => {
    const who = await family();
    const again = await write(await passOf(who), message);
    expect(again.status).toBe(422);
    const html = await again.text();
    expect(html).toContain(sentence);
    expect(html).toContain("最初の相談です。");
    expect(await messagesIn(who.caseId)).toEqual([]);
  });

  test("4000 characters with line breaks as browsers send them fit", async () => {
    expect((await write(await passOf(await family()), "𠮷\r\n".repeat(2000))).status).toBe(200);
  });

  test("reopens a case that had ended, in nobody's name", async () => {
    const who = await family();
    await close(coordinator, who.caseId, { reason: "settled", version: 1 });
    await write(await passOf(who), canary);
    expect(await stateOf(who.caseId)).toBe("open");
    const [closure] = await db.select().from(closures).where(eq(closures.caseId, who.caseId));
    expect(closure).toMatchObject({ reopenedAt: expect.any(Date), reopenedBy: null });
  });

  test("from one network too often is refused for a minute, with the text kept", async () => {
    const who = await family();
    const pass = await passOf(who);
    let last: Response | undefined;
    for (let i = 0; i < 200 && last?.status !== 429; i++) {
      last = await postForm(`${path}/messages`, { pass, message: `${canary}${i}` }, { from: "203.0.113.77" });
    }
    expect(last?.status).toBe(429);
    const html = (await last?.text()) ?? "";
    expect(html).toContain("086-000-0000");
    const typed = /<textarea[^>]*>([^<]*)/u.exec(html)?.[1] ?? "";
    expect(typed).toContain(canary);
    expect(html.split(typed)).toHaveLength(2);
  });
});

describe("a pass", () => {
  const signInPage = async (page: Response, typed: string) => {
    const html = await page.text();
    expect(page.status).toBe(422);
    expect(html).toContain('name="reference"');
    expect(html).toContain(typed);
    expect(html).not.toContain("最初の相談です。");
    return html;
  };

  test("that is over, altered or made for something else asks for number and code and keeps the text", async () => {
    const who = await family();
    const pass = await passOf(who);
    const receipt = receiptPath({ reference: who.reference, replyByDate: "2026-11-26", replyBy: "none", locale: "ja" });
    const altered = `${pass.slice(0, -4)}${pass.endsWith("AAAA") ? "BBBB" : "AAAA"}`;
    for (const wrong of [altered, receipt.split("/").at(-1) ?? "", "", "x".repeat(500)])
      await signInPage(await write(wrong, canary), canary);
    expect(await messagesIn(who.caseId)).toEqual([]);
    const arrival = { network: "192.0.2.1", now: new Date(Date.now() + 2 * hour) };
    expect(await addMessage({ pass, message: canary }, arrival)).toBeUndefined();
    expect(
      await addMessage({ pass, message: canary }, { ...arrival, now: new Date(Date.now() + 2 * hour - 60_000) }),
    ).toBeDefined();
  });

  test("over while writing: the text goes along with number and code, once, and nothing is lost", async () => {
    const who = await family();
    const key = randomUUID();
    await signInPage(await write("over", canary, { key }), canary);
    const wrong = await postForm(path, { reference: who.reference, code: "x", message: canary, key });
    await signInPage(wrong, canary);
    const fields = { reference: who.reference, code: who.code, message: canary, key };
    for (const _ of [1, 2]) {
      const sent = await postForm(path, fields);
      expect(sent.status).toBe(200);
      expect(await sent.text()).toContain("受け取りました。");
    }
    expect(await messagesIn(who.caseId)).toHaveLength(1);
  });

  test("writes to its own family alone", async () => {
    const [one, other] = [await family(), await family()];
    await write(await passOf(one), canary, { reference: other.reference });
    expect(await messagesIn(other.caseId)).toEqual([]);
  });

  test("and the code it came from die when staff make another code", async () => {
    const who = await family();
    const pass = await passOf(who);
    const fresh = await replaceReceiptCode(coordinator, who.caseId);
    await signInPage(await write(pass, canary), canary);
    expect((await come(who)).status).toBe(422);
    expect((await come({ ...who, code: fresh })).status).toBe(200);
    expect((await trailOf(who.caseId)).at(-2)).toEqual({
      action: "replace_receipt_code",
      staffId: coordinator.id,
      detail: {},
    });
  });

  test("of an erased family finds a kind sentence, and its code nothing", async () => {
    const who = await family();
    const pass = await passOf(who);
    await write(pass, canary);
    await eraseFamily(who.reference);
    const gone = await write(pass, "もう一度書きます。");
    expect(gone.status).toBe(410);
    const html = await gone.text();
    expect(html).toContain("この相談の記録は消されています");
    expect(html).not.toContain(canary);
    expect((await come(who)).status).toBe(422);
    expect(await messagesIn(who.caseId)).toHaveLength(1);
  });
});

test("a repeated request shows the first code, and the repeat's receipt opens the same page", async () => {
  const form = { message: "二度押しました。", reply_by: "none", consent: "true", key: randomUUID() };
  const links = [];
  for (const _ of [1, 2]) links.push((await postForm("/consultation", form)).headers.get("location") ?? "");
  expect(links[0]).toBe(links[1]);
  const { reference = "" } = receiptOf(links[0]?.split("/").at(-1) ?? "") ?? {};
  expect((await come({ reference, code: await codeOf(reference) })).status).toBe(200);
});

test("what was promised stands on the page until it is kept, here or by a call in which we spoke with the family", async () => {
  const promise = `${formatDay(replyByDate(new Date()))}までにお返事します。`;
  const isPromised = async (who: Family) => (await (await come(who)).text()).includes(promise);
  const asked = { reply_by: "email", email: "hana@example.jp" };
  const [answered, called] = [await family(asked), await family(asked)];
  expect([await isPromised(answered), await isPromised(called)]).toEqual([true, true]);
  await answer(answered, "お返事です。");
  const entry = { happened_at: new Date(), channel: "phone", from_party: "staff", what: "話した。" } as const;
  await addEntry(coordinator, called.caseId, { ...entry, to_party: "school", outcome: "spoke" });
  await addEntry(coordinator, called.caseId, { ...entry, to_party: "family", outcome: "no_answer" });
  expect([await isPromised(answered), await isPromised(called)]).toEqual([false, true]);
  await addEntry(coordinator, called.caseId, { ...entry, to_party: "family", outcome: "spoke" });
  expect(await isPromised(called)).toBe(false);
  await write(await passOf(answered), "もうひとつ聞きたいです。");
  expect(await isPromised(answered)).toBe(true);
});
