/** The numbers of a quarter as they are published: small ones are not in them any more. */

import type { PublishedCount } from "./small-counts.ts";

export interface QuarterNumbers {
  /** The setting `publish_threshold` when they were published: smaller counts are not told. */
  threshold: number;
  /** The first day that is counted, where families could write only after the quarter had begun; else null. */
  since: string | null;
  consultations: PublishedCount;
  /** Links to guides, one for each request. */
  guides: PublishedCount;
  /** How many of the consultations did not pass the day by which an answer was promised. Withheld where the consultations are not told. */
  inTime: PublishedCount;
  /** Within so many business days half of those that were answered had their answer. Null: not told. */
  halfWithinDays: number | null;
}
