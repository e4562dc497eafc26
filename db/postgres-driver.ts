/**
 * postgres.js 3.4.9, patched while it is loaded. When a connection is lost during a transaction, the driver goes on to write
 * on it: its `rollback`, or whatever the transaction does next. Without a socket that ends the whole process (issues
 * 1154 and 1208 of porsager/postgres) or leaves a connection that never sends again, and so a place of the pool that is
 * gone for good; and where the connection was opened anew meanwhile, the rest of the transaction is committed statement by
 * statement. Here such statements are refused with CONNECTION_CLOSED, as those under way are.
 */

import { registerHooks } from "node:module";

/** What is replaced, by the end of the module's address. Each text stands in its file exactly once. */
const patches: Record<string, [from: string, to: string][]> = {
  "/postgres/src/connection.js": [
    [
      "    socket = null\n\n    if (initial)",
      "    socket = chunk = nextWriteTimer = null\n    connection.closings++\n\n    if (initial)",
    ],
    ["    count: 0,\n    id\n", "    count: 0,\n    closings: 0,\n    id\n"],
  ],
  "/postgres/src/index.js": [
    [
      "      let uncaughtError\n        , result\n",
      "      const closings = c.closings\n      let uncaughtError\n        , result\n",
    ],
    [
      "        q.catch(e => uncaughtError || (uncaughtError = e))\n",
      "        q.catch(e => uncaughtError || (uncaughtError = e))\n        if (c.closings !== closings)\n          return q.reject(Errors.connection('CONNECTION_CLOSED', options, options))\n",
    ],
  ],
};

/** The text with its replacements. Throws when one of them does not fit, as with another version of the driver. */
export function patched(text: string, replacements: [from: string, to: string][]): string {
  return replacements.reduce((result, [from, to]) => {
    if (result.split(from).length !== 2)
      throw new Error(
        "postgres.js is another version than db/postgres-driver.ts patches; see whether it still has to be",
      );
    return result.replace(from, () => to);
  }, text);
}

const left = new Set(Object.keys(patches));
const hooks = registerHooks({
  load: (url, context, nextLoad) => {
    const loaded = nextLoad(url, context);
    const name = Object.keys(patches).find((end) => url.endsWith(end));
    if (name === undefined) return loaded;
    left.delete(name);
    const text = typeof loaded.source === "string" ? loaded.source : new TextDecoder().decode(loaded.source);
    return { ...loaded, source: patched(text, patches[name] ?? []) };
  },
});
export const { default: openPostgres } = await import("postgres");
export const { drizzle } = await import("drizzle-orm/postgres-js");
hooks.deregister();
if (left.size > 0) throw new Error("postgres.js was loaded before it could be patched (db/postgres-driver.ts)");
