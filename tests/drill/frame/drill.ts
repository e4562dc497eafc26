/** What a drill is: sizes it can be told, a short form for `npm test`, and an outcome in counts and losses. */

export type Sizes = Record<string, number>;

export interface Drill {
  /** One line for the list. */
  about: string;
  /** Sizes of the whole drill, in the order in which the command takes them. */
  sizes: Sizes;
  /** What the short form has instead: seconds, not minutes. */
  short: Sizes;
  /** Throws `Skipped` where this machine does not allow it. */
  run: (how: How) => Promise<Outcome>;
}

export interface How {
  /** The value of a size. */
  size: (name: string) => number;
  /** Time that the product would only wait through, for a lease or the next attempt, is moved forward in the database. */
  isShort: boolean;
  /** Tells the person at the terminal what happens now. */
  say: (sentence: string) => void;
}

export type Counts = Record<string, number | string>;

export interface Outcome {
  counts: Counts;
  /** What was lost, sent twice without a mark, or said unclearly; a sentence each. Nothing in it: the drill is passed. */
  losses: string[];
  /** The folder kept for a look, after losses. */
  kept?: string;
}

/** This machine does not allow the drill. The message says what is missing. */
export class Skipped extends Error {
  override name = "Skipped";
}

/** The sizes of the whole drill or of its short form, with what was given in their place. Throws on a name that it does not have. */
export function howTo(drill: Drill, given: Sizes, isShort: boolean, say: How["say"]): How {
  const sizes: Sizes = { ...drill.sizes, ...(isShort && drill.short), ...given };
  const size = (name: string) => {
    const value = sizes[name];
    if (value === undefined) throw new Error(`the drill has no size "${name}"`);
    return value;
  };
  return { size, isShort, say };
}
