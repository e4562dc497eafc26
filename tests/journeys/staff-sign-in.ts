/** Signing in as staff, through the pages. */

import type { BrowserContext } from "playwright-core";
import { addStaff } from "#api/staff/add.ts";
import { env } from "#db/env.ts";
import type { Role } from "#db/terms/staff.ts";
import { totpCode } from "../totp.ts";

/** Adds somebody of this role and signs them in with password and code; the page is the one they land on. */
export async function signInAs(context: BrowserContext, role: Role) {
  const email = `${role}@example.jp`;
  const password = "long enough to be a sentence";
  const { totpSecret } = await addStaff({ email, name: `見本 ${role}`, role, password });
  const page = await context.newPage();
  await page.goto(`${env.PUBLIC_ORIGIN}/staff/sign-in`);
  await page.getByLabel("メールアドレス").fill(email);
  await page.getByLabel("パスワード").fill(password);
  await page.getByRole("button", { name: "次へ" }).click();
  await page.getByLabel(/6 けたの数字/u).fill(totpCode(totpSecret));
  await page.getByRole("button", { name: "ログイン" }).click();
  return page;
}
