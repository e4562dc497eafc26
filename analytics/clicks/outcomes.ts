/** Counts what became of the landings in this process, for /metrics. */

const counts = { token: 0, prefetch: 0, late: 0, refused: 0, failed: 0, crawler: 0 };

export type LandingOutcome = keyof typeof counts;

/**
 * Counts one landing: "token" it got its token; "prefetch" the
 * browser fetched the page ahead, and its token is no landing yet; "late" the database did not answer within CLICK_WAIT_MS; "refused" by
 * back-pressure; "failed" its insert failed; "crawler" a crawler's, which gets no token.
 */
export function countLanding(outcome: LandingOutcome): void {
  counts[outcome]++;
}

/** The counts since the process started. */
export const landingOutcomes = (): Record<LandingOutcome, number> => ({ ...counts });
