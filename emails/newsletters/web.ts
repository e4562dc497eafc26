/** The copy of an issue on the web, which is a decision of its own: published, withdrawn, corrected. What was mailed stays as it was mailed. */

import { eq } from "drizzle-orm";
import { allow, audit, type Staff } from "#db/actor.ts";
import { databaseNow } from "#db/calendar/clock.ts";
import { type Transaction, transaction } from "#db/client.ts";
import { Refused } from "#db/errors.ts";
import { newsletters } from "#db/schema/mail.ts";
import { staffNewsletterWords } from "#db/words/staff/newsletters.ts";
import type { List } from "#emails/lists/lists.ts";
import { webWordsOf } from "./archive.ts";
import { type AskPath, type Checked, checkIssue } from "./checks.ts";
import { findNewsletter, type Newsletter, writers } from "./newsletters.ts";

const { refused } = staffNewsletterWords;

/** Where the web copy of an issue stands. `waits`: it comes once the first mail is out. */
export type WebState = "none" | "waits" | "shown" | "withdrawn";

export function webStateOf(issue: Newsletter): WebState {
  if (issue.webPublishedAt !== null) return issue.webWithdrawnAt === null ? "shown" : "withdrawn";
  return issue.isForWeb && issue.finishedAt === null ? "waits" : "none";
}

/** What the checks before sending say of the words on the web: of these themselves, not of the mail and whoever sends it. */
export async function checkWebWords(issue: Newsletter, list: List, ask: AskPath): Promise<Checked> {
  const { findings, elsewhere } = await checkIssue({ ...issue, ...webWordsOf(issue) }, list, ask);
  return { elsewhere, findings: findings.filter(({ place }) => place === "subject" || place === "body") };
}

/** Publishes an issue that was sent without, or withdrawn. Throws Refused for one that is on the web, or was not sent. */
export async function publishOnWeb(staff: Staff, id: string): Promise<void> {
  await change(staff, id, async (tx, issue) => {
    if (webStateOf(issue) === "shown") throw new Refused(refused.onWeb);
    const now = { isForWeb: true, webPublishedAt: databaseNow, webWithdrawnAt: null };
    await tx.update(newsletters).set(now).where(eq(newsletters.id, id));
    await audit(tx, staff, "publish", "newsletter", id);
  });
}

/** Takes an issue off the web, or lets it not appear there; its address says kindly that it is gone. Throws Refused where nothing is to be taken off. */
export async function withdrawFromWeb(staff: Staff, id: string): Promise<void> {
  await change(staff, id, async (tx, issue) => {
    const state = webStateOf(issue);
    if (state === "none" || state === "withdrawn") throw new Refused(refused.notOnWeb);
    const gone = { isForWeb: false, ...(state === "shown" && { webWithdrawnAt: databaseNow }) };
    await tx.update(newsletters).set(gone).where(eq(newsletters.id, id));
    await audit(tx, staff, "withdraw", "newsletter", id);
  });
}

export interface Correction {
  subject: string;
  /** Markdown. */
  body: string;
  version: number;
}

/**
 * Puts other words on the web than were mailed, with the day of the correction; the words that were mailed take a correction back.
 * Throws Refused when the issue was not sent, or somebody else corrected it since `version`.
 */
export async function correctWeb(staff: Staff, id: string, { subject, body, version }: Correction): Promise<void> {
  await change(staff, id, async (tx, issue) => {
    if (issue.version !== version) throw new Refused(refused.correctedMeanwhile);
    const isAsMailed = subject === issue.subject && body === issue.body;
    const words = isAsMailed
      ? { webSubject: null, webBody: null, webCorrectedAt: null }
      : { webSubject: subject, webBody: body, webCorrectedAt: databaseNow };
    await tx
      .update(newsletters)
      .set({ ...words, version: version + 1 })
      .where(eq(newsletters.id, id));
    await audit(tx, staff, "correct", "newsletter", id, { version: version + 1, as_mailed: isAsMailed });
  });
}

async function change(staff: Staff, id: string, act: (tx: Transaction, issue: Newsletter) => Promise<void>) {
  allow(staff, ...writers);
  await transaction(async (tx) => {
    const issue = await findNewsletter(tx, id, true);
    if (issue.sentAt === null) throw new Refused(refused.notSent);
    await act(tx, issue);
  });
}
