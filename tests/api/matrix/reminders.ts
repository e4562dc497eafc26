/** The journal, whose entries may carry a reminder, and reminders. */

import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { remind } from "#api/reminders/remind.ts";
import { dayOf } from "#db/calendar/days.ts";
import { db } from "#db/client.ts";
import { reminders } from "#db/schema/reminders.ts";
import type { NounAccess } from "../matrix.ts";
import { freshCase } from "./cases.ts";

const tomorrow = () => dayOf(new Date(Date.now() + 86_400_000));

export const access: NounAccess = {
  table: `
                                                   manager     coordinator peer        fundraiser  analyst     nobody
    POST /staff/cases/:id/entries                  303/303/404 303/303/404 303/404/404 403/403/403 403/403/403 in/in/in
    POST /staff/cases/:id/reminders                303/303/404 303/303/404 303/404/404 403/403/403 403/403/403 in/in/in
    POST /staff/cases/:id/reminders/:reminder/done 303/303/404 303/303/404 303/404/404 403/403/403 403/403/403 in/in/in
  `,
  fill: async (path, whose, people) => {
    const caseId = await freshCase(whose, people);
    const filled = path.replace(":id", caseId);
    if (!path.includes(":reminder")) return filled;
    if (whose === "unknown") return filled.replace(":reminder", randomUUID());
    const id = await remind(people.byRole.manager, caseId, { what: "電話する。", on: tomorrow() });
    // A peer finishes what is theirs to do; of a colleague's reminder they know nothing (tests/api/peers).
    const owner = whose === "own" ? people.byRole.peer : people.colleague;
    await db.update(reminders).set({ staffId: owner.id }).where(eq(reminders.id, id));
    return filled.replace(":reminder", id);
  },
  forms: {
    "POST /staff/cases/:id/entries": () => ({
      happened_at: "2026-11-20T14:30",
      channel: "phone",
      from_party: "staff",
      to_party: "family",
      what: "話した。",
      next_what: "また電話する。",
      next_on: tomorrow(),
    }),
    "POST /staff/cases/:id/reminders": () => ({ what: "電話する。", on: tomorrow() }),
  },
};
