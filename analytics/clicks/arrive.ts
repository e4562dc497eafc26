/** A page that a browser fetched ahead becomes a landing, once somebody brings its token back. */

import { eq } from "drizzle-orm";
import { db, prepareNamed } from "#db/client.ts";
import { env } from "#db/env.ts";
import { log, traceOf } from "#db/log.ts";
import { clicks } from "#db/schema/attribution.ts";
import { idFromToken } from "#db/vault/tokens.ts";
import { clickTokenFor } from "./token.ts";
import { keepVisit, visitKey } from "./visit.ts";

/**
 * Without a click id the page belongs to a visit of whoever brings it back (`key`), and is its landing unless the visit
 * has one: the same advertisement may have been opened in another tab. The copy then stays no landing.
 */
const arriveOnce = prepareNamed<{ id: string }>(`
with given as (select :id::uuid as id, :now::timestamptz as at, :key::bytea as key),
visit as (
  insert into visits (key, click_id, last_at) select key, id, at from given where key is not null
  ${keepVisit}
  returning click_id
), landing as (select coalesce((select click_id from visit), id) as id, at from given),
arrived as (
  update clicks set prefetched = false, landed_at = landing.at
  from landing, given where clicks.id = landing.id and clicks.id = given.id and prefetched
)
select id from landing`);

/**
 * Somebody came back with the token of a page that was fetched ahead: it is a landing from now on, once. Returns the
 * token for further links and forms, which is that of the visit's landing; the token as it came for any other, when
 * the database does not answer within `waitMs` milliseconds, and when it fails. Never throws. `network`: IPv4 address
 * or IPv6 /64 of the person, which may be another than the one that fetched the page.
 */
export async function arrive(
  token: string,
  network: string,
  now = new Date(),
  waitMs = env.CLICK_WAIT_MS,
): Promise<string> {
  const id = idFromToken("prefetch", token);
  if (id === undefined) return token;
  const arrived = becomeLanding(id, network, now).catch((error: unknown) => {
    log("click.failed", traceOf(error));
    return token;
  });
  const late = new Promise<string>((resolve) => setTimeout(resolve, waitMs, token).unref());
  return Promise.race([arrived, late]);
}

async function becomeLanding(id: string, network: string, now: Date): Promise<string> {
  const [copy] = await db.select().from(clicks).where(eq(clicks.id, id));
  if (!copy?.prefetched) return clickTokenFor(id);
  const [landing] = await arriveOnce({
    ...{ id, now: now.toISOString() },
    key: visitKey(copy, network, now) ?? null,
  });
  return clickTokenFor(landing?.id ?? id);
}
