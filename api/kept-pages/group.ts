/** What kept pages have in common, so that they are deleted together; stored as a keyed hash alone. */

import { keyIndex } from "#api/forms/idempotency.ts";

/** Of all pages of one showing of a form: its key. Null for a form without one. */
export const groupOf = (group: unknown): Buffer | null =>
  keyIndex("kept", typeof group === "string" ? group : undefined);

/** Of all pages that show the correspondence of this reference. */
export const correspondenceGroup = (reference: string): string => `correspondence ${reference}`;
