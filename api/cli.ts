/**
 * Administration from a terminal: npm run -s cli -- <command> … [--json]
 * Exit 0 done, 1 refused or failed, 2 wrong usage. With --json, stdout holds one JSON value alone; that
 * of a command which could not be carried out is {"error": "…"}.
 *
 * This file parses the line, opens the database and prints; each command stands in its room's command.ts.
 */

import { parseArgs } from "node:util";
import { backUpBeforeUpgrade } from "#api/backup/before-upgrade.ts";
import { installStarter } from "#api/content-files/install.ts";
import { installBundledGuides } from "#api/guides/install-bundled.ts";
import { upgradeSettings } from "#api/readiness/upgrade.ts";
import { connect, disconnect } from "#db/client.ts";
import { isInitialised, joinCluster } from "#db/cluster/cluster.ts";
import { type Command, type CommandAnswer, type Commands, WrongUsage } from "#db/command.ts";
import { env } from "#db/env.ts";
import { adminMessage, Invalid, NotFound, Refused } from "#db/errors.ts";
import { migrate } from "#db/migrate.ts";
import { loadSettings } from "#db/settings/store.ts";
import { newKeysWarning } from "#db/vault/key-sheet.ts";
import { openVault } from "#db/vault/vault.ts";
import type { KeyKind } from "#db/vault/written-keys.ts";

const words = process.argv.slice(2);
const asJson = words.includes("--json");
const line = words.filter((word) => word !== "--json");

/** In the order of the usage: the first words of a room's commands, and how to load them, since loading all costs a second. */
const rooms: readonly (readonly [words: readonly string[], load: () => Promise<Commands>])[] = [
  [["sample"], async () => (await import("#api/sample/command.ts")).sampleCommands],
  [["staff"], async () => (await import("#api/staff/command.ts")).staffCommands],
  [["settings"], async () => (await import("#api/settings/command.ts")).settingsCommands],
  [["content"], async () => (await import("#api/content-files/command.ts")).contentCommands],
  [["support-book"], async () => (await import("#api/support-book/command.ts")).supportBookCommands],
  [
    ["doctor"],
    async () =>
      (await import("#api/doctor/command.ts")).doctorCommands(async () => (await import("./jobs.ts")).dueTimes()),
  ],
  [["import-ads"], async () => (await import("#analytics/imports/command.ts")).importCommands],
  [["report"], async () => (await import("#analytics/report-view/command.ts")).keywordCommands],
  [["survey-report"], async () => (await import("#api/surveys/command.ts")).surveyCommands],
  [["newsletter"], async () => (await import("#emails/newsletters/command.ts")).newsletterCommands],
  [["keys", "rotate-key"], async () => (await import("#api/keys/command.ts")).keyCommands],
  [["erase"], async () => (await import("#api/privacy/command.ts")).privacyCommands],
  [["backup"], async () => (await import("#api/backup/command.ts")).backupCommands],
  [["backup", "restore", "import"], async () => (await import("#api/restore/command.ts")).restoreCommands],
  [["export"], async () => (await import("#api/portable/command.ts")).portableCommands],
  [["openapi"], openapiCommands],
];

async function openapiCommands(): Promise<Commands> {
  const { openapiDocument } = await import("./openapi.ts");
  return {
    openapi: {
      usage: "openapi",
      words: [0, 0],
      needsDatabase: false,
      run: async () => ({ value: openapiDocument(), lines: [JSON.stringify(openapiDocument(), null, 2)] }),
    },
  };
}

/** The commands, by name, that a line with this first word may mean: its rooms' or, of a word that none has and of none, all. */
async function commandsFor(word = ""): Promise<Commands> {
  const meant = rooms.filter(([words]) => words.includes(word));
  const loaded = await Promise.all((meant.length > 0 ? meant : rooms).map(([, load]) => load()));
  return Object.assign({}, ...loaded) as Commands;
}

const commands = await commandsFor(line[0]);

const everyCommand = "Usage: npm run -s cli -- <command> … [--json]";

/** How to write the commands of these names. */
const usageOf = (names: readonly string[]): string =>
  names.length === 1
    ? `Usage: npm run -s cli -- ${commands[names[0] ?? ""]?.usage}`
    : [everyCommand, ...names.map((name) => `  ${commands[name]?.usage}`)].join("\n");

/** The command that a line names by its first word or its first two; undefined where there is none. */
const nameIn = (words: readonly string[]): string | undefined =>
  [words.slice(0, 2).join(" "), words[0] ?? ""].find((name) => Object.hasOwn(commands, name));

/**
 * Of a line that was not understood: the usage of its command; where the second word may be meant as a part of its name, of all
 * that begin so; of an unknown command the names of all, and of none the usage of all.
 */
function usageFor(words: readonly string[]): string {
  const [first, second = "-"] = words;
  const name = nameIn(words);
  const names = Object.keys(commands);
  if (first === undefined) return usageOf(names);
  if (name !== undefined && (name !== first || second.startsWith("-"))) return usageOf([name]);
  const similar = names.filter((one) => one.split(" ")[0] === first);
  return similar.length > 0 ? usageOf(similar) : `${everyCommand}\nCommands: ${names.join(", ")}`;
}

