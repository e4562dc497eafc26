/** Families who use the return page (/consultation/return), for its tests. */

import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { codeToShow } from "#api/intake/receipt-codes.ts";
import { db } from "#db/client.ts";
import { cases } from "#db/schema/cases.ts";
import { messages } from "#db/schema/messages.ts";
import { type Fields, postForm, receive } from "../requests.ts";

export const path = "/consultation/return";

export interface Family {
  reference: string;
  caseId: string;
  code: string;
}

/** A family that wrote, with the code its receipt shows. */
export async function family(fields: Record<string, unknown> = {}): Promise<Family> {
  const received = await receive({ message: "最初の相談です。", ...fields });
  return { ...received, code: await codeOf(received.reference) };
}

export async function codeOf(reference: string): Promise<string> {
  const shown = await codeToShow(reference);
  if (shown.state !== "shown") throw new Error(`the code is ${shown.state}`);
  return shown.code;
}

/** A code of the right shape that is not this one. */
export const otherCode = (code: string) => (code.startsWith("2") ? "3" : "2") + code.slice(1);

export const come = ({ reference, code }: Pick<Family, "reference" | "code">, from?: string) =>
  postForm(path, { reference, code }, { ...(from !== undefined && { from }) });

/** The pass in an opened page, or "". */
export const passIn = (html: string) => /name="pass" value="([^"]+)"/u.exec(html)?.[1] ?? "";

export const passOf = async (who: Family) => passIn(await (await come(who)).text());

export const write = (pass: string, message: string, more: Fields = {}) =>
  postForm(`${path}/messages`, { pass, message, key: randomUUID(), ...more });

export const stateOf = async (caseId: string) =>
  (await db.select({ state: cases.state }).from(cases).where(eq(cases.id, caseId)))[0]?.state;

export const messagesIn = (caseId: string) =>
  db.select().from(messages).where(eq(messages.caseId, caseId)).orderBy(messages.id);
