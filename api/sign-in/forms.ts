/** What is sent to sign in. */

import { z } from "zod";
import { readUnsaved } from "#api/drafts/unsent.ts";

/** Characters of a password at least: the page asks staff to choose a short sentence. */
export const minPasswordLength = 15;

/** A new password. The least length counts characters (code points); better-auth itself counts UTF-16 units. */
export const Password = z
  .string({ error: "パスワードを入力してください。" })
  .refine(
    (value) => [...value].length >= minPasswordLength,
    `パスワードは ${minPasswordLength} 文字以上にしてください。短い文のようにすると覚えやすくなります。`,
  )
  .refine((value) => value.length <= 200, "パスワードが長すぎます。");

/** A path in the staff area to open after sign-in. Anything else becomes /staff, so that no link leads to another site. */
const Next = z
  .string()
  .optional()
  .transform((path) =>
    path !== undefined && /^\/staff(?:[/?][^\\\p{Cc}]*)?$/u.test(path) && !path.includes("//") ? path : "/staff",
  );

/**
 * A form that was sent after its session had ended, as JSON: the pages of the sign-in carry it, since nobody is
 * known yet whose draft it could be.
 */
const Unsaved = z
  .string()
  .max(200_000)
  .optional()
  .catch(undefined)
  .transform((json) => (json === undefined ? undefined : readUnsaved(json)));

export const SignInForm = z.strictObject({
  email: z.string({ error: "メールアドレスを入力してください。" }),
  password: z.string({ error: "パスワードを入力してください。" }),
  next: Next,
  unsaved: Unsaved,
});

/** A TOTP code or a backup code. Spaces are dropped and full-width digits accepted. */
export const CodeForm = z.strictObject({
  code: z
    .string({ error: "6 けたの数字を入力してください。" })
    .transform((value) => value.normalize("NFKC").trim().replace(/\s/gu, ""))
    .refine((value) => /^\d{6}$|^[\w]{5}-[\w]{5}$/u.test(value), "6 けたの数字を入力してください。"),
  next: Next,
  unsaved: Unsaved,
});
