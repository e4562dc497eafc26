/**
 * npm run drill: hurts the running product in one way, and counts. What was answered with 201 must be stored once and mailed.
 *
 * Usage: npm run drill                        lists the drills, and runs the short form of each
 *        npm run drill -- NAME [SIZE …]       one drill whole, with its sizes in the order of the list (or --size N)
 *        … --short                            its short form, as in npm test
 *        … --json                             the counts as one JSON value on stdout
 *
 * Exit status: 0 nothing lost, or not possible on this machine; 1 losses; 2 wrong usage.
 */

import { parseArgs } from "node:util";
import { adminMessage } from "#db/errors.ts";
import { drills } from "./drills.ts";
import { type Counts, type Drill, howTo, type Sizes, Skipped } from "./frame/drill.ts";

interface Result {
  drill: string;
  result: "nothing lost" | "FAILED" | "skipped";
  seconds: number;
  counts: Counts;
  losses: string[];
  kept?: string;
  /** Why it cannot be done on this machine. */
  reason?: string;
}

const print = (line: string) => process.stdout.write(`${line}\n`);
/** What goes on while a drill runs is no part of its answer. */
const say = (line: string) => process.stderr.write(`${line}\n`);

const list = () =>
  Object.entries(drills).map(([name, { about, sizes }]) => {
    const defaults = Object.entries(sizes).map(([size, value]) => `${size} ${value}`);
    return `${name.padEnd(11)} ${about}\n${" ".repeat(12)}${defaults.join(", ")}`;
  });

function usage(problem: string): never {
  say(`${problem}\n\nUsage: npm run drill [-- NAME [SIZE …] [--short] [--json]]\n\n${list().join("\n")}`);
  process.exit(2);
}

/** The sizes that were given: by place, or by name. */
function sizesFrom(drill: Drill, placed: string[], named: Record<string, string | boolean | undefined>): Sizes {
  const names = Object.keys(drill.sizes);
  if (placed.length > names.length) usage(`This drill has ${names.length} sizes: ${names.join(", ")}.`);
  const given = Object.fromEntries(placed.map((value, n) => [names[n] ?? "", value]));
  for (const name of names) if (named[name] !== undefined) given[name] = String(named[name]);
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      if (!/^\d+$/u.test(value)) usage(`${name} is a whole number, and not "${value}".`);
      return [name, Number(value)];
    }),
  );
}

async function perform(name: string, drill: Drill, given: Sizes, isShort: boolean): Promise<Result> {
  const started = performance.now();
  const seconds = () => Math.round((performance.now() - started) / 100) / 10;
  try {
    const { counts, losses, kept } = await drill.run(howTo(drill, given, isShort, say));
    const result = losses.length === 0 ? "nothing lost" : "FAILED";
    return { drill: name, result, seconds: seconds(), counts, losses, ...(kept !== undefined && { kept }) };
  } catch (error) {
    const none = { drill: name, seconds: seconds(), counts: {}, losses: [] };
    if (error instanceof Skipped) return { ...none, result: "skipped", reason: error.message };
    return { ...none, result: "FAILED", losses: [adminMessage(error)] };
  }
}

function show({ drill, result, seconds, counts, losses, kept, reason }: Result): void {
  const wide = Math.max(...Object.keys(counts).map(({ length }) => length), 10);
  print(`\n${drill}, ${seconds} s`);
  for (const [name, count] of Object.entries(counts)) print(`  ${name.padEnd(wide)}  ${count}`);
  for (const loss of losses) print(`  LOSS: ${loss}`);
  if (kept !== undefined) print(`  kept for a look: ${kept}`);
  print(`RESULT: ${result}${reason === undefined ? "" : `: ${reason}`}`);
}

function parse() {
  const names = new Set(Object.values(drills).flatMap(({ sizes }) => Object.keys(sizes)));
  const sizes = Object.fromEntries([...names].map((name) => [name, { type: "string" as const }]));
  const flags = { short: { type: "boolean" }, json: { type: "boolean" } } as const;
  try {
    return parseArgs({ options: { ...sizes, ...flags }, allowPositionals: true });
  } catch (error) {
    return usage(adminMessage(error));
  }
}

const { values, positionals } = parse();
const [name, ...placed] = positionals;
const named = name === undefined ? undefined : drills[name];
if (name !== undefined && named === undefined) usage(`There is no drill "${name}".`);
const results: Result[] = [];
if (name !== undefined && named !== undefined) {
  results.push(await perform(name, named, sizesFrom(named, placed, values), values.short === true));
} else {
  say(`${list().join("\n")}\n\nThe short form of each:`);
  for (const [each, drill] of Object.entries(drills)) {
    say(`\n${each} …`);
    results.push(await perform(each, drill, {}, true));
  }
}
if (values.json === true) print(JSON.stringify(name === undefined ? results : results[0]));
else for (const result of results) show(result);
process.exitCode = results.some(({ result }) => result === "FAILED") ? 1 : 0;
