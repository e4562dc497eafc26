import { spawn } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { runChild } from "../../../api/drawings/child.ts";

/** Keeps this process from reading any channel, as a long piece of work does. */
function keepBusy(ms: number): void {
  const until = Date.now() + ms;
  while (Date.now() < until);
}

test("an answer is not lost where this process was busy when the program sent it and ended", async () => {
  const program = join(tmpdir(), `answering-${process.pid}.mjs`);
  writeFileSync(
    program,
    'process.once("message", () => setTimeout(() => process.send("the files of a picture"), 500));',
  );
  const answer = runChild<string>(pathToFileURL(program), {});
  // The program is started in the next turn. Another child's end makes Node look which ones have ended: here, after
  // both have, and before the channel is read.
  await Promise.resolve();
  const other = spawn("sh", ["-c", "exit 0"], { stdio: ["ignore", "pipe", "ignore"] });
  other.stdout.on("end", () => keepBusy(1500)).resume();
  keepBusy(150);
  expect(await answer).toBe("the files of a picture");
  rmSync(program);
});
