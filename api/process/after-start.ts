/** What the start leaves behind: memory that only it used, and compiled code that the next start can use. */

import { flushCompileCache } from "node:module";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { log, traceOf } from "#db/log.ts";

/** Milliseconds after which the start's own work is over, such as compressing the pages. */
const settledMs = 10_000;

/**
 * Once, ten seconds from now: one full garbage collection that gives V8's free pages back to the system (it would keep
 * about 60 MB), and the compile cache written, so that a killed process leaves it too. It stops the process for
 * about a tenth of a second.
 */
export function tidyAfterStart(): void {
  setTimeout(() => {
    try {
      flushCompileCache();
      setFlagsFromString("--expose-gc");
      const collect = runInNewContext("gc") as NodeJS.GCFunction;
      collect({ type: "major", execution: "sync", flavor: "last-resort" });
    } catch (error) {
      log("start.untidied", traceOf(error));
    }
  }, settledMs).unref();
}
