import { Hono } from "hono";
import { EmptyForm } from "#api/forms/empty-form.ts";
import { redirectWithNotice } from "#api/forms/notices.ts";
import { readForm } from "#api/forms/read-form.ts";
import { type AppEnv, requireStaff } from "#api/http/context.ts";
import { clearAttempts } from "#api/sign-in/attempts.ts";
import { countedAddress, signIn } from "#api/sign-in/sign-in.ts";
import { Invalid } from "#db/errors.ts";
import { acceptInvitation } from "./accept-invitation.ts";
import { disableOther } from "./disable.ts";
import { revokeInvitation } from "./end-invitations.ts";
import { AcceptanceForm, DisableForm, InvitationForm, SuccessorsForm } from "./forms.ts";
import { invitationOf } from "./invitations.ts";
import { invite } from "./invite.ts";
import { personOf } from "./staff.ts";

/** Accepting an invitation, for whoever holds its link. */
export const invitationRoutes = new Hono<AppEnv>().post("/staff/invitations/:token", async (c) => {
  const token = c.req.param("token");
  const form = await readForm(c, AcceptanceForm, `/staff/invitations/${token}`);
  const { email } = await invitationOf(token);
  if (email === null && form.email === undefined) throw new Invalid({ email: "メールアドレスを入力してください。" });
  const joined = await acceptInvitation(token, form);
  // Attempts from before the registration must not delay this sign-in.
  await clearAttempts({ kind: "password", email: joined, network: countedAddress(c) });
  return signIn(c, joined, form.password, { next: "/staff" });
});

/** The list of staff and its buttons. */
export const staffRoutes = new Hono<AppEnv>()
  .post("/staff/people", async (c) => {
    await invite(requireStaff(c), await readForm(c, InvitationForm, "/staff/people"));
    return redirectWithNotice(c, "/staff/people", "invited");
  })
  .post("/staff/people/disable", async (c) => {
    const { email } = await readForm(c, DisableForm, "/staff/people");
    await disableOther(requireStaff(c), email);
    return redirectWithNotice(c, "/staff/people", "disabled");
  })
  .post("/staff/people/:id/disable", async (c) => {
    const by = requireStaff(c);
    const to = await readForm(c, SuccessorsForm, `/staff/people/${c.req.param("id")}`);
    const { email } = await personOf(by, c.req.param("id"));
    await disableOther(by, email, to);
    return redirectWithNotice(c, "/staff/people", "disabled");
  })
  .post("/staff/people/invitations/:id/revocation", async (c) => {
    await readForm(c, EmptyForm, "/staff/people");
    await revokeInvitation(requireStaff(c), c.req.param("id"));
    return redirectWithNotice(c, "/staff/people", "revoked");
  });
