/** Tables whose rows stay behind when an installation moves, each with its reason. */

import type { CatalogTable } from "./catalog.ts";

const reasons: Record<string, string> = {
  processes: "tells which processes run on this database at this moment",
  staff_sessions: "a session is a way in, and an export is kept: everybody signs in again",
  staff_verifications: "sign-ins under way, which end within minutes",
  staff_rate_limits: "counters of the last minutes",
  sign_in_attempts: "counters of the last hour",
};

/** Why a table's rows are no part of an export; undefined when they are. */
export const reasonToLeaveOut = ({ name, isUnlogged }: Pick<CatalogTable, "name" | "isUnlogged">): string | undefined =>
  isUnlogged ? "unlogged: a crash may empty it at any time, and it holds nothing that has to last" : reasons[name];
