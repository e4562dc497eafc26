/** Days of absence and the notices by mail: one's own, and for managers the absences of everybody. */

import { randomUUID } from "node:crypto";
import { enterAbsence } from "#api/absences/absences.ts";
import { dayAfter, dayOf } from "#db/calendar/days.ts";
import type { NounAccess, People } from "../matrix.ts";
import { member } from "../requests.ts";

let days = 0;
/** A day that no absence of these tests covers yet. */
const freshDay = () => dayAfter(dayOf(new Date()), ++days);
const form = ({ colleague }: People) => {
  const day = freshDay();
  return { from: day, until: day, stand_in: colleague.id };
};

export const access: NounAccess = {
  table: `
                                                            manager   coordinator peer    fundraiser analyst nobody
    GET /staff/me                                           200       200         200     403        200     in
    POST /staff/me/summary                                  303       403         403     403        303     in
    POST /staff/me/notices                                  303       303         303     403        403     in
    POST /staff/me/absences                                 303       303         303     403        403     in
    POST /staff/me/absences/:absence/cancellation           404       404         404     403        403     in
    POST /staff/people/:id/absences                         303/-/404 403/-/403   403/-/403 403/-/403 403/-/403 in/-/in
    POST /staff/people/:id/absences/:absence/cancellation   303/-/404 403/-/403   403/-/403 403/-/403 403/-/403 in/-/in
  `,
  fill: async (path, whose, people) => {
    if (path.startsWith("/staff/me")) return path.replace(":absence", randomUUID());
    if (whose === "unknown") return path.replace(":id", randomUUID()).replace(":absence", randomUUID());
    const person = await member("coordinator");
    const filled = path.replace(":id", person.id);
    if (!path.includes(":absence")) return filled;
    return filled.replace(":absence", await enterAbsence(people.byRole.manager, person.id, form(people)));
  },
  forms: {
    "POST /staff/me/notices": () => ({ kinds: ["given", "overdue"] }),
    "POST /staff/me/summary": () => ({ wanted: "yes" }),
    "POST /staff/me/absences": form,
    "POST /staff/people/:id/absences": form,
  },
};
