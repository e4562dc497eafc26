/** The shape of the files in tests/api/matrix/: for one noun, its routes in the staff area and what each role is answered. */

import { codes } from "#db/terms/codes.ts";
import { type Role, role } from "#db/terms/staff.ts";
import type { Fields, Member } from "./requests.ts";

/** Who sends the requests, in the order of the table's columns. */
export const askers = [...codes(role), "nobody"] as const;
export type Asker = (typeof askers)[number];

/** Whether the thing in the path is one the asker works on, one that only others do, or none at all. */
export const ownership = ["own", "foreign", "unknown"] as const;
export type Ownership = (typeof ownership)[number];

export interface People {
  byRole: Record<Role, Member>;
  /** A coordinator who sends no request: what only others work on is theirs. */
  colleague: Member;
}

export interface NounAccess {
  /**
   * One line a route: method, path, and a status for each of `askers`; the first line names them. A slash parts the
   * statuses for something own / foreign / unknown, "-" is not tried, and "in" is the way to the sign-in (401 where
   * a text is handed back).
   */
  table: string;
  /** The path with the id of something fresh in place of its parameters. */
  fill?: (path: string, whose: Ownership, people: People) => Promise<string>;
  /** Route → a form that it accepts; a route that needs no fields is left out. */
  forms?: Record<string, (people: People) => Fields | Promise<Fields>>;
}

/** Each route of a table with, for each of `askers`, the statuses expected. */
export function routesIn({ table }: NounAccess): [route: string, expected: string[][]][] {
  const [heading = "", ...lines] = table.trim().split("\n");
  if (heading.trim().split(/\s+/u).join() !== askers.join()) throw new Error(`columns are not the roles: ${heading}`);
  return lines.map((line) => {
    const [method, path, ...cells] = line.trim().split(/\s+/u);
    return [`${method} ${path}`, cells.map((cell) => cell.split("/"))];
  });
}
