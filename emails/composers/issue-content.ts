/** What an issue of the newsletter says: rendered once for all readers, with placeholders where each one's own links stand. */

import { eq } from "drizzle-orm";
import { db } from "#db/client.ts";
import { lists, newsletters } from "#db/schema/mail.ts";
import { type Settings, settings } from "#db/settings/settings.ts";
import { newToken, tokenForId } from "#db/vault/tokens.ts";
import { readMaterial } from "#emails/markdown/material.ts";
import type { MailContent } from "#emails/templates/mail-content.ts";
import { newsletterMail } from "#emails/templates/newsletter.ts";

/** The tokens in the links of one copy. */
interface Tokens {
  unsubscribeToken: string;
  preferencesToken: string;
}

/** Each as long as a real token, and in no text by chance. */
const placeholders: Tokens = { unsubscribeToken: newToken(), preferencesToken: newToken() };

const tokensOf = ({ subscriberId, subscriptionId }: Subscription): Tokens => ({
  unsubscribeToken: tokenForId("leave_list", subscriptionId),
  preferencesToken: tokenForId("preferences", subscriberId),
});

interface Subscription {
  subscriberId: string;
  subscriptionId: string;
}

/** What stands in this reader's copy in place of each placeholder. */
export function valuesFor(subscription: Subscription): ReadonlyMap<string, string> {
  const tokens = tokensOf(subscription);
  return new Map([
    [placeholders.unsubscribeToken, tokens.unsubscribeToken],
    [placeholders.preferencesToken, tokens.preferencesToken],
  ]);
}

/** The content with these values in place of its placeholders; its two long parts are made when somebody asks for them. */
export function filledIn(content: MailContent, values: ReadonlyMap<string, string>): MailContent {
  const fill = (text: string) =>
    [...values].reduce((filled, [placeholder, value]) => filled.replaceAll(placeholder, value), text);
  const headers = Object.entries(content.headers).map(([name, value]) => [name, fill(value)]);
  return {
    ...content,
    headers: Object.fromEntries(headers),
    get text() {
      return fill(content.text);
    },
    get html() {
      return fill(content.html);
    },
  };
}

/** How many contents are kept: issues that are sent at the same time, not all that a process has ever sent. */
const mostKept = 4;

const kept = new Map<string, { under: Settings; content: Promise<MailContent | undefined> }>();

/** The content of an issue in this state (that of a `Reader`), under the settings in force; the same object each time. Undefined for an unknown issue. */
export function issueContentOf(newsletterId: string, state: string): Promise<MailContent | undefined> {
  const name = `${newsletterId} ${state}`;
  const known = kept.get(name);
  if (known?.under === settings()) return known.content;
  kept.delete(name);
  const content = render(newsletterId);
  kept.set(name, { under: settings(), content });
  content.catch(() => kept.delete(name));
  for (const oldest of kept.keys()) {
    if (kept.size <= mostKept) break;
    kept.delete(oldest);
  }
  return content;
}

async function render(newsletterId: string): Promise<MailContent | undefined> {
  const [row] = await db
    .select({ issue: newsletters, list: lists })
    .from(newsletters)
    .innerJoin(lists, eq(lists.id, newsletters.listId))
    .where(eq(newsletters.id, newsletterId));
  if (!row) return undefined;
  const material = await readMaterial(row.issue.body);
  return newsletterMail({ ...row.issue, material, list: row.list, ...placeholders });
}
