/** The command line (api/cli.ts) in a process of its own, on the test file's database unless another is named. */

import { type ChildProcess, spawn } from "node:child_process";
import { testDatabaseUrl } from "./database.ts";

export interface Outcome {
  code: number;
  /** All of stdout and of stderr. */
  out: string;
  err: string;
}

interface Options {
  /** Environment variables, over those of this process. */
  variables?: Record<string, string>;
  /** Written to its standard input, which ends there. */
  input?: string;
  /** Leaves standard input open after `input`, as a terminal does. */
  keepInputOpen?: boolean;
}

/** Starts it; `ended` resolves when it has stopped and its output is complete. */
export async function startCommand(
  words: string[],
  { variables = {}, input = "", keepInputOpen = false }: Options = {},
): Promise<{ child: ChildProcess; ended: Promise<Outcome> }> {
  const DATABASE_URL = variables["DATABASE_URL"] ?? (await testDatabaseUrl());
  const child = spawn(process.execPath, ["api/cli.ts", ...words], {
    env: { ...process.env, LOG: "json", ...variables, DATABASE_URL },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const output = { out: "", err: "" };
  child.stdout.on("data", (chunk: Buffer) => (output.out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output.err += chunk.toString()));
  child.stdin.on("error", () => {}); // a command that reads no input closes it
  child.stdin.write(input);
  if (!keepInputOpen) child.stdin.end();
  const closed = new Promise<number>((resolve) => child.once("close", (code) => resolve(code ?? -1)));
  return { child, ended: closed.then((code) => ({ code, ...output })) };
}

/** Runs it to its end. */
export const runCommand = async (words: string[], options?: Options): Promise<Outcome> =>
  (await startCommand(words, options)).ended;
