/** A code signs in once, whichever way and however often at once it is sent. */

import { eq } from "drizzle-orm";
import * as OTPAuth from "otpauth";
import { beforeEach, describe, expect, test } from "vitest";
import { enrolmentOf } from "#api/sign-in/credentials.ts";
import { acceptCode, stepOf } from "#api/sign-in/totp-steps.ts";
import { acceptInvitation } from "#api/staff/accept-invitation.ts";
import { invite } from "#api/staff/invite.ts";
import { db } from "#db/client.ts";
import { env } from "#db/env.ts";
import { invitations, staffSessions, staffTwoFactors } from "#db/schema/staff.ts";
import { tokenForId } from "#db/vault/tokens.ts";
import { totpCode } from "../../totp.ts";
import { cookiesOf, get, type Member, member, password, postForm, postJson } from "../requests.ts";

const six = [1, 2, 3, 4, 5, 6];
let who: Member;
beforeEach(async () => {
  who = await member("coordinator");
});

/** Password only; the cookies of a sign-in that still wants a code. */
const halfway = async ({ email } = who) => cookiesOf(await postForm("/staff/sign-in", { email, password }));
const sendCode = async (code: string, cookie: string) =>
  (await postForm("/staff/sign-in/code", { code }, { cookie })).status;
const sendCodeAsProgram = async (code: string, cookie: string, path = "verify-totp") =>
  (await postJson(`/api/auth/two-factor/${path}`, { code }, { cookie, headers: { origin: env.PUBLIC_ORIGIN } })).status;
const sessions = (id = who.id) => db.$count(staffSessions, eq(staffSessions.userId, id));
const stepNow = () => Math.floor(Date.now() / 30_000);
const codeOfStep = (step: number) => totpCode(who.totpSecret, step * 30_000);
const accepted = (statuses: number[]) => statuses.filter((status) => status === 303 || status === 200).length;

describe("a code of the authenticator app", () => {
  test("does not open a second browser", async () => {
    const [mine, theirs] = [await halfway(), await halfway()];
    const code = totpCode(who.totpSecret);
    expect(await sendCode(code, mine)).toBe(303);
    expect(await sendCode(code, theirs)).toBe(422);
    expect(await sendCodeAsProgram(code, theirs)).toBe(401);
    expect(await sessions()).toBe(1);
  });

  test("opens one of six browsers at the same moment", async () => {
    const cookies: string[] = [];
    for (const _ of six) cookies.push(await halfway());
    const code = totpCode(who.totpSecret);
    const statuses = await Promise.all(
      cookies.map((cookie, i) => (i % 2 === 0 ? sendCode(code, cookie) : sendCodeAsProgram(code, cookie))),
    );
    expect(accepted(statuses)).toBe(1);
    expect(await sessions()).toBe(1);
  });

  test("sent six times by one browser signs it in", async () => {
    const cookie = await halfway();
    const code = totpCode(who.totpSecret);
    expect(accepted(await Promise.all(six.map(() => sendCode(code, cookie))))).toBe(1);
  });

  test("of an earlier step than the last accepted one is refused, of a later one not", async () => {
    const step = stepNow();
    expect(await sendCode(codeOfStep(step), await halfway())).toBe(303);
    expect(await sendCode(codeOfStep(step - 1), await halfway())).toBe(422);
    expect(await sendCode(codeOfStep(step + 1), await halfway())).toBe(303);
    expect(await sendCode(codeOfStep(step), await halfway())).toBe(422);
  });

  test("that is wrong leaves the right one good", async () => {
    const cookie = await halfway();
    const wrong = totpCode(who.totpSecret) === "000000" ? "000001" : "000000";
    expect(await sendCode(wrong, cookie)).toBe(422);
    expect(await sendCode(totpCode(who.totpSecret), cookie)).toBe(303);
  });

  test("that set the app up does not sign in as well", async () => {
    const manager = await member("manager");
    const email = `enrol-${manager.id}@example.jp`;
    await invite(manager, { email, role: "peer" });
    const [row] = await db.select().from(invitations).where(eq(invitations.email, email));
    await acceptInvitation(tokenForId("invitation", row?.id ?? ""), { name: "見本", password });
    const [session, other] = [await halfway({ ...who, email }), await halfway({ ...who, email })];
    const [account] = await db
      .select({ id: staffTwoFactors.userId })
      .from(staffTwoFactors)
      .where(eq(staffTwoFactors.verified, false));
    const code = totpCode((await enrolmentOf(account?.id ?? "", email))?.secret ?? "");
    const answer = await postForm("/staff/two-factor", { code }, { cookie: session });
    expect(answer.status).toBe(303);
    expect((await get("/staff", { cookie: cookiesOf(answer, session) })).status).toBe(200);
    expect((await postForm("/staff/two-factor", { code }, { cookie: other })).status).toBe(422);
    expect(await sendCode(code, await halfway({ ...who, email }))).toBe(422);
  });
});

describe("a backup code", () => {
  async function backupCode(): Promise<string> {
    await db.update(staffTwoFactors).set({ verified: false }).where(eq(staffTwoFactors.userId, who.id));
    const code = (await enrolmentOf(who.id, who.email))?.backupCodes[0] ?? "";
    await db.update(staffTwoFactors).set({ verified: true }).where(eq(staffTwoFactors.userId, who.id));
    return code;
  }

  test("opens one of six browsers at the same moment, and none afterwards", async () => {
    const code = await backupCode();
    const cookies: string[] = [];
    for (const _ of six) cookies.push(await halfway());
    const statuses = await Promise.all(
      cookies.map((cookie, i) =>
        i % 2 === 0 ? sendCode(code, cookie) : sendCodeAsProgram(code, cookie, "verify-backup-code"),
      ),
    );
    expect(accepted(statuses)).toBe(1);
    expect(await sessions()).toBe(1);
    expect(await sendCode(code, await halfway())).toBe(422);
  });
});

describe("which step a code belongs to", () => {
  const secret = "a secret of thirty-two characters";
  const now = new Date("2026-11-27T03:00:10Z");
  const step = Math.floor(now.getTime() / 30_000);
  const codeAt = (of: number) =>
    new OTPAuth.TOTP({ secret: OTPAuth.Secret.fromUTF8(secret) }).generate({ timestamp: of * 30_000 });

  test("one before, now, or one ahead; anything else to none", () => {
    expect([step - 1, step, step + 1].map((of) => stepOf(secret, codeAt(of), now))).toEqual([step - 1, step, step + 1]);
    expect([step - 2, step + 2].map((of) => stepOf(secret, codeAt(of), now))).toEqual([undefined, undefined]);
    for (const odd of ["", "12345", "1234567", "abcdef", "１２３４５６"])
      expect(stepOf(secret, odd, now)).toBeUndefined();
  });

  test("is remembered for the secret it belongs to, not for one that came meanwhile", async () => {
    const { userId, secret: stored } = await db
      .select()
      .from(staffTwoFactors)
      .where(eq(staffTwoFactors.userId, who.id))
      .then(([row]) => row ?? Promise.reject(new Error("no row")));
    expect(await acceptCode({ userId, secret: "another" }, step)).toBe(false);
    expect(await acceptCode({ userId, secret: stored }, step)).toBe(true);
    expect(await acceptCode({ userId, secret: stored }, step)).toBe(false);
    expect(await acceptCode({ userId, secret: stored }, step - 1)).toBe(false);
    expect(await acceptCode({ userId, secret: stored }, step + 1)).toBe(true);
  });
});
