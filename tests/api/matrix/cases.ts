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
    GET /staff/cases/:id                 200/200/404 200/200/404 200/404/404 403/403/403 403/403/403 in/in/in
    POST /staff/cases/:id/state          303/303/404 303/303/404 403/403/403 403/403/403 403/403/403 in/in/in
    POST /staff/cases/:id/assignments    303/303/404 303/303/404 403/403/403 403/403/403 403/403/403 in/in/in
    POST /staff/cases/:id/assignments/end 303/303/404 303/303/404 403/403/403 403/403/403 403/403/403 in/in/in
    POST /staff/cases/:id/entries        303/303/404 303/303/404 303/404/404 403/403/403 403/403/403 in/in/in
    POST /staff/cases/:id/promises/end   303/303/404 303/303/404 403/403/403 403/403/403 403/403/403 in/in/in
    POST /staff/cases/:id/closures       303/303/404 303/303/404 403/403/403 403/403/403 403/403/403 in/in/in
    POST /staff/cases/:id/reopen         303/303/404 303/303/404 403/403/403 403/403/403 403/403/403 in/in/in
  `,
  fill: async (path, whose, people) =>
    path.replace(":id", await freshCase(whose, people, path.endsWith("/reopen"), path.endsWith("/promises/end"))),
  forms: {
    "POST /staff/cases/:id/state": () => ({ state: "waiting", version: "1" }),
    "POST /staff/cases/:id/assignments": ({ byRole }) => ({ staff_id: byRole.manager.id }),
    "POST /staff/cases/:id/assignments/end": ({ colleague }) => ({ staff_id: colleague.id }),
    "POST /staff/cases/:id/entries": () => ({
      happened_at: "2026-11-20T14:30",
      channel: "phone",
      from_party: "staff",
      to_party: "family",
      what: "話した。",
    }),
    "POST /staff/cases/:id/promises/end": () => ({ reason: "not_needed", version: "1" }),
    "POST /staff/cases/:id/closures": () => ({ reason: "settled", version: "1" }),
  },
};

/** A case that the peer works on ("own"), or that only somebody else does; closed, or with an answer owed. */
export async function freshCase(
  whose: Ownership,
  { byRole, colleague }: People,
  isClosed = false,
  isOwed = false,
): Promise<string> {
  if (whose === "unknown") return randomUUID();
  const { caseId } = await receive(isOwed ? { reply_by: "phone", phone: "086-000-0000" } : {});
  for (const staffId of whose === "own" ? [colleague.id, byRole.peer.id] : [colleague.id])
    await db.insert(assignments).values({ caseId, staffId, assignedBy: colleague.id });
  if (isClosed) await db.update(cases).set({ state: "closed" }).where(eq(cases.id, caseId));
  return caseId;
}
