/** The content of our mails: a few blocks, rendered as text and as HTML, so that both parts say the same. */

import { html } from "hono/html";
import { settings } from "#db/settings/settings.ts";
import type { Locale } from "#db/terms/locale.ts";
import { wordsIn } from "#db/words/words.ts";
import { senderAddress } from "#emails/addresses.ts";
import { mailPage } from "#emails/frame/frame.ts";
import {
  buttonPart,
  factsPart,
  headingPart,
  linkPart,
  mainFactsPart,
  paragraphPart,
  rulePart,
  titlePart,
} from "#emails/frame/parts.ts";
import { textRule } from "#emails/markdown/text.ts";

/** A mail without its recipients. */
export interface MailContent {
  subject: string;
  text: string;
  html: string;
  headers: Record<string, string>;
  /** Where answers go; absent or empty: to the sender. */
  replyTo?: string | undefined;
}

/**
 * A paragraph; a title (the first words of a mail) or a heading; the one thing to do, as a button above its bare address;
 * a link with what stands before it; facts, `isMain` where the mail is about them; a rule.
 */
export type MailBlock =
  | string
  | { title: string }
  | { heading: string }
  | { button: string; link: string }
  | { lead?: string; label: string; link: string }
  | { facts: readonly (readonly [string, string])[]; isMain?: boolean }
  | { rule: true };

/** RFC 3834: keeps auto-responders from answering this mail. */
export const automaticHeaders = { "Auto-Submitted": "auto-generated" };

/** How to reach us, and the notice that the organisation is invented; the end of every mail to people outside but the newsletter. */
export function contactBlockIn(locale: Locale): MailBlock[] {
  const { mails } = wordsIn(locale);
  const { phone } = settings();
  return [
    { rule: true },
    {
      facts: [
        ...(phone === "" ? [] : [[mails.phone, phone] as const, [mails.hours, mails.hoursText] as const]),
        [mails.email, senderAddress().address],
      ],
    },
    ...(mails.invented === "" ? [] : [mails.invented]),
  ];
}

/** For mails that somebody else may have caused by typing this address into a form. */
export const notForYou = (): string => wordsIn("ja").mails.notForYou;

/** Renders a mail as text and as HTML. Blocks are plain text: the HTML escapes them. */
export async function mailContent(
  subject: string,
  blocks: MailBlock[],
  headers: Record<string, string> = {},
  locale: Locale = "ja",
): Promise<MailContent> {
  const { mails } = wordsIn(locale);
  const text = blocks.map((block) => textOf(block, mails.colon));
  return {
    subject,
    text: `${mails.from}\n\n${text.join("\n\n")}\n`,
    html: await mailPage(subject, String(await html`${blocks.map(partOf)}`), locale),
    headers,
  };
}

function partOf(block: MailBlock) {
  if (typeof block === "string") return paragraphPart(block);
  if ("title" in block) return titlePart(block.title);
  if ("heading" in block) return headingPart(block.heading);
  if ("button" in block) return buttonPart(block.button, block.link);
  if ("label" in block) return linkPart(block);
  if ("facts" in block) return block.isMain ? mainFactsPart(block.facts) : factsPart(block.facts);
  return rulePart();
}

/** Every address stands on a line of its own, so that mail programs make a link of it and of nothing else. */
function textOf(block: MailBlock, colon: string): string {
  if (typeof block === "string") return block;
  if ("title" in block) return block.title;
  if ("heading" in block) return `■ ${block.heading}`;
  if ("button" in block) return `${block.button}\n${block.link}`;
  if ("label" in block) return [block.lead, block.label, block.link].filter(Boolean).join("\n");
  if ("facts" in block) return block.facts.map(([name, value]) => `${name}${colon}${value}`).join("\n");
  return textRule;
}
