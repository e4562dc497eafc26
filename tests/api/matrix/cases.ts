import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { db } from "#db/client.ts";
import { assignments, cases } from "#db/schema/cases.ts";
import type { NounAccess, Ownership, People } from "../matrix.ts";
import { receive } from "../requests.ts";

export const access: NounAccess = {
  table: `
                                         manager     coordinator peer        fundraiser  analyst     nobody
    GET /staff                           200         200         200         303         303         in
    GET /staff/cases                     200         200         303         403         403         in
    GET /staff/search                    200         200         200         403         403         in
    GET /staff/cases/:id/close           200/200/404 200/200/404 403/403/403 403/403/403 403/403/403 in/in/in
    GET /staff/cases/:id/state           200/200/404 200/200/404 403/403/403 403/403/403 403/403/403 in/in/in
    GET /staff/cases/:id                 200/200/404 200/200/404 200/404/404 403/403/403 403/403/403 in/in/in
    POST /staff/cases/:id/state          303/303/404 303/303/404 403/403/403 403/403/403 403/403/403 in/in/in
    POST /staff/cases/:id/claim          303/303/404 303/303/404 403/403/403 403/403/403 403/403/403 in/in/in
    POST /staff/cases/:id/assignments    303/303/404 303/303/404 403/403/403 403/403/403 403/403/403 in/in/in
    POST /staff/cases/:id/assignments/end 303/303/404 303/303/404 403/403/403 403/403/403 403/403/403 in/in/in
    POST /staff/cases/:id/promises/end   303/303/404 303/303/404 403/403/403 403/403/403 403/403/403 in/in/in
    POST /staff/cases/:id/closures       303/303/404 303/303/404 403/403/403 403/403/403 403/403/403 in/in/in
    POST /staff/cases/:id/reopen         303/303/404 303/303/404 403/403/403 403/403/403 403/403/403 in/in/in
  `,
  fill: async (path, whose, people) =>
    path.replace(
      ":id",
      await freshCase(whose, people, {
        isClosed: path.endsWith("/reopen"),
        isOwed: path.endsWith("/promises/end"),
        isHeld: !path.endsWith("/claim"),
      }),
    ),
  forms: {
    "POST /staff/cases/:id/state": () => ({ state: "waiting", version: "1" }),
    "POST /staff/cases/:id/assignments": ({ byRole }) => ({ staff_id: byRole.manager.id, role: "helper" }),
    "POST /staff/cases/:id/assignments/end": ({ colleague }) => ({ staff_id: colleague.id }),
    "POST /staff/cases/:id/promises/end": () => ({ reason: "not_needed", version: "1" }),
    "POST /staff/cases/:id/closures": () => ({ reason: "settled", version: "1" }),
  },
};

/** A case that the peer helps in ("own"), or that only somebody else works on; closed, with an answer owed, or nobody's. */
export async function freshCase(
  whose: Ownership,
  { byRole, colleague }: People,
  { isClosed = false, isOwed = false, isHeld = true } = {},
): Promise<string> {
  if (whose === "unknown") return randomUUID();
  const { caseId } = await receive(isOwed ? { reply_by: "phone", phone: "086-000-0000" } : {});
  const assignment = { caseId, assignedBy: colleague.id };
  const role = isHeld ? "responsible" : "helper";
  await db.insert(assignments).values({ ...assignment, staffId: colleague.id, role });
  if (whose === "own") await db.insert(assignments).values({ ...assignment, staffId: byRole.peer.id, role: "helper" });
  if (isClosed) await db.update(cases).set({ state: "closed" }).where(eq(cases.id, caseId));
  return caseId;
}
