/**
 * The environment, read once. A wrong value stops the start with a sentence that names it.
 * No other file reads `process.env`.
 */

import { join, resolve } from "node:path";
import { z } from "zod";

const flag = z.enum(["0", "1", "true", "false"]).transform((v) => v === "1" || v === "true");
const list = z.string().transform((v) => v.split(/[\s,]+/).filter(Boolean));
const mailbox = z
  .string()
  .regex(/^[^<>]*<[^\s<>]+@[^\s<>]+>$|^[^\s<>]+@[^\s<>]+$/u, "must look like: Name <address@host>");

/** As browsers write it in the header Origin, which it is compared with letter by letter. */
const origin = z
  .string()
  .refine(
    (value) => /^https?:\/\/[^/?#@]+\/*$/iu.test(value) && URL.canParse(value),
    "must be scheme, host and port alone, like https://soudan.example.jp",
  )
  .transform((value) => new URL(value).origin);

const Environment = z
  .object({
    PORT: z.coerce.number().int().min(0).max(65535).default(3000),
    HOST: z.string().default("127.0.0.1"),
    PUBLIC_ORIGIN: origin.optional(),
    DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/u }).optional(),
    DATABASE_POOL: z.coerce.number().int().min(2).max(200).default(8),
    DATA_DIR: z.string().default("./data"),
    SMTP_URL: z.url({ protocol: /^smtps?$/u }).optional(),
    MAIL_FROM: mailbox.optional(),
    STAFF_NOTIFY: list.optional(),
    MAIL_CONNECTIONS: z.coerce.number().int().min(1).max(100).default(5),
    MAIL_PER_MINUTE: z.coerce.number().int().min(1).default(100_000),
    DKIM_DOMAIN: z.string().optional(),
    DKIM_SELECTOR: z.string().optional(),
    DKIM_KEY_FILE: z.string().optional(),
    VAULT_KEY: z.string().optional(),
    BACKUP_DIR: z.string().optional(),
    BACKUP_S3_ENDPOINT: z.url({ protocol: /^https?$/u }).optional(),
    BACKUP_S3_BUCKET: z.string().optional(),
    BACKUP_S3_REGION: z.string().default("us-east-1"),
    BACKUP_S3_PREFIX: z.string().default("komichi/"),
    BACKUP_S3_ACCESS_KEY_ID: z.string().optional(),
    BACKUP_S3_SECRET_ACCESS_KEY: z.string().optional(),
    BACKUP_KEY: z.string().optional(),
    /** Wins over the setting `keep_backup_days`; 0: no backups are taken. */
    BACKUP_DAYS: z.coerce.number().int().min(0).max(400).optional(),
    ROLE: z.enum(["web", "worker", "all"]).default("all"),
    TRUSTED_PROXIES: list.default([]),
    INTAKE_PER_MINUTE: z.coerce.number().int().min(1).default(60),
    /** Timeout: a page is promised within 50 ms, and recording its click must not delay it; timers fire a few ms late. */
    CLICK_WAIT_MS: z.coerce.number().int().min(1).max(10_000).default(45),
    /** Timeout: when the database does not answer for so long, the form is shown again with everything typed. */
    FORM_WAIT_MS: z.coerce.number().int().min(1).max(60_000).default(12_000),
    METRICS_PUBLIC: flag.default(false),
    /** Set by systemd: device and inode of the journal's pipe. */
    JOURNAL_STREAM: z.string().optional(),
    LOG: z.enum(["json", "off"]).default("json"),
  })
  .transform((e) => ({
    ...e,
    DATA_DIR: resolve(e.DATA_DIR),
    BACKUP_DIR: resolve(e.BACKUP_DIR ?? join(e.DATA_DIR, "backups")),
    PUBLIC_ORIGIN: e.PUBLIC_ORIGIN ?? `http://localhost:${e.PORT}`,
  }));

/** Whether a URL leads to this machine. */
export const isLoopback = (url: string): boolean =>
  /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/u.test(new URL(url).hostname);

/** Name of every variable that is read. */
export const variableNames: readonly string[] = Object.keys(Environment.in.shape);

export type Env = z.output<typeof Environment>;

/** Parses a set of variables; empty strings count as absent. Throws one sentence per wrong variable. */
export function parseEnv(variables: Record<string, string | undefined>): Env {
  const given = Object.fromEntries(Object.entries(variables).filter(([, v]) => v !== undefined && v !== ""));
  const parsed = Environment.safeParse(given);
  if (parsed.success) return parsed.data;
  const sentences = parsed.error.issues.map(
    (i) => `The environment variable ${i.path.join(".")} is not usable: ${i.message}.`,
  );
  throw new Error(sentences.join("\n"));
}

/** The environment of this process, which ends where a variable is not usable: a stack would hide the sentence. */
function readEnvironment(): Env {
  try {
    return parseEnv(process.env);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exit(1);
  }
}

export const env = readEnvironment();

/** Names of all variables that are set to anything, ours or not. */
export const givenVariables = (): string[] => Object.keys(process.env).filter((name) => process.env[name] !== "");
