/** Files that are replaced whole. */

import { randomUUID } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";

/** Ends the name of a file that is being written; what a killed process left of one is no file of ours. */
export const unfinished = ".new";

/**
 * Writes a file for this user alone (0600) in place of an earlier one: a reader sees the old or the new, also after a power
 * failure, and writers at the same time do not disturb each other. Throws the error of the disk, and leaves nothing then.
 */
export async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  const draft = `${path}.${randomUUID()}${unfinished}`;
  try {
    await writeFile(draft, content, { mode: 0o600, flush: true });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
