/** The shape of a command of the administrator's terminal. A room's commands stand in its command.ts, by name. */

import type { ParseArgsConfig } from "node:util";

/** What a command answers. */
export interface CommandAnswer {
  /** With --json: printed as one JSON value. */
  value: unknown;
  /** Otherwise: printed line by line. */
  lines: string[];
  /** True when something of it was refused: exit 1. */
  failed?: boolean;
}

export interface Command {
  /** The command line, with what it takes. */
  usage: string;
  options?: ParseArgsConfig["options"];
  /** Fewest and most words after the command's name. */
  words: readonly [fewest: number, most: number];
  /** True for a command that makes no database where there is none yet: it fails then, or `withoutDatabase` answers. */
  makesNone?: true;
  /** False for a command that answers without opening the database. */
  needsDatabase?: false;
  /**
   * Does it. `options` holds those with a value; `flags` the names of those without one, "json" among them. Throws
   * WrongUsage for a line that cannot be understood, and otherwise as the room's functions do.
   */
  run: (
    words: string[],
    options: Record<string, string | undefined>,
    flags: ReadonlySet<string>,
  ) => Promise<CommandAnswer>;
  /** What it answers where the database cannot be opened, and why that is; absent: the command fails. */
  withoutDatabase?: (error: unknown) => Promise<CommandAnswer>;
}

/** Commands by name: one word, or two with a space. */
export type Commands = Record<string, Command>;

/** The command line cannot be understood: exit 2, and on stderr the usage of its command. The message says why. */
export class WrongUsage extends Error {
  override name = "WrongUsage";
}

/** An option with a value, as `parseArgs` of Node wants it. */
export const textOption = { type: "string" } as const;