/** The command of a line, and the words after it. */
function findCommand(words: string[]): { command: Command; rest: string[] } {
  const name = nameIn(words) ?? "";
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command)
    throw new WrongUsage(
      words.length === 0 ? "No command was given." : `There is no command "${words.slice(0, 2).join(" ")}".`,
    );
  return { command, rest: words.slice(name.split(" ").length) };
}

/** Options, flags and words of a command. Throws WrongUsage for unknown options and too few or too many words. */
function parse(command: Command, args: string[]) {
  try {
    const { values, positionals } = parseArgs({ args, options: command.options ?? {}, allowPositionals: true });
    const [fewest, most] = command.words;
    if (positionals.length < fewest) throw new Error("Something is missing at the end of the command.");
    if (positionals.length > most) throw new Error(`"${positionals[most]}" is one word too many.`);
    const given = Object.entries(values);
    return {
      options: Object.fromEntries(given.filter(([, value]) => typeof value === "string")) as Record<string, string>,
      flags: new Set(given.filter(([, value]) => value === true).map(([name]) => name)),
      positionals,
    };
  } catch (error) {
    // Node's own go on for sentences about words that begin with a dash.
    throw new WrongUsage(/^.*?[.](?= |$)|^.*/u.exec((error as Error).message)?.[0]);
  }
}

const noDatabase = () =>
  `There is no database in DATA_DIR (${env.DATA_DIR}) yet. The first start makes one (npm start); one from a backup comes back with: npm run -s cli -- restore`;

/**
 * Runs something with the database open; without DATABASE_URL the embedded one is started or joined. Where that fails,
 * `otherwise` answers with the reason, or the reason is thrown.
 */
async function withDatabase(
  run: () => Promise<CommandAnswer>,
  { withoutDatabase: otherwise, makesNone }: Command,
): Promise<CommandAnswer> {
  const undo: (() => Promise<void>)[] = [];
  try {
    const isMissing = makesNone && env.DATABASE_URL === undefined && !isInitialised(env.DATA_DIR);
    const reason = await (isMissing ? Promise.reject(new Refused(noDatabase())) : openDatabase(undo)).then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    if (reason === undefined) return await run();
    if (otherwise) return await otherwise(reason.error);
    throw reason.error;
  } finally {
    for (const step of undo.toReversed()) await step();
  }
}

/** Opens what a command works with; how to close each part is added to `undo`. */
async function openDatabase(undo: (() => Promise<void>)[]): Promise<void> {
  const cluster = env.DATABASE_URL === undefined ? await joinCluster(env.DATA_DIR) : undefined;
  if (cluster) undo.push(cluster.leave);
  const url = env.DATABASE_URL ?? cluster?.url ?? "";
  const made: KeyKind[] = [];
  await migrate(url, { beforeUpgrade: async () => void made.push(...(await backUpBeforeUpgrade(url))) });
  connect(url, { pool: 4 });
  undo.push(() => disconnect());
  made.push(...(await openVault()).made);
  if (made.length > 0) process.stderr.write(`${newKeysWarning(made)}\n`);
  await upgradeSettings();
  await loadSettings();
  await installBundledGuides();
  await installStarter();
}

/** Ask for the usage, of the command that they stand beside. */
const helpWords = new Set(["--help", "-h", "help"]);

/** Runs one command line and prints its answer. Returns the exit code. */
async function main(words: string[], asJson: boolean): Promise<number> {
  if (words.some((word) => helpWords.has(word))) {
    process.stdout.write(`${usageFor(words.filter((word) => !helpWords.has(word)))}\n`);
    return 0;
  }
  const { command, rest } = findCommand(words);
  const { options, flags, positionals } = parse(command, rest);
  if (asJson) flags.add("json");
  const run = () => command.run(positionals, options, flags);
  const { value, lines, failed } = command.needsDatabase === false ? await run() : await withDatabase(run, command);
  process.stdout.write(asJson ? `${JSON.stringify(value)}\n` : `${lines.join("\n")}\n`);
  return failed ? 1 : 0;
}

function explain(error: unknown): string {
  if (error instanceof Invalid)
    return Object.entries(error.errors)
      .map(([field, sentence]) => `${field}: ${sentence}`)
      .join("\n");
  if (error instanceof NotFound) return "Nothing of that name.";
  return adminMessage(error);
}

try {
  process.exitCode = await main(line, asJson);
} catch (error) {
  const sentence = error instanceof WrongUsage ? error.message : explain(error);
  if (asJson) process.stdout.write(`${JSON.stringify({ error: sentence })}\n`);
  process.stderr.write(error instanceof WrongUsage ? `${sentence}\n\n${usageFor(line)}\n` : `${sentence}\n`);
  process.exitCode = error instanceof WrongUsage ? 2 : 1;
}
