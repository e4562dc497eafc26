/**
 * The page that a sent form leads to: a refused form with all that was typed, answers to check, a correspondence that is
 * open. It has an address of its own, so that Back and reload show it again. What it shows lies sealed under the token in
 * that address, for less than an hour.
 */

import { and, eq, gt, sql } from "drizzle-orm";
import { clickTokenInUrl } from "#api/forms/request-origin.ts";
import { type AppContext, wantsJson } from "#api/http/context.ts";
import { requestNetwork } from "#api/http/network.ts";
import { databaseNow } from "#db/calendar/clock.ts";
import { db } from "#db/client.ts";
import { log, traceOf } from "#db/log.ts";
import { keptPages } from "#db/schema/kept-pages.ts";
import { blindIndex } from "#db/vault/blind-index.ts";
import { hashToken, newToken, sealUnder, unsealUnder } from "#db/vault/tokens.ts";
import { correspondenceGroup, formGroup } from "./group.ts";

export interface KeptPage {
  /** Path of the page that is rendered. */
  page: string;
  /** What it shows beside its own. */
  locals: Pick<App.Locals, "form" | "locale" | "isAdded">;
  status: number;
  /** Of an open correspondence: its reference, and its access pass, with which it is read anew each time. */
  correspondence?: { reference: string; pass: string } | undefined;
}

/** As it lies sealed: bound to the address below which it is shown. */
interface StoredPage extends KeptPage {
  at: string;
}

/** The way to a page that is kept, or that page as the answer itself, as to every program. */
export async function keepOrShow(c: AppContext, at: string, kept: KeptPage): Promise<Response> {
  const redirect = wantsJson(c) ? undefined : await redirectToKept(c, at, kept);
  return redirect ?? (await c.get("show")(kept.page, kept.locals, kept.status));
}

/** Minutes for which a page is kept; with the schedule of `deleteKeptPages` (delete.ts), it is gone within the hour. */
const keptForMinutes = 55;

/** Pages of one network at a time, and of all: beyond, a page is shown in the answer itself. */
const mostOfNetwork = 100;
const mostOfAll = 20_000;

/** Between the address of the form and the token. */
export const segment = "/kept/";

/**
 * Keeps the page, and answers with a redirect to it (303), below the address `at` of the form. Undefined, where the page is to be shown in the answer itself: the
 * database is away, or too many are kept.
 */
export async function redirectToKept(c: AppContext, at: string, kept: KeptPage): Promise<Response | undefined> {
  const [path = "", query = ""] = at.split("?");
  const token = newToken();
  const isKept = await store(token, { ...kept, at: path }, c).catch((error: unknown) => {
    log("page.not_kept", { requestId: c.get("requestId"), ...traceOf(error) });
    return false;
  });
  if (!isKept) return undefined;
  const parameters = new URLSearchParams(query);
  const click = clickTokenInUrl(c);
  if (click !== undefined) parameters.set("c", click);
  return c.redirect(`${path}${segment}${token}${parameters.size > 0 ? `?${parameters}` : ""}`, 303);
}

/** False when so many are kept that this one is not. */
async function store(token: string, kept: StoredPage, c: AppContext): Promise<boolean> {
  // Under a hash of its own: equal to that of no other table, and so gone with the row.
  const network = blindIndex("network", `kept\0${requestNetwork(c)}`);
  const rows = await db.execute(sql`
    insert into kept_pages (token_hash, body, network, form, correspondence, expires_at)
    select ${hashToken(token)}, ${sealUnder(token, JSON.stringify(kept), "kept_pages.body")}, ${network},
           ${formGroup(kept.locals.form?.values["key"])}, ${correspondenceGroup(kept.correspondence?.reference)},
           ${databaseNow} + make_interval(mins => ${keptForMinutes})
    where (select count(*) from kept_pages where network = ${network}) < ${mostOfNetwork}
      and (select count(*) from kept_pages) < ${mostOfAll}
    returning 1`);
  return rows.length > 0;
}

/** The page behind a token, kept below this address; undefined once it has expired or its form was sent. */
export async function keptPage(at: string, token: string): Promise<KeptPage | undefined> {
  const [row] = await db
    .select({ body: keptPages.body })
    .from(keptPages)
    .where(and(eq(keptPages.tokenHash, hashToken(token)), gt(keptPages.expiresAt, databaseNow)));
  if (row === undefined) return undefined;
  const kept = JSON.parse(unsealUnder(token, row.body, "kept_pages.body")) as StoredPage;
  return kept.at === at ? kept : undefined;
}

/** Deletes what was kept of a form that is sent now. What cannot be deleted at this moment expires by itself. */
export async function forgetKept(key: unknown): Promise<void> {
  const form = formGroup(key);
  if (form === null) return;
  await db
    .delete(keptPages)
    .where(eq(keptPages.form, form))
    .catch((error: unknown) => log("page.not_forgotten", traceOf(error)));
}
