/**
 * The token that a visitor's links and forms carry: it names the landing. One for a page that was fetched ahead is
 * marked, and becomes a landing with the first request that brings it back: pages carry no script, so nothing else
 * can tell that somebody looks at them.
 */

import { and, eq, isNull } from "drizzle-orm";
import { db } from "#db/client.ts";
import { log, traceOf } from "#db/log.ts";
import { clicks } from "#db/schema/attribution.ts";
import { idFromToken, tokenForId } from "#db/vault/tokens.ts";
import { isVaultOpen } from "#db/vault/vault.ts";

/** Days for which a token leads a request for help back to its landing; afterwards it is an older click. */
export const tokenDays = 90;

/** The token for a stored click; all have one length. */
export const clickTokenFor = (id: string, isPrefetch = false): string =>
  tokenForId(isPrefetch ? "prefetch" : "click", id);

/**
 * The click id in a token; undefined when it is absent, forged, or was made for another purpose, and while the vault is
 * not open (a process that came before its database): the page is then served without the token.
 */
export const clickIdOf = (token: string | undefined): string | undefined =>
  isVaultOpen() ? (idFromToken("click", token) ?? idFromToken("prefetch", token)) : undefined;

/** Whether the token is that of a page that was fetched ahead. */
export const isPrefetchToken = (token: string): boolean =>
  isVaultOpen() && idFromToken("prefetch", token) !== undefined;

/** Back-pressure: while so many wait for the database, opened forms are not noted. */
const maxPending = 50;
let pending = 0;

/** Notes when the form for a consultation was first opened with a landing's token. Never throws. */
export async function noteFormOpened(token: string, now = new Date()): Promise<void> {
  const id = idFromToken("click", token);
  if (id === undefined || pending >= maxPending) return;
  pending++;
  try {
    await db
      .update(clicks)
      .set({ formOpenedAt: now })
      .where(and(eq(clicks.id, id), isNull(clicks.formOpenedAt)));
  } catch (error) {
    log("click.failed", traceOf(error));
  } finally {
    pending--;
  }
}
