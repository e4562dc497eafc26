/** What staff may send about themselves and each other. */

import { z } from "zod";
import { MailAddress, requiredText } from "#api/forms/fields.ts";
import { codes } from "#db/terms/codes.ts";
import { role } from "#db/terms/staff.ts";

/** Long enough to be a sentence, which is how staff are told to choose it. */
export const minPasswordLength = 15;

/** Counted in characters, where better-auth counts UTF-16 units. */
const Password = z
  .string({ error: "パスワードを入力してください。" })
  .refine(
    (value) => [...value].length >= minPasswordLength,
    `パスワードは ${minPasswordLength} 文字以上にしてください。短い文のようにすると覚えやすくなります。`,
  )
  .refine((value) => value.length <= 200, "パスワードが長すぎます。");

const Name = requiredText(100, "お名前が長すぎます。", "お名前を入力してください。").transform((value) =>
  value.replace(/\s+/gu, " ").trim(),
);

/** A place in the staff area to go on to; anything else is ignored. */
const Next = z
  .string()
  .optional()
  .transform((path) =>
    path !== undefined && /^\/staff(?:[/?][^\\\p{Cc}]*)?$/u.test(path) && !path.includes("//") ? path : "/staff",
  );

export const SignIn = z.strictObject({
  email: z.string({ error: "メールアドレスを入力してください。" }),
  password: z.string({ error: "パスワードを入力してください。" }),
  next: Next,
});

/** Six digits, however they were grouped or whichever width they were typed in. */
export const Code = z.strictObject({
  code: z
    .string({ error: "6 けたの数字を入力してください。" })
    .transform((value) => value.normalize("NFKC").trim().replace(/\s/gu, ""))
    .refine((value) => /^\d{6}$|^[\w]{5}-[\w]{5}$/u.test(value), "6 けたの数字を入力してください。"),
  next: Next,
});

export const Acceptance = z.strictObject({ name: Name, email: MailAddress.optional(), password: Password });

/** Someone an administrator adds by hand. */
export const NewStaff = z.strictObject({
  email: MailAddress,
  name: Name,
  role: z.enum(codes(role)),
  password: Password,
});

export type NewStaff = z.output<typeof NewStaff>;

export const Invite = z.strictObject({
  email: MailAddress,
  role: z.enum(codes(role), { error: "役割を選んでください。" }),
});

export const Dismissal = z.strictObject({ email: z.string({ error: "職員を選んでください。" }) });
