import { randomUUID } from "node:crypto";
import { publishText } from "#api/content/publish.ts";
import { saveEntry } from "#api/content/save.ts";
import { db } from "#db/client.ts";
import { approvals } from "#db/schema/approvals.ts";
import { added, type Fields, typed } from "../content/typed.ts";
import type { NounAccess, Ownership, People } from "../matrix.ts";

/** Coordinators keep stories, fundraisers news, managers both: "own" is a story, "foreign" a piece of news. */
const kinds = { own: "story", foreign: "news", unknown: "story" } as const;
const complete: Record<"story" | "news", Fields> = {
  story: { "ja.title": "題", "ja.who": "ご家族", "ja.asked": "相談", "ja.now": "いま" },
  news: { "facts.day": "2026-12-01", "ja.title": "題", "ja.text": "本文" },
};

/** The entry that was made for the request under way. */
let lastId = "";

/** An entry in the state that a route needs. */
async function entryFor(path: string, whose: Ownership, { byRole }: People): Promise<string> {
  const kind = kinds[whose === "foreign" ? "foreign" : "own"];
  const { manager } = byRole;
  await added(manager, kind, complete[kind]);
  const id = await added(manager, kind, complete[kind]);
  const at = { staff: manager, kind, id, locale: "ja" } as const;
  lastId = id;
  if (path.endsWith("/restore"))
    await saveEntry(manager, kind, id, await typed(manager, kind, id, { "ja.title": "二番め" }));
  if (path.endsWith("/cancel"))
    await publishText(at, { no: 1, version: 1, publishAt: new Date(Date.now() + 3_600_000) });
  if (path.endsWith("/withdraw")) {
    const consent = { reference: "1", givenOn: "2026-11-01", until: "2099-12-31", channels: ["site"] };
    await db
      .insert(approvals)
      .values({ contentId: id, locale: "ja", revisionNo: 1, ...consent, recordedAt: new Date() });
    await publishText(at, { no: 1, version: 1 });
  }
  return id;
}

export const access: NounAccess = {
  table: `
                                                       manager      coordinator  peer         fundraiser   analyst      nobody
    GET /staff/content                                 200          200          403          200          403          in
    GET /staff/content/:kind                           200/200/404  200/403/404  403/403/403  403/200/404  403/403/403  in/in/in
    GET /staff/content/:kind/new                       200/200/404  200/403/404  403/403/403  403/200/404  403/403/403  in/in/in
    GET /staff/content/:kind/:id                       200/200/404  200/403/404  403/403/403  403/200/403  403/403/403  in/in/in
    GET /staff/content/:kind/:id/preview/:locale       200/200/404  200/403/404  403/403/403  403/200/403  403/403/403  in/in/in
    GET /staff/content/:kind/:id/preview/:locale/frame 200/200/404  200/403/404  403/403/403  403/200/403  403/403/403  in/in/in
    POST /staff/content/:kind/new                      303/303/404  303/403/404  403/403/403  403/303/404  403/403/403  in/in/in
    POST /staff/content/:kind/order                    303/409/404  303/403/404  403/403/403  403/409/404  403/403/403  in/in/in
    POST /staff/content/:kind/:id                      303/303/404  303/403/404  403/403/403  403/303/403  403/403/403  in/in/in
    POST /staff/content/:kind/:id/archive              303/303/404  303/403/404  403/403/403  403/303/403  403/403/403  in/in/in
    POST /staff/content/:kind/:id/bring-back           303/303/404  303/403/404  403/403/403  403/303/403  403/403/403  in/in/in
    POST /staff/content/:kind/:id/delete               303/303/404  303/403/404  403/403/403  403/303/403  403/403/403  in/in/in
    POST /staff/content/:kind/:id/:locale/publish      303/303/404  303/403/404  403/403/403  403/303/403  403/403/403  in/in/in
    POST /staff/content/:kind/:id/:locale/schedule     303/303/404  303/403/404  403/403/403  403/303/403  403/403/403  in/in/in
    POST /staff/content/:kind/:id/:locale/cancel       303/303/404  303/403/404  403/403/403  403/303/403  403/403/403  in/in/in
    POST /staff/content/:kind/:id/:locale/withdraw     303/303/404  303/403/404  403/403/403  403/303/403  403/403/403  in/in/in
    POST /staff/content/:kind/:id/:locale/restore      303/303/404  303/403/404  403/403/403  403/303/403  403/403/403  in/in/in
    POST /staff/content/:kind/:id/:locale/keep         409/409/404  409/403/404  403/403/403  403/409/403  403/403/403  in/in/in
  `,
  fill: async (path, whose, people) => {
    const isOfList = !path.includes(":id");
    const id = whose === "unknown" ? randomUUID() : await entryFor(path, whose, people);
    return path
      .replace(":kind", isOfList && whose === "unknown" ? "nothing" : kinds[whose])
      .replace(":id", id)
      .replace(":locale", "ja");
  },
  forms: {
    "POST /staff/content/:kind/new": () => ({ shown: "{}", "base.ja": "0", "ja.title": "題" }),
    "POST /staff/content/:kind/order": () => ({ version: "0", move: `first.${lastId || randomUUID()}` }),
    "POST /staff/content/:kind/:id": () => ({ shown: "{}", "base.ja": "1", "version.ja": "1", "ja.title": "新しい題" }),
    "POST /staff/content/:kind/:id/:locale/publish": () => ({ no: "1", version: "1" }),
    "POST /staff/content/:kind/:id/:locale/schedule": () => ({ no: "1", version: "1", at: "2099-01-01T09:00" }),
    "POST /staff/content/:kind/:id/:locale/cancel": () => ({ version: "2" }),
    "POST /staff/content/:kind/:id/:locale/withdraw": () => ({ version: "2" }),
    "POST /staff/content/:kind/:id/:locale/restore": () => ({ no: "1", base: "2" }),
    "POST /staff/content/:kind/:id/:locale/keep": () => ({ no: "1", version: "1" }),
  },
};
