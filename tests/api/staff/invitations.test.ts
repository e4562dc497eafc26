/** One address, one open invitation: whatever ends it, its link opens nothing afterwards. */

import { desc, eq } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { enrolmentOf } from "#api/sign-in/credentials.ts";
import { acceptInvitation } from "#api/staff/accept-invitation.ts";
import { addStaff } from "#api/staff/add.ts";
import { disableStaff } from "#api/staff/disable.ts";
import { invite } from "#api/staff/invite.ts";
import { listStaff } from "#api/staff/staff.ts";
import { db } from "#db/client.ts";
import { deliveries } from "#db/schema/mail.ts";
import { invitations, staff } from "#db/schema/staff.ts";
import type { Role } from "#db/terms/staff.ts";
import { tokenForId } from "#db/vault/tokens.ts";
import { compose } from "#emails/outbox/compose.ts";
import { claimBatch } from "#emails/outbox/outbox.ts";
import { enqueueNow } from "../../emails/fixtures.ts";
import { words } from "../../site/html.ts";
import { totpCode } from "../../totp.ts";
import { asProgram, cookiesOf, get, type Member, member, password, postForm, signIn, trailOf } from "../requests.ts";

let manager: Member;
let cookie = "";
let made = 0;
let email = "";

beforeAll(async () => {
  manager = await member("manager");
  cookie = await signIn(manager);
});
beforeEach(() => {
  email = `invited-${++made}@example.jp`;
});

/** Invites by the page; returns the id of the invitation. */
async function invited(role: Role, typed = email): Promise<string> {
  const answer = await postForm("/staff/people", { email: typed, role }, { cookie });
  expect([answer.status, answer.headers.get("location")]).toEqual([303, "/staff/people?done=invited"]);
  const [row] = await db.select().from(invitations).orderBy(desc(invitations.id)).limit(1);
  return row?.id ?? "";
}

const linkOf = (id: string) => `/staff/invitations/${tokenForId("invitation", id)}`;
const accept = (id: string) => postForm(linkOf(id), { name: "見本 ひと", password });
const revoke = (id: string, as = cookie) =>
  postForm(`/staff/people/invitations/${id}/revocation`, {}, { cookie: as, headers: asProgram });
const roleOf = async (address: string) => {
  const [row] = await db.select().from(staff).where(eq(staff.email, address));
  return row && { role: row.role, isStopped: row.disabledAt !== null };
};
/** What a link says, to somebody who opens it and to somebody who sends its form. */
async function said(id: string): Promise<string> {
  const [shown, sent] = [await get(linkOf(id), { headers: { accept: "text/html" } }), await accept(id)];
  expect([shown.status, sent.status]).toEqual([410, 410]);
  const text = words(await shown.text());
  expect(words(await sent.text())).toBe(text);
  return text;
}
const openFor = async (address: string) =>
  (await listStaff(manager)).invitations.filter((open) => open.email === address).map(({ id, role }) => [id, role]);

describe("inviting again", () => {
  test("replaces: the earlier link says that a newer one was sent, the newer one works", async () => {
    const first = await invited("manager");
    const second = await invited("peer");
    expect(await openFor(email)).toEqual([[second, "peer"]]);
    expect(await said(first)).toContain("新しい招待");
    expect((await accept(second)).status).toBe(303);
    expect(await roleOf(email)).toEqual({ role: "peer", isStopped: false });
    expect(await trailOf(first)).toContainEqual({
      action: "end",
      staffId: manager.id,
      detail: { reason: "replaced" },
    });
  });

  test("replaces in whatever letter case it was typed", async () => {
    const first = await invited("manager", email.toUpperCase());
    const second = await invited("peer", email.replace("i", "I"));
    expect(await openFor(email)).toEqual([[second, "peer"]]);
    expect(await said(first)).toContain("新しい招待");
  });

  test("leaves the invitations of other addresses alone", async () => {
    const other = await invited("analyst", `other-${email}`);
    await invited("peer");
    await invited("peer");
    expect((await get(linkOf(other))).status).toBe(200);
  });

  test("at the same moment leaves one", async () => {
    await Promise.all(
      ["manager", "peer", "analyst", "peer"].map((role) => invite(manager, { email, role: role as Role })),
    );
    expect(await openFor(email)).toHaveLength(1);
  });
});

