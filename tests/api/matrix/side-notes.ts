import type { NounAccess } from "../matrix.ts";
import { freshCase } from "./cases.ts";

export const access: NounAccess = {
  table: `
                                      manager     coordinator peer        fundraiser  analyst     nobody
    POST /staff/cases/:id/side-note   303/303/404 303/303/404 403/403/403 403/403/403 403/403/403 in/in/in
  `,
  fill: async (path, whose, people) => path.replace(":id", await freshCase(whose, people)),
  forms: { "POST /staff/cases/:id/side-note": () => ({ note: "父に連絡しない。", latest: "" }) },
};
