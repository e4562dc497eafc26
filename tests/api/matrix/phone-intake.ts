/** Calls that staff take in, and consent by word of mouth. */

import type { NounAccess } from "../matrix.ts";
import { freshCase } from "./cases.ts";

export const access: NounAccess = {
  table: `
                                  manager     coordinator peer        fundraiser  analyst     nobody
    GET /staff/cases/new          200         200         403         403         403         in
    POST /staff/cases/new         303         303         403         403         403         in
    POST /staff/cases/:id/consent 303/303/404 303/303/404 403/403/403 403/403/403 403/403/403 in/in/in
  `,
  fill: async (path, whose, people) => path.replace(":id", path.includes(":id") ? await freshCase(whose, people) : ""),
  forms: {
    "POST /staff/cases/new": () => ({ message: "話を聞いてほしい。", answer: "none", consent: "given" }),
  },
};
