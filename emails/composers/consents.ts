/** Mails to staff about consent to publication. They name no family and no text: only how many, and where to read it. */

import { and, eq, inArray, isNull } from "drizzle-orm";
import { db } from "#db/client.ts";
import { staff } from "#db/schema/staff.ts";
import { contentRoles } from "#db/terms/content.ts";
import { approvalAnswerMail, consentsEndingMail } from "#emails/templates/staff-notice.ts";
import { type Composer, required } from "./composed.ts";

/** The address of a member of staff who may still keep entries. */
async function keeperAddress(id: string): Promise<string | undefined> {
  const isKeeper = and(eq(staff.id, id), isNull(staff.disabledAt), inArray(staff.role, [...contentRoles]));
  const [row] = await db.select({ email: staff.email }).from(staff).where(isKeeper);
  return row?.email;
}

export const composeApprovalAnswer: Composer = async ({ staffId }) => {
  const to = await keeperAddress(required(staffId));
  return to === undefined ? "cancelled" : { to: [to], content: await approvalAnswerMail() };
};

export const composeConsentsEnding: Composer = async ({ staffId }) => {
  const to = await keeperAddress(required(staffId));
  return to === undefined ? "cancelled" : { to: [to], content: await consentsEndingMail() };
};
