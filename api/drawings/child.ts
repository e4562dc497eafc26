/**
 * Runs one of the programs that draw or decode pictures in a process of its own. A process, not a thread: which files sharp may open
 * (`sharp.block`) holds for a whole process, a picture made to take all memory ends the child alone, and the child
 * gets no environment: no key, no password of the database.
 */

import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The child that was queued last; the next one waits for it, so that only one picture takes memory at a time. */
let lastInQueue: Promise<unknown> = Promise.resolve();

/**
 * No fonts: an SVG that somebody uploads would be drawn with whatever this machine has, and look different on the next.
 * Our own pictures need none (outlines.ts). It takes a configuration that names none: without a file, fontconfig looks
 * where fonts usually lie.
 */
const environment = {
  FONTCONFIG_FILE: fileURLToPath(new URL("fonts/none.conf", import.meta.url)),
  MALLOC_ARENA_MAX: "2",
};

/**
 * Starts the program, sends it `input` and waits for its one message. Undefined when it ended without one or took
 * longer than `timeoutMs`; it is killed then.
 */
export function runChild<Output>(program: URL, input: object, timeoutMs = 30_000): Promise<Output | undefined> {
  const run = lastInQueue.then(() => answerOf<Output>(program, input, timeoutMs));
  lastInQueue = run.catch(() => undefined);
  return run;
}

async function answerOf<Output>(program: URL, input: object, timeoutMs: number): Promise<Output | undefined> {
  const child = fork(program, [], {
    env: environment,
    execArgv: ["--max-old-space-size=512"],
    serialization: "advanced",
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    timeout: timeoutMs,
    killSignal: "SIGKILL",
  });
  const { promise, resolve } = Promise.withResolvers<Output | undefined>();
  child.once("message", (output) => resolve(output as Output));
  child.once("error", () => resolve(undefined));
  // Not "exit", which can come before a message that was sent: "close" comes when the channel was read to its end, too.
  child.once("close", () => resolve(undefined));
  child.send(input, (error) => error && resolve(undefined));
  try {
    return await promise;
  } finally {
    child.kill("SIGKILL");
  }
}