describe("an invitation older than a dismissal", () => {
  test("never revives: invited as manager by mistake, joined as peer, stopped", async () => {
    const mistake = await invited("manager", email.toUpperCase());
    const right = await invited("peer");
    expect((await accept(right)).status).toBe(303);
    const stopped = await postForm("/staff/people/disable", { email }, { cookie });
    expect(stopped.status).toBe(303);
    await said(mistake);
    expect(await roleOf(email)).toEqual({ role: "peer", isStopped: true });
  });

  test.each([
    ["stopped on the page", (address: string) => postForm("/staff/people/disable", { email: address }, { cookie })],
    ["stopped by the command", (address: string) => disableStaff(address.toUpperCase())],
  ])("ends when its person is %s", async (_, stop) => {
    const { id } = await addStaff({ email, name: "見本", role: "peer", password });
    await stop(email);
    const again = await invited("manager");
    // Stopped once more, by a manager who does not know of the invitation.
    await db.update(staff).set({ disabledAt: null }).where(eq(staff.id, id));
    await stop(email);
    expect(await said(again)).toContain("もう使えません");
    expect(await roleOf(email)).toEqual({ role: "peer", isStopped: true });
    expect(await trailOf(again)).toContainEqual(
      expect.objectContaining({ action: "end", detail: { reason: "stopped" } }),
    );
  });

  test("stays closed even where the row was forgotten", async () => {
    const left = await invited("manager");
    await addStaff({ email, name: "見本", role: "peer", password });
    await disableStaff(email);
    await db.update(invitations).set({ endedAt: null, endReason: null }).where(eq(invitations.id, left));
    await said(left);
    expect(await roleOf(email)).toEqual({ role: "peer", isStopped: true });
  });
});

describe("joining ends every other invitation of the address", () => {
  test("by the newer link, by an older one in other letters, or from the terminal", async () => {
    const left = await invited("manager");
    await db.update(invitations).set({ email: "SOMEBODY@example.jp" }).where(eq(invitations.id, left));
    const used = await invited("peer", "somebody@example.jp");
    await db.update(invitations).set({ endedAt: null, endReason: null }).where(eq(invitations.id, left));
    expect((await accept(used)).status).toBe(303);
    expect(await said(left)).toContain("ログイン");

    const open = await invited("manager");
    await addStaff({ email: email.toUpperCase(), name: "見本", role: "peer", password });
    await said(open);
  });
});

describe("revoking", () => {
  test("has a button of its own for each open invitation, without a script", async () => {
    const id = await invited("peer");
    const html = await (await get("/staff/people", { cookie })).text();
    expect(html).toContain(`action="/staff/people/invitations/${id}/revocation"`);
    const answer = await revoke(id);
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/staff/people?done=revoked"]);
    expect(await openFor(email)).toEqual([]);
    expect(await said(id)).toContain("取り消され");
    expect(await trailOf(id)).toContainEqual({ action: "end", staffId: manager.id, detail: { reason: "revoked" } });
    expect((await revoke(id)).status).toBe(409);
  });

  test("comes too late for an invitation that was accepted", async () => {
    const id = await invited("peer");
    expect((await accept(id)).status).toBe(303);
    expect((await revoke(id)).status).toBe(409);
    expect(await roleOf(email)).toEqual({ role: "peer", isStopped: false });
  });

  test("and accepting at once: one of them happens", async () => {
    for (let round = 0; round < 6; round++) {
      const address = `race-${made}-${round}@example.jp`;
      const id = await invited("peer", address);
      const person = { name: "見本", password };
      const [taken, ended] = await Promise.allSettled([
        acceptInvitation(tokenForId("invitation", id), person),
        revoke(id).then(({ status }) => status),
      ]);
      const isStaff = (await roleOf(address)) !== undefined;
      expect(isStaff).toBe(taken.status === "fulfilled");
      expect(ended).toEqual({ status: "fulfilled", value: isStaff ? 409 : 303 });
    }
  });
});

test.each(["replaced", "revoked", "stopped"] as const)(
  "the mail of an invitation that was %s is not sent",
  async (how) => {
    const id = await invited("peer");
    if (how === "replaced") await invited("analyst");
    if (how === "revoked") await revoke(id);
    if (how === "stopped") {
      await addStaff({ email, name: "見本", role: "peer", password });
      await disableStaff(email);
    }
    await db.delete(deliveries);
    await enqueueNow({ kind: "invitation", invitationId: id });
    const [claimed] = await claimBatch("transactional", 1);
    expect(claimed && (await compose(claimed))).toBe("cancelled");
  },
);

test("somebody who tried to sign in before they joined is not slowed on the way in", async () => {
  const id = await invited("peer");
  const from = "198.51.100.90";
  for (let i = 0; i < 6; i++) await postForm("/staff/sign-in", { email, password: "a guess of some kind" }, { from });
  const answer = await postForm(linkOf(id), { name: "見本", password }, { from });
  expect([answer.status, answer.headers.get("location")]).toEqual([303, "/staff/two-factor"]);
});

test("somebody stopped comes back by an invitation made afterwards", async () => {
  const { id } = await addStaff({ email, name: "見本", role: "manager", password });
  await disableStaff(email);
  const back = await invited("peer");
  const session = cookiesOf(await accept(back));
  const secret = (await enrolmentOf(id, email))?.secret ?? "";
  expect((await postForm("/staff/two-factor", { code: totpCode(secret) }, { cookie: session })).status).toBe(303);
  expect(await roleOf(email)).toEqual({ role: "peer", isStopped: false });
});
