/** A copy of a prepared letter is byte by byte the mail that nodemailer would have built. */

import fc from "fast-check";
import MailComposer from "nodemailer/lib/mail-composer";
import { expect, test } from "vitest";
import { newToken } from "#db/vault/tokens.ts";
import type { Copy } from "#emails/composers/composed.ts";
import type { OutgoingMail } from "#emails/smtp/mailer.ts";
import { wholeMail } from "#emails/smtp/mime.ts";
import { copyBytes } from "#emails/smtp/prepared.ts";
import type { MailContent } from "#emails/templates/mail-content.ts";

const placeholders = [newToken(), newToken()];
const [leave = "", choose = ""] = placeholders;

const fill = (text: string, values: ReadonlyMap<string, string>) =>
  [...values].reduce((filled, [placeholder, value]) => filled.replaceAll(placeholder, value), text);

function copyOf(content: MailContent, to: string) {
  const values = new Map(placeholders.map((placeholder) => [placeholder, newToken()]));
  const headers = Object.entries(content.headers).map(([name, value]) => [name, fill(value, values)]);
  const message: OutgoingMail = {
    ...content,
    ...{ text: fill(content.text, values), html: fill(content.html, values), headers: Object.fromEntries(headers) },
    deliveryId: "01900000-0000-7000-8000-000000000001",
    messageId: "<01900000-0000-7000-8000-000000000001@example.jp>",
    to: [{ name: "", address: to }],
  };
  const copy: Copy = { content, values };
  return { message, copy };
}

/** What nodemailer makes of the same message at the same second, with the same boundary. */
function built(message: OutgoingMail, like: string): Promise<Buffer> {
  const date = new Date(/^Date: (.*)\r$/mu.exec(like)?.[1] ?? "");
  const baseBoundary = /boundary="--_NmP-([\da-f]+)-Part_1"/u.exec(like)?.[1];
  return new MailComposer({ ...wholeMail(message), date, ...(baseBoundary !== undefined && { baseBoundary }) })
    .compile()
    .build();
}

/** A copy by both, one character a byte. */
async function twice(content: MailContent, to: string): Promise<[ours: string, theirs: string]> {
  const { message, copy } = copyOf(content, to);
  // The second copy, in the memory of the first, which must leave nothing behind.
  const first = copyOf(content, "a-much-longer-address-than-the-second@example.jp");
  (await copyBytes(first.message, first.copy)).release();
  const { bytes: ours } = await copyBytes(message, copy);
  const theirs = await built(message, ours.toString("latin1"));
  return [ours.toString("latin1"), theirs.toString("latin1")];
}

const contentWith = (text: string, html: string, over: Partial<MailContent> = {}): MailContent => ({
  subject: "秋のたより　第12号：講演会のお知らせと、病院での学習についてのアンケートのお願い",
  text: `${text}\n\nhttps://example.jp/newsletter/preferences/${choose}\nhttps://example.jp/u/${leave}\n`,
  html: `<p>${html}</p><a href="https://example.jp/u/${leave}">停止</a> <a href="https://example.jp/p?t=${choose}">x</a>`,
  headers: {
    "List-Id": "<news.example.jp>",
    "List-Unsubscribe": `<https://example.jp/u/${leave}>`,
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
  },
  ...over,
});

test.each([
  ["Japanese, in base64", contentWith("こんにちは。\n".repeat(40), "こんにちは。".repeat(200))],
  [
    "mostly Latin, in quoted-printable",
    contentWith("A long line without a break. ".repeat(30), "Hello café ".repeat(90)),
  ],
  ["plain ASCII", contentWith("short", "short", { subject: "News", text: `one\n.two\nhttps://x/${leave}\n` })],
  ["answers to somebody else", contentWith("はい。", "はい。", { replyTo: "kifu@example.jp" })],
])("%s", async (_name, content) => {
  const [ours, theirs] = await twice(content, "hanako@example.jp");
  expect(ours).toBe(theirs);
  expect(Math.max(...ours.split("\r\n").map((line) => line.length))).toBeLessThan(998);
});

test.each(["abc..def.@docomo.ne.jp", ".a@ezweb.ne.jp", `${"long.".repeat(12)}name@${"sub.".repeat(12)}example.jp`])(
  "to %s",
  async (address) => {
    const [ours, theirs] = await twice(contentWith("本文です。", "本文です。"), address);
    expect(ours).toBe(theirs);
  },
);

test("whatever stands around a token", async () => {
  const words = fc.string({
    unit: fc.constantFrom("あ", "病", "a", ".", "=", " ", "\n", "é", "😀", "<", "-"),
    maxLength: 200,
  });
  await fc.assert(
    fc.asyncProperty(words, words, words, async (before, between, after) => {
      const html = `<b>${before}${leave}${between}/${choose}${after}`;
      const [ours, theirs] = await twice(
        contentWith(`${before}${choose}${between}`, "", { html }),
        "hanako@example.jp",
      );
      expect(ours).toBe(theirs);
    }),
    { numRuns: 150 },
  );
});

test("a token of another length is refused: it would move what follows", async () => {
  const content = contentWith("本文です。", "本文です。");
  const { message } = copyOf(content, "hanako@example.jp");
  await expect(
    copyBytes(message, { content, values: new Map(placeholders.map((placeholder) => [placeholder, "short"])) }),
  ).rejects.toThrow("length");
});
