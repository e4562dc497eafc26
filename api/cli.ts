/**
 * Administration from a terminal: npm run -s cli -- <command> … [--json]
 * Exit 0 done, 1 refused or failed, 2 wrong usage. With --json, stdout holds one JSON value alone; that
 * of a command which could not be carried out is {"error": "…"}.
 */

import { randomBytes } from "node:crypto";
import { createInterface } from "node:readline";
import { parseArgs, type ParseArgsConfig } from "node:util";
import { importAdsCommand } from "#analytics/imports/command.ts";
import { reportKeywordsCommand } from "#analytics/keywords/command.ts";
import { validate } from "#api/forms/read-form.ts";
import { installBundledGuides } from "#api/guides/install-bundled.ts";
import { eraseCommand } from "#api/privacy/erase-command.ts";
import { loadSample } from "#api/sample/sample.ts";
import { addStaff } from "#api/staff/add.ts";
import { disableStaff } from "#api/staff/disable.ts";
import { NewStaff } from "#api/staff/forms.ts";
import { connect, disconnect } from "#db/client.ts";
import { joinCluster } from "#db/cluster/cluster.ts";
import { env } from "#db/env.ts";
import { Invalid, NotFound, adminMessage } from "#db/errors.ts";
import { migrate } from "#db/migrate.ts";
import { codes } from "#db/terms/codes.ts";
import { role } from "#db/terms/staff.ts";
import { rotateKey } from "#db/vault/rotate-key.ts";
import { newKeyWarning, openVault } from "#db/vault/vault.ts";
import { sendNewsletterCommand } from "#emails/newsletters/newsletters.ts";
import { openapiDocument } from "./openapi.ts";

/** What a command answers: a value for --json, lines for people. */
interface Answer {
  value: unknown;
  lines: string[];
  /** True when something of it was refused: exit 1. */
  failed?: boolean;
}

interface Command {
  usage: string;
  options?: ParseArgsConfig["options"];
  /** Fewest and most words after the command's name. */
  words: [number, number];
  /** False for a command that answers without opening anything. */
  needsDatabase?: false;
  /** `flags` are the options without a value that stand on the line, "json" among them. */
  run: (words: string[], options: Record<string, string | undefined>, flags: ReadonlySet<string>) => Promise<Answer>;
}

class WrongUsage extends Error {}

const text = { type: "string" } as const;

/**
 * The password that `--password` means; "-" is the first line of standard input. Undefined when none
 * was given. Throws WrongUsage when that line is empty.
 */
async function passwordFrom(option: string | undefined): Promise<string | undefined> {
  if (option !== undefined && option !== "-")
    process.stderr.write(
      "WARNING: a password on the command line shows in the process list and in the shell's history. Use --password - and standard input.\n",
    );
  if (option !== "-") return option;
  const lines = createInterface({ input: process.stdin, crlfDelay: Infinity });
  for await (const line of lines) {
    lines.close();
    if (line !== "") return line;
    break;
  }
  throw new WrongUsage("--password - reads the password from the first line of standard input, which is empty");
}

