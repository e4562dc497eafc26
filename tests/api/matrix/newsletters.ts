import { randomUUID } from "node:crypto";
import { factsMark, getList } from "#emails/lists/change-list.ts";
import { createNewsletter } from "#emails/newsletters/write.ts";
import type { NounAccess } from "../matrix.ts";

export const access: NounAccess = {
  table: `
                                                    manager     coordinator peer        fundraiser  analyst     nobody
    GET /staff/newsletters                          200         403         403         200         403         in
    GET /staff/newsletters/new                      200         403         403         200         403         in
    GET /staff/newsletters/:id                      200/-/404   403/-/403   403/-/403   200/-/404   403/-/403   in/-/in
    GET /staff/newsletters/:id/send                 200/-/404   403/-/403   403/-/403   200/-/404   403/-/403   in/-/in
    POST /staff/newsletters                         303         403         403         303         403         in
    POST /staff/newsletters/:id                     303/-/404   403/-/403   403/-/403   303/-/404   403/-/403   in/-/in
    POST /staff/newsletters/:id/test                303/-/404   403/-/403   403/-/403   303/-/404   403/-/403   in/-/in
    GET /staff/newsletters/:id/uncertain            200/-/404   403/-/403   403/-/403   200/-/404   403/-/403   in/-/in
    GET /staff/newsletters/:id/web                  303/-/404   403/-/403   403/-/403   303/-/404   403/-/403   in/-/in
    POST /staff/newsletters/:id/send                409/-/404   403/-/403   403/-/403   409/-/404   403/-/403   in/-/in
    POST /staff/newsletters/:id/unschedule          409/-/404   403/-/403   403/-/403   409/-/404   403/-/403   in/-/in
    POST /staff/newsletters/:id/pause               409/-/404   403/-/403   403/-/403   409/-/404   403/-/403   in/-/in
    POST /staff/newsletters/:id/resume              409/-/404   403/-/403   403/-/403   409/-/404   403/-/403   in/-/in
    POST /staff/newsletters/:id/cancel              409/-/404   403/-/403   403/-/403   409/-/404   403/-/403   in/-/in
    POST /staff/newsletters/:id/uncertain/resend    409/-/404   403/-/403   403/-/403   409/-/404   403/-/403   in/-/in
    POST /staff/newsletters/:id/uncertain/leave     409/-/404   403/-/403   403/-/403   409/-/404   403/-/403   in/-/in
    POST /staff/newsletters/:id/refused/resend      409/-/404   403/-/403   403/-/403   409/-/404   403/-/403   in/-/in
    POST /staff/newsletters/:id/web                 409/-/404   403/-/403   403/-/403   409/-/404   403/-/403   in/-/in
    POST /staff/newsletters/:id/web/publish         409/-/404   403/-/403   403/-/403   409/-/404   403/-/403   in/-/in
    POST /staff/newsletters/:id/web/withdraw        409/-/404   403/-/403   403/-/403   409/-/404   403/-/403   in/-/in
    GET /staff/newsletters/lists                    200         403         403         200         403         in
    GET /staff/newsletters/lists/:list              200         403         403         200         403         in
    GET /staff/newsletters/:id/preview              200/-/404   403/-/403   403/-/403   200/-/404   403/-/403   in/-/in
    GET /staff/newsletters/:id/mail                 200/-/404   403/-/403   403/-/403   200/-/404   403/-/403   in/-/in
    GET /staff/newsletters/:id/insert               200/-/404   403/-/403   403/-/403   200/-/404   403/-/403   in/-/in
    GET /staff/newsletters/:id/delete               200/-/404   403/-/403   403/-/403   200/-/404   403/-/403   in/-/in
    POST /staff/newsletters/:id/insert/:block       303/-/404   403/-/403   403/-/403   303/-/404   403/-/403   in/-/in
    POST /staff/newsletters/:id/duplicate           303/-/404   403/-/403   403/-/403   303/-/404   403/-/403   in/-/in
    POST /staff/newsletters/:id/delete              303/-/404   403/-/403   403/-/403   303/-/404   403/-/403   in/-/in
    POST /staff/newsletters/lists/:list             303         403         403         303         403         in
  `,
  fill: async (path, whose, { byRole }) => {
    const draft = { subject: "号", body: "本文" };
    if (path.includes(":list")) return path.replace(":list", "news");
    const id = whose === "own" ? await createNewsletter(byRole.manager, draft) : randomUUID();
    return path.replace(":id", id).replace(":block", "divider");
  },
  forms: {
    "POST /staff/newsletters": () => ({ subject: "件名", body: "本文" }),
    "POST /staff/newsletters/:id": () => ({ subject: "件名", body: "本文", version: "1" }),
    "POST /staff/newsletters/:id/send": () => ({ version: "1", when: "now" }),
    "POST /staff/newsletters/:id/uncertain/resend": () => ({ count: "1" }),
    "POST /staff/newsletters/:id/uncertain/leave": () => ({ count: "1" }),
    "POST /staff/newsletters/:id/refused/resend": () => ({ count: "1" }),
    "POST /staff/newsletters/:id/web": () => ({ subject: "件名", body: "本文", version: "1" }),
    "POST /staff/newsletters/:id/test": () => ({ version: "1" }),
    "POST /staff/newsletters/:id/insert/:block": () => ({ version: "1", line: "0" }),
    "POST /staff/newsletters/:id/delete": () => ({ version: "1" }),
    "POST /staff/newsletters/lists/:list": async ({ byRole }) => ({
      ...{ name: "メールマガジン", is_public: "true" },
      shown: factsMark(await getList(byRole.manager, "news")),
    }),
  },
};
