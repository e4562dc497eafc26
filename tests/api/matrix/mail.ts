import { db } from "#db/client.ts";
import { newId } from "#db/random/ids.ts";
import { deliveries } from "#db/schema/mail.ts";
import { messageIdFor } from "#emails/outbox/outbox.ts";
import type { NounAccess, Ownership } from "../matrix.ts";

export const access: NounAccess = {
  table: `
                                manager     coordinator peer        fundraiser  analyst     nobody
    GET /staff/mail             200         200         403         200         403         in
    POST /staff/mail/:id/resend 303/303/404 403/303/404 403/403/403 303/404/404 403/403/403 in/in/in
  `,
  fill: async (path, whose) => path.replace(":id", await freshUncertain(whose)),
};

/** A message of which nobody knows whether it left: a reader's ("own"), about which coordinators decide nothing, or one of the casework, hidden from fundraisers. */
async function freshUncertain(whose: Ownership): Promise<string> {
  const id = newId();
  const kind = whose === "own" ? "confirmation" : "staff_notice";
  const row = { id, kind, lane: "transactional", state: "uncertain", messageId: messageIdFor(id) } as const;
  if (whose !== "unknown") await db.insert(deliveries).values(row);
  return id;
}
