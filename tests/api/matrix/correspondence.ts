import type { NounAccess } from "../matrix.ts";
import { freshCase } from "./cases.ts";

export const access: NounAccess = {
  table: `
                                      manager     coordinator peer        fundraiser  analyst     nobody
    POST /staff/cases/:id/replies      303/303/404 303/303/404 403/403/403 403/403/403 403/403/403 in/in/in
    POST /staff/cases/:id/receipt-code 200/200/404 200/200/404 403/403/403 403/403/403 403/403/403 in/in/in
  `,
  fill: async (path, whose, people) => path.replace(":id", await freshCase(whose, people)),
  forms: {
    "POST /staff/cases/:id/replies": () => ({ reply: "お返事です。" }),
    "POST /staff/cases/:id/receipt-code": () => ({ checked: "true" }),
  },
};
