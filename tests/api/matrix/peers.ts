/** What peers are shown: the brief, and the entries that are chosen for them. */

import { randomUUID } from "node:crypto";
import { addEntry } from "#api/entries/write-entry.ts";
import type { NounAccess } from "../matrix.ts";
import { freshCase } from "./cases.ts";

const call = { channel: "phone", from_party: "staff", to_party: "family" } as const;

export const access: NounAccess = {
  table: `
                                               manager     coordinator peer        fundraiser  analyst     nobody
    GET /staff/cases/:id/brief                 200/200/404 200/200/404 403/403/403 403/403/403 403/403/403 in/in/in
    POST /staff/cases/:id/brief                303/303/404 303/303/404 403/403/403 403/403/403 403/403/403 in/in/in
    POST /staff/cases/:id/entries/:entry/peers 303/303/404 303/303/404 403/403/403 403/403/403 403/403/403 in/in/in
  `,
  fill: async (path, whose, people) => {
    const caseId = await freshCase(whose, people);
    const filled = path.replace(":id", caseId);
    if (!path.includes(":entry")) return filled;
    if (whose === "unknown") return filled.replace(":entry", randomUUID());
    const form = { ...call, happened_at: new Date(), what: "話した。" };
    return filled.replace(":entry", await addEntry(people.byRole.manager, caseId, form));
  },
  forms: {
    "POST /staff/cases/:id/brief": () => ({ brief: "申し送り", seen: "" }),
    "POST /staff/cases/:id/entries/:entry/peers": () => ({ shown: "true" }),
  },
};
