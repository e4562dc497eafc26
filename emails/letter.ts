/** The one form of our mails: a few plain paragraphs, as text and as HTML from the same pieces. */
import { html, raw } from "hono/html";
import { organisation } from "#db/terms.ts";
import { mailDomain, ourAddress } from "./addresses.ts";

/** What a mail says, before it is addressed to anyone. */
export interface Letter {
  subject: string;
  text: string;
  html: string;
  headers: Record<string, string>;
}

/** A paragraph, a link on a line of its own, or a list of facts. */
export type Block = string | { link: string; label: string } | { facts: readonly (readonly [string, string])[] };

/** RFC 3834: no holiday reply should answer this mail. */
export const automatic = { "Auto-Submitted": "auto-generated" };

/** Who writes, and how to reach us by phone; ends every mail but the newsletter. */
export const signature: Block[] = [
  {
    facts: [
      ["電話", organisation.phone],
      ["受付時間", organisation.hours.label],
      ["メール", ourAddress.address],
    ],
  },
  organisation.invented,
];

/** For mails that a stranger may have caused by typing somebody else's address. */
export const notForYou = `このメールに心当たりがない場合は、どなたかがアドレスを打ち間違えたものと思われます。お手数ですが、このまま破棄してください。`;

/** Carriers drop mail from computers unless the domain is allowed. */
export const allowDomain = `このあとのメールが届かないときは、携帯電話の迷惑メール設定で「${mailDomain}」からの受信を許可してください。`;

/** Long links break anywhere, or a phone scrolls sideways to read the mail. */
const link = "color:#0055ad;overflow-wrap:anywhere;word-break:break-all";
const cell = "padding:4px 16px 4px 0;text-align:left;vertical-align:top";

/** Builds both forms of a mail. */
export async function letter(subject: string, blocks: Block[], headers: Record<string, string> = {}): Promise<Letter> {
  const body = blocks.map((block) => {
    if (typeof block === "string") return html`<p>${block}</p>`;
    if ("link" in block)
      return html`<p>${block.label}<br /><a style="${link}" href="${block.link}">${block.link}</a></p>`;
    const rows = block.facts.map(
      ([name, value]) =>
        html`<tr>
          <th style="${cell};font-weight:normal;color:#4d4d4d;white-space:nowrap">${name}</th>
          <td style="${cell}">${value}</td>
        </tr>`,
    );
    return html`<table style="border-collapse:collapse;margin:16px 0">
      ${rows}
    </table>`;
  });
  const text = blocks.map((block) => {
    if (typeof block === "string") return block;
    if ("link" in block) return `${block.label}\n${block.link}`;
    return block.facts.map(([name, value]) => `${name}：${value}`).join("\n");
  });
  return {
    subject,
    text: `${organisation.fullName}\n\n${text.join("\n\n")}\n`,
    html: await page(subject, (await Promise.all(body.map((part) => Promise.resolve(part)))).join("")),
    headers,
  };
}

/** The frame around a mail's own HTML, which must be safe already. */
export async function page(title: string, content: string): Promise<string> {
  const frame = html`<!doctype html>
    <html lang="ja">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title}</title>
      </head>
      <body
        style="margin:0;background:#f5f7fa;color:#1a1a1c;font-family:'Hiragino Sans','Yu Gothic UI',Meiryo,sans-serif;font-size:16px;line-height:1.8"
      >
        <div style="max-width:36rem;margin:0 auto;padding:24px 20px;background:#ffffff">
          <p style="font-weight:bold;color:#00316a">${organisation.fullName}</p>
          ${raw(content)}
        </div>
      </body>
    </html>`;
  return String(await frame);
}
