import type { NounAccess } from "../matrix.ts";
import { freshCase } from "./cases.ts";

export const access: NounAccess = {
  table: `
                                      manager     coordinator peer        fundraiser  analyst     nobody
    GET /staff/cases/:id/contact      200/200/404 200/200/404 403/403/403 403/403/403 403/403/403 in/in/in
    POST /staff/cases/:id/contact     303/303/404 303/303/404 403/403/403 403/403/403 403/403/403 in/in/in
  `,
  fill: async (path, whose, people) => path.replace(":id", await freshCase(whose, people)),
  forms: {
    "POST /staff/cases/:id/contact": () => ({ email: "right@example.jp", reply_by: "none", version: "1" }),
  },
};
