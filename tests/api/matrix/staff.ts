/** Accounts, invitations, sign-in; and the page that shows what went wrong in the staff area. */

import { randomUUID } from "node:crypto";
import { db } from "#db/client.ts";
import { newId } from "#db/random/ids.ts";
import { invitations } from "#db/schema/staff.ts";
import { hashToken, tokenForId } from "#db/vault/tokens.ts";
import type { NounAccess, Ownership } from "../matrix.ts";
import { member, password } from "../requests.ts";

export const access: NounAccess = {
  table: `
                                                  manager     coordinator peer        fundraiser  analyst     nobody
    GET /staff/people                             200         403         403         403         403         in
    POST /staff/people                            303         403         403         403         403         in
    POST /staff/people/disable                    303         403         403         403         403         in
    GET /staff/people/:id                         200/-/404   403/-/403   403/-/403   403/-/403   403/-/403   in/-/in
    POST /staff/people/:id/disable                303/-/404   403/-/403   403/-/403   403/-/403   403/-/403   in/-/in
    POST /staff/people/invitations/:id/revocation 303/-/404   403/-/403   403/-/403   403/-/403   403/-/403   in/-/in
    GET /staff/invitations/:token                 200/-/404   200/-/404   200/-/404   200/-/404   200/-/404   200/-/404
    POST /staff/invitations/:token                303/-/404   303/-/404   303/-/404   303/-/404   303/-/404   303/-/404
    GET /staff/sign-in                            200         200         200         200         200         200
    POST /staff/sign-in                           422         422         422         422         422         422
    GET /staff/sign-in/code                       200         200         200         200         200         200
    POST /staff/sign-in/code                      422         422         422         422         422         422
    GET /staff/two-factor                         303         303         303         303         303         in
    POST /staff/two-factor                        422         422         422         422         422         in
    POST /staff/sign-out                          303         303         303         303         303         in
    GET /staff/problem                            404         404         404         404         404         in
  `,
  fill: async (path, whose) => {
    if (path.startsWith("/staff/people/:id"))
      return path.replace(":id", whose === "own" ? (await member("analyst")).id : randomUUID());
    const { id, token } = await freshInvitation(whose);
    return path.replace(":id", id).replace(":token", token);
  },
  forms: {
    "POST /staff/people": () => ({ email: `${randomUUID()}@example.jp`, role: "analyst" }),
    "POST /staff/people/disable": async () => ({ email: (await member("analyst")).email }),
    "POST /staff/sign-in": () => ({ email: "nobody@example.jp", password: "not the password" }),
    "POST /staff/sign-in/code": () => ({ code: "000000" }),
    "POST /staff/two-factor": () => ({ code: "000000" }),
    "POST /staff/invitations/:token": () => ({ name: "見本", password }),
  },
};

/** An open invitation ("own"), or the id and token of one that was never made. */
async function freshInvitation(whose: Ownership): Promise<{ id: string; token: string }> {
  const id = newId();
  const token = tokenForId("invitation", id);
  const row = { id, email: `${id}@example.jp`, role: "analyst" as const, tokenHash: hashToken(token) };
  if (whose === "own") await db.insert(invitations).values({ ...row, expiresAt: new Date(Date.now() + 60_000) });
  return { id, token };
}
