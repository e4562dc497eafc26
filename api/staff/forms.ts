/** What staff send to add, invite and disable each other. */

import { z } from "zod";
import { MailAddress, requiredText } from "#api/forms/fields.ts";
import { Password } from "#api/sign-in/forms.ts";
import { normaliseAddress } from "#db/formats/mail-address.ts";
import { codes } from "#db/terms/codes.ts";
import { role } from "#db/terms/staff.ts";

/** As mail servers know it: signing in compares it letter by letter. */
const StaffAddress = MailAddress.transform(normaliseAddress);

const Name = requiredText(100, "お名前が長すぎます。", "お名前を入力してください。").transform((value) =>
  value.replace(/\s+/gu, " ").trim(),
);

/** Accepting an invitation; `email` is for the set-up link, which names no address. */
export const AcceptanceForm = z.strictObject({ name: Name, email: StaffAddress.optional(), password: Password });

/** A member of staff whom an administrator adds from a terminal. */
export const NewStaff = z.strictObject({
  email: StaffAddress,
  name: Name,
  role: z.enum(codes(role)),
  password: Password,
});

export type NewStaff = z.output<typeof NewStaff>;

export const InvitationForm = z.strictObject({
  email: StaffAddress,
  role: z.enum(codes(role), { error: "役割を選んでください。" }),
});

export const DisableForm = z.strictObject({ email: z.string({ error: "職員を選んでください。" }) });

const successorField = /^case-([\da-f-]{36})$/u;

/** The choice of a select that leaves a case to nobody: it then stands under 担当なし. */
export const nobody = "nobody";

/**
 * Who gets each case of somebody who leaves: a field `case-<id>` with the id of a member of staff, or `nobody`. Becomes a
 * map from case to person; a case without a choice is left out of it.
 */
export const SuccessorsForm = z.record(z.string(), z.unknown()).transform((fields, context) => {
  const to = new Map<string, string | null>();
  for (const [name, value] of Object.entries(fields)) {
    const caseId = successorField.exec(name)?.[1];
    if (caseId === undefined || (value !== nobody && !z.uuid().safeParse(value).success))
      context.addIssue({ code: "custom", path: [name], message: "引き継ぐ人を選び直してください。" });
    else to.set(caseId, value === nobody ? null : (value as string));
  }
  return to;
});
