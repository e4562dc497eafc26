/** Consent to publication: whoever keeps the kind, coordinators stories and fundraisers voices. */

import { randomUUID } from "node:crypto";
import { linksOf } from "#api/approvals/approvals.ts";
import { makeLink } from "#api/approvals/links.ts";
import { recordOnPaper } from "#api/approvals/record.ts";
import { archiveEntry } from "#api/content/archive.ts";
import { added, type Fields } from "../content/typed.ts";
import type { NounAccess, Ownership, People } from "../matrix.ts";

const kinds = { own: "story", foreign: "voice", unknown: "story" } as const;

async function entryFor(path: string, whose: Ownership, { byRole: { manager } }: People): Promise<string> {
  const kind = kinds[whose];
  const fields: Fields = kind === "story" ? { "ja.title": "題" } : { "ja.words": "声" };
  const contentId = await added(manager, kind, fields);
  const at = { kind, contentId, locale: "ja", revisionNo: 1 } as const;
  const given = {
    reference: "1",
    givenBy: "見本",
    givenOn: "2026-11-01",
    until: "2030-12-31",
    channels: ["site"] as const,
  };
  if (/translation|withdrawal/u.test(path)) await recordOnPaper(manager, at, given);
  if (path.includes("/:link/")) await makeLink(manager, at, "look");
  if (path.endsWith("/erasure")) await archiveEntry(manager, kind, contentId);
  return contentId;
}

let story = "";

export const access: NounAccess = {
  table: `
                                                                       manager      coordinator  peer         fundraiser   analyst      nobody
    GET /staff/consents                                                200          200          403          200          403          in
    POST /staff/consents/uses                                          303          303          403          403          403          in
    POST /staff/content/:kind/:id/erasure                              303/303/404  403/403/403  403/403/403  403/403/403  403/403/403  in/in/in
    POST /staff/content/:kind/:id/:locale/consents/paper               303/303/404  303/403/404  403/403/403  403/303/403  403/403/403  in/in/in
    POST /staff/content/:kind/:id/:locale/consents/translation         409/409/404  409/403/404  403/403/403  403/409/403  403/403/403  in/in/in
    POST /staff/content/:kind/:id/:locale/consents/links               303/303/404  303/403/404  403/403/403  403/303/403  403/403/403  in/in/in
    POST /staff/content/:kind/:id/consents/withdrawal                  303/303/404  303/403/404  403/403/403  403/303/403  403/403/403  in/in/in
    POST /staff/content/:kind/:id/consents/links/:link/revocation      303/303/404  303/403/404  403/403/403  403/303/403  403/403/403  in/in/in
  `,
  fill: async (path, whose, people) => {
    if (path.startsWith("/staff/consents")) {
      story = await entryFor(path, "own", people);
      return path;
    }
    const kind = kinds[whose];
    const id = whose === "unknown" ? randomUUID() : await entryFor(path, whose, people);
    const [link] = whose === "unknown" ? [] : await linksOf(people.byRole.manager, kind, id, "ja");
    return path
      .replace(":kind", kind)
      .replace(":id", id)
      .replace(":locale", "ja")
      .replace(":link", link?.id ?? randomUUID());
  },
  forms: {
    "POST /staff/consents/uses": () => ({ kind: "story", entry: story, place: "2027年3月号", used_on: "2026-11-01" }),
    "POST /staff/content/:kind/:id/:locale/consents/paper": () => ({
      ...{ no: "1", reference: "1", given_by: "見本", given_on: "2026-11-01", until: "2030-12-31", channels: "site" },
    }),
    "POST /staff/content/:kind/:id/:locale/consents/translation": () => ({
      no: "1",
      source_locale: "ja",
      source_no: "1",
    }),
    "POST /staff/content/:kind/:id/:locale/consents/links": () => ({ no: "1", purpose: "look" }),
  },
};
