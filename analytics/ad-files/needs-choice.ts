/** A refusal that somebody can mend by saying what the file does not. */

import { Refused } from "#db/errors.ts";

/** The account, the currency, the time zone or the period has to be said, or said otherwise. */
export class NeedsChoice extends Refused {}
