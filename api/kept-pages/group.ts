/** What kept pages have in common, so that they are deleted together; stored as keyed hashes alone. */

import { keyIndex } from "#api/forms/idempotency.ts";

/** Of all pages of one showing of a form: its key. Null for a form without one. */
export const formGroup = (key: unknown): Buffer | null => keyIndex("kept", typeof key === "string" ? key : undefined);

/** Of all pages that show the correspondence of this reference; null without one. */
export const correspondenceGroup = (reference: string | undefined): Buffer | null =>
  keyIndex("kept", reference && `correspondence ${reference}`);
