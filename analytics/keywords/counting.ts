/** What the keyword report counts, for those who read it. */

import { allow, type Staff } from "#db/actor.ts";
import { countingWords } from "#db/words/staff/counting.ts";

/** The sentences of the page 「数え方」, by part. Throws Forbidden for other roles than managers and analysts. */
export function viewCounting(staff: Staff): typeof countingWords {
  allow(staff, "manager", "analyst");
  return countingWords;
}
