/**
 * Administration from a terminal: npm run -s cli -- <command> … [--json]
 * Exit 0 done, 1 refused or failed, 2 wrong usage. With --json, stdout holds one JSON value alone.
 */
import { randomBytes } from "node:crypto";
import { parseArgs, type ParseArgsConfig } from "node:util";
import { connect, disconnect } from "#db/client.ts";
import { joinCluster } from "#db/cluster.ts";
import { env } from "#db/env.ts";
import { Invalid, NotFound, Refused } from "#db/errors.ts";
import { migrate } from "#db/migrate.ts";
import { codes, role } from "#db/terms.ts";
import { openVault, rewrapAll } from "#db/vault.ts";
import { importAdsCommand, reportKeywordsCommand } from "#analytics/commands.ts";
import { sendNewsletterCommand } from "#emails/newsletters.ts";
import { eraseFamily } from "./erasure.ts";
import { stockGuides } from "./guides.ts";
import { openapiDocument } from "./openapi.ts";
import { loadSample } from "./sample.ts";
import { addStaff, disableStaff } from "./staff.ts";

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
  run: (words: string[], options: Record<string, string | boolean | undefined>) => Promise<Answer>;
}

class WrongUsage extends Error {}

const text = { type: "string" } as const;

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
    usage: "staff add --email ADDRESS --name NAME --role ROLE [--password PASSWORD]",
    words: [0, 0],
    options: { email: text, name: text, role: text, password: text },
    run: async (_, { email, name, role: wanted, password }) => {
      const known = codes(role).find((code) => code === wanted);
      if (typeof email !== "string" || typeof name !== "string") throw new WrongUsage("--email and --name are needed");
      if (known === undefined) throw new WrongUsage(`--role is one of ${codes(role).join(", ")}`);
      const chosen = typeof password === "string" ? password : randomBytes(18).toString("base64url");
      if ([...chosen].length < 15) throw new Refused("The password needs 15 characters or more.");
      const added = await addStaff({ email, name, role: known, password: chosen });
      const value = {
        id: added.id,
        email,
        role: known,
        totp_secret: added.totpSecret,
        ...(password === undefined && { password: chosen }),
      };
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
      const { lines, ...value } = await importAdsCommand(files, {
        account: typeof account === "string" ? account : undefined,
        currency: typeof currency === "string" ? currency : undefined,
      });
      return { value, lines, failed: value.refused > 0 };
    },
  },
  "report keywords": {
    usage: "report keywords [--from YYYY-MM-DD] [--to YYYY-MM-DD]",
    words: [0, 0],
    options: { from: text, to: text },
    run: async (_, { from, to }) => {
      const { lines, ...value } = await reportKeywordsCommand({
        from: typeof from === "string" ? from : undefined,
        to: typeof to === "string" ? to : undefined,
      });
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
    usage: "rotate-key   (put the new key first in VAULT_KEY, the old one after it)",
    words: [0, 0],
    run: async () => {
      const rewrapped = await rewrapAll();
      return { value: { rewrapped }, lines: [`rewrapped: ${rewrapped}`] };
    },
  },
  erase: {
    usage: "erase REFERENCE",
    words: [1, 1],
    run: async ([reference = ""]) => {
      const value = await eraseFamily(reference);
      return { value, lines: [`erased: ${value.reference}`] };
    },
  },
  openapi: {
    usage: "openapi",
    words: [0, 0],
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
  const command = commands[two] ?? commands[words[0] ?? ""];
  if (!command) throw new WrongUsage(words.length === 0 ? "no command given" : `no such command: ${words[0]}`);
  return { command, rest: words.slice(commands[two] ? 2 : 1) };
}

/** Runs one command line against the database and prints its answer. Returns the exit code. */
async function main(words: string[]): Promise<number> {
  const { command, rest } = chosen(words);
  const { values, positionals } = parse(command, rest);
  const [fewest, most] = command.words;
  if (positionals.length < fewest || positionals.length > most) throw new WrongUsage(command.usage);
  const cluster = env.DATABASE_URL === undefined ? await joinCluster(env.DATA_DIR) : undefined;
  try {
    const url = env.DATABASE_URL ?? cluster?.url ?? "";
    await migrate(url);
    connect(url, { pool: 4 });
    await openVault();
    await stockGuides();
    const { value, lines, failed } = await command.run(positionals, values);
    process.stdout.write(values["json"] === true ? `${JSON.stringify(value)}\n` : `${lines.join("\n")}\n`);
    return failed ? 1 : 0;
  } finally {
    await disconnect();
    await cluster?.leave();
  }
}

function parse(command: Command, rest: string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: rest,
      options: { ...command.options, json: { type: "boolean" } },
      allowPositionals: true,
    });
    return { values: values as Record<string, string | boolean | undefined>, positionals };
  } catch (error) {
    throw new WrongUsage(`${(error as Error).message}\n${command.usage}`);
  }
}

function explain(error: unknown): string {
  if (error instanceof Invalid)
    return Object.entries(error.errors)
      .map(([field, sentence]) => `${field}: ${sentence}`)
      .join("\n");
  if (error instanceof NotFound) return "Nothing of that name.";
  if (error instanceof Refused || error instanceof Error) return error.message;
  return String(error);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(error instanceof WrongUsage ? `${error.message}\n\n${usage()}\n` : `${explain(error)}\n`);
  process.exitCode = error instanceof WrongUsage ? 2 : 1;
}
