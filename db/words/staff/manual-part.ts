/** What a part of the manual is. */

import type { Role } from "#db/terms/staff.ts";

export interface ManualPart {
  title: string;
  /** Pages that it explains, as Astro's route patterns. A page that no part names is explained by the page above it. */
  pages: readonly string[];
  /** Whose screen it is; absent where nobody is signed in, or where it is everybody's. */
  roles?: readonly Role[];
  sentences: readonly string[];
}

/** Roles that answer families. */
export const steering: readonly Role[] = ["manager", "coordinator"];

/** Roles that work on cases. */
export const onCases: readonly Role[] = ["manager", "coordinator", "peer"];