const commands: Record<string, Command> = {
  sample: {
    usage: "sample",
    words: [0, 0],
    run: async () => {
      const value = await loadSample();
      return { value, lines: Object.entries(value).map(([what, count]) => `${what}: ${count}`) };
    },
  },
  "staff add": {
    usage: "staff add --email ADDRESS --name NAME --role ROLE [--password -]   (- reads it from standard input)",
    words: [0, 0],
    options: { email: text, name: text, role: text, password: text },
    run: async (_, { email, name, role: wanted, password: said }) => {
      const known = codes(role).find((code) => code === wanted);
      if (email === undefined || name === undefined) throw new WrongUsage("--email and --name are needed");
      if (known === undefined) throw new WrongUsage(`--role is one of ${codes(role).join(", ")}`);
      const password = await passwordFrom(said);
      const made = password === undefined ? { password: randomBytes(18).toString("base64url") } : {};
      const person = validate(NewStaff, { email, name, role: known, password, ...made });
      const { id, totpSecret } = await addStaff(person);
      const value = { id, email: person.email.toLowerCase(), role: known, totp_secret: totpSecret, ...made };
      return { value, lines: Object.entries(value).map(([what, word]) => `${what}: ${word}`) };
    },
  },
  "staff disable": {
    usage: "staff disable EMAIL",
    words: [1, 1],
    run: async ([email = ""]) => {
      await disableStaff(email);
      return { value: { disabled: email }, lines: [`disabled: ${email}`] };
    },
  },
  "import-ads": {
    usage: "import-ads FILE… [--account NAME] [--currency XXX]",
    words: [1, 1000],
    options: { account: text, currency: text },
    run: async (files, { account, currency }) => {
      const { lines, ...value } = await importAdsCommand(files, { account, currency });
      return { value, lines, failed: value.refused > 0 };
    },
  },
  "report keywords": {
    usage: "report keywords [--from YYYY-MM-DD] [--to YYYY-MM-DD]",
    words: [0, 0],
    options: { from: text, to: text },
    run: async (_, { from, to }) => {
      const { lines, ...value } = await reportKeywordsCommand({ from, to });
      return { value, lines };
    },
  },
  "newsletter send": {
    usage: "newsletter send ID",
    words: [1, 1],
    run: async ([id = ""]) => {
      const value = await sendNewsletterCommand(id);
      return { value, lines: [`queued for ${value.audience} subscribers`] };
    },
  },
  "rotate-key": {
    usage: "rotate-key [--key-is-stored]   (with VAULT_KEY: the new key first in it, the old one after a comma)",
    words: [0, 0],
    options: { "key-is-stored": { type: "boolean" } },
    run: async (_words, _options, flags) => {
      const say = (sentence: string) => void process.stderr.write(`${sentence}\n`);
      const value = await rotateKey({ isStored: flags.has("key-is-stored"), say });
      const went = value.continued ? ["went on with the rotation begun before; for another key run it again"] : [];
      return { value, lines: [`rewrapped: ${value.rewrapped}`, `key: ${value.key}`, ...went] };
    },
  },
  erase: {
    usage: "erase REFERENCE|ADDRESS [--yes]   (of an address each thing is asked about, unless --yes)",
    words: [1, 1],
    options: { yes: { type: "boolean" } },
    run: ([what = ""], _, flags) => eraseCommand(what, { json: flags.has("json"), yes: flags.has("yes") }),
  },
  openapi: {
    usage: "openapi",
    words: [0, 0],
    needsDatabase: false,
    run: async () => ({ value: openapiDocument(), lines: [JSON.stringify(openapiDocument(), null, 2)] }),
  },
};

function usage(): string {
  return [
    "Usage: npm run -s cli -- <command> … [--json]",
    ...Object.values(commands).map((command) => `  ${command.usage}`),
  ].join("\n");
}

function chosen(words: string[]): { command: Command; rest: string[] } {
  const two = words.slice(0, 2).join(" ");
  const name = Object.hasOwn(commands, two) ? two : (words[0] ?? "");
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) throw new WrongUsage(words.length === 0 ? "no command given" : `no such command: ${words[0]}`);
  return { command, rest: words.slice(name === two ? 2 : 1) };
}

function parse(command: Command, args: string[]) {
  try {
    const { values, positionals } = parseArgs({ args, options: command.options ?? {}, allowPositionals: true });
    const [fewest, most] = command.words;
    if (positionals.length < fewest || positionals.length > most) throw new Error("too few or too many words");
    const given = Object.entries(values);
    return {
      options: Object.fromEntries(given.filter(([, value]) => typeof value === "string")) as Record<string, string>,
      flags: new Set(given.filter(([, value]) => value === true).map(([name]) => name)),
      positionals,
    };
  } catch (error) {
    throw new WrongUsage(`${(error as Error).message}\n${command.usage}`);
  }
}

/** Does something with the database open, the embedded one started or joined where none is configured. */
async function withDatabase<T>(run: () => Promise<T>): Promise<T> {
  const undo: (() => Promise<void>)[] = [];
  try {
    const cluster = env.DATABASE_URL === undefined ? await joinCluster(env.DATA_DIR) : undefined;
    if (cluster) undo.push(cluster.leave);
    const url = env.DATABASE_URL ?? cluster?.url ?? "";
    await migrate(url);
    connect(url, { pool: 4 });
    undo.push(() => disconnect());
    const { created } = await openVault();
    if (created !== undefined) process.stderr.write(`${newKeyWarning(created)}\n`);
    await installBundledGuides();
    return await run();
  } finally {
    for (const step of undo.toReversed()) await step();
  }
}

/** Runs one command line and prints its answer. Returns the exit code. */
async function main(words: string[], asJson: boolean): Promise<number> {
  const { command, rest } = chosen(words);
  const { options, flags, positionals } = parse(command, rest);
  if (asJson) flags.add("json");
  const run = () => command.run(positionals, options, flags);
  const { value, lines, failed } = command.needsDatabase === false ? await run() : await withDatabase(run);
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

const words = process.argv.slice(2);
const asJson = words.includes("--json");
try {
  process.exitCode = await main(
    words.filter((word) => word !== "--json"),
    asJson,
  );
} catch (error) {
  const sentence = error instanceof WrongUsage ? error.message : explain(error);
  if (asJson) process.stdout.write(`${JSON.stringify({ error: sentence })}\n`);
  process.stderr.write(error instanceof WrongUsage ? `${sentence}\n\n${usage()}\n` : `${sentence}\n`);
  process.exitCode = error instanceof WrongUsage ? 2 : 1;
}
