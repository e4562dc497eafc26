/** npm test: every check in turn, the quick ones first. Stops at the first that fails. */

import { spawnSync } from "node:child_process";

const checks: [name: string, command: string[]][] = [
  ["format", ["oxfmt", "--check", "."]],
  ["lint and folder rules", ["oxlint", "-c", "tests/oxlint.config.ts", "--type-aware"]],
  ["unused code", ["knip", "--no-progress"]],
  ["types", ["tsc", "--noEmit", "-p", "tests"]],
  ["types of pages", ["astro", "check", "--silent"]],
  ["tests", ["vitest", "run", "--config", "tests/vitest.config.ts"]],
];

for (const [name, [command = "", ...args]] of checks) {
  process.stdout.write(`\n${name} …\n`);
  const done = spawnSync(command, args, {
    stdio: "inherit",
    env: { ...process.env, ASTRO_TELEMETRY_DISABLED: "1" },
    shell: process.platform === "win32",
  });
  if (done.status !== 0) {
    process.stderr.write(`\n${name}: failed\n`);
    process.exit(done.status ?? 1);
  }
}
