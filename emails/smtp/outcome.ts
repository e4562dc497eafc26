/**
 * What became of one attempt. `unreachable`: there was no conversation with the mail server, or none
 * with the database, so the attempt does not count. `uncertain`: the connection was lost when the text
 * may already have been handed over.
 */
export interface Outcome {
  state: "accepted" | "retry" | "failed" | "unreachable" | "uncertain" | "suppressed" | "cancelled";
  /** Reply code and enhanced status, "250 2.0.0". */
  reply?: string | undefined;
}
