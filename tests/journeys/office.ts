/** A member of staff at a browser. */

import * as OTPAuth from "otpauth";
import type { BrowserContext } from "playwright-core";
import { addStaff } from "#api/staff/add.ts";
import { env } from "#db/env.ts";
import type { Role } from "#db/terms/staff.ts";

/** Adds someone of this role and signs them in through the pages, code and all. */
export async function signInAs(context: BrowserContext, role: Role) {
  const email = `${role}@example.jp`;
  const password = "long enough to be a sentence";
  const { totpSecret } = await addStaff({ email, name: `見本 ${role}`, role, password });
  const page = await context.newPage();
  await page.goto(`${env.PUBLIC_ORIGIN}/staff/sign-in`);
  await page.getByLabel("メールアドレス").fill(email);
  await page.getByLabel("パスワード").fill(password);
  await page.getByRole("button", { name: "次へ" }).click();
  await page.getByLabel(/6 けたの数字/u).fill(codeOf(totpSecret));
  await page.getByRole("button", { name: "ログイン" }).click();
  return page;
}

/** What the authenticator app shows now. */
export const codeOf = (secret: string) => new OTPAuth.TOTP({ secret: OTPAuth.Secret.fromBase32(secret) }).generate();
