/**
 * npm test: every check in turn, the quick ones first. Stops at the first that fails.
 * npm test -- api/cases: only Vitest, only the tests of that folder or file of tests/; -t name: one test by its name.
 */

import { spawnSync } from "node:child_process";

const vitest = ["vitest", "run", "--config", "tests/vitest.config.ts"];
const checks: [name: string, command: string[]][] = [
  ["format", ["oxfmt", "--check", "."]],
  ["lint and folder rules", ["oxlint", "-c", "tests/oxlint.config.ts", "--type-aware"]],
  ["unused code", ["knip", "--no-progress"]],
  ["types", ["tsc", "--noEmit", "-p", "tests"]],
  ["types of pages", ["astro", "check", "--silent"]],
  ["tests", vitest],
];

/** Exit status; null when a signal ended it. */
const run = ([command = "", ...args]: string[]) =>
  spawnSync(command, args, {
    stdio: "inherit",
    env: { ...process.env, ASTRO_TELEMETRY_DISABLED: "1" },
    shell: process.platform === "win32",
  }).status;

/** Arguments of Vitest: paths are meant from tests/ on; from the first option on they are left as they are. */
function vitestArguments(given: string[]): string[] {
  const firstOption = given.findIndex((argument) => argument.startsWith("-"));
  const paths = firstOption < 0 ? given : given.slice(0, firstOption);
  const isComplete = (path: string) => /^(?:\.{0,2}\/|tests(?:\/|$))/u.test(path);
  return [...paths.map((path) => (isComplete(path) ? path : `tests/${path}`)), ...given.slice(paths.length)];
}

const given = process.argv.slice(2);
if (given.length > 0) process.exit(run([...vitest, ...vitestArguments(given)]) ?? 1);

for (const [name, command] of checks) {
  process.stdout.write(`\n${name} …\n`);
  const status = run(command);
  if (status === 0) continue;
  process.stderr.write(`\n${name}: failed\n`);
  process.exit(status ?? 1);
}
