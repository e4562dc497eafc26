/** The connection pool, transactions and prepared statements; the only file that uses postgres.js. */

import { AsyncLocalStorage } from "node:async_hooks";
import { makePgArray } from "drizzle-orm/pg-core/utils/array";
import type { PostgresJsDatabase } from "drizzle-orm/postgres-js";
import type postgres from "postgres";
import { parse as parseArray } from "postgres-array";
import { env } from "./env.ts";
import { notOpenCode } from "./errors.ts";
import { drizzle, openPostgres } from "./postgres-driver.ts";

export type Db = PostgresJsDatabase & { $client: postgres.Sql };
/** The database or a transaction on it; verbs that run inside another's transaction take one. */
export type Executor = Pick<Db, "select" | "insert" | "update" | "delete" | "execute">;
/** A transaction, and what is to happen once it is committed; nothing of that happens when it is rolled back. */
export type Transaction = Executor & {
  /** Calls back after the commit, once for each function however often it was given. It must not throw. */
  afterCommit: (callback: () => void) => void;
};

/** The role the application works as; it cannot rewrite the audit trail (see the migrations). */
const applicationRole = "komichi_app";

/** Set by `connect`; a live binding, so importers always see the current one. */
export let db: Db;

/** A list as PostgreSQL writes it; drizzle has written those of its columns already. */
const writeArray = (list: unknown[] | string) => (typeof list === "string" ? list : makePgArray(list));

/** The array types of statements and answers, by their numbers in pg_type; others arrive as text. */
const arrayTypes = {
  text: { to: 1009, from: [1009], serialize: writeArray, parse: (text: string) => parseArray(text) },
  uuid: { to: 2951, from: [2951], serialize: writeArray, parse: (text: string) => parseArray(text) },
  integer: { to: 1007, from: [1007], serialize: writeArray, parse: (text: string) => parseArray(text, Number) },
};

function open(url: string, options: postgres.Options<Record<string, never>> = {}): Db {
  const address = new URL(url);
  // As libpq: ?host=/folder means the Unix socket in it, which costs half of what loopback TCP does.
  const folder = address.searchParams.get("host");
  address.searchParams.delete("host");
  const connection = openPostgres(address.href, {
    ...(folder !== null && { host: folder }),
    max: env.DATABASE_POOL,
    onnotice: () => {},
    // The library would ask each new connection for all array types, and a connection that ends during that question
    // is a rejection nobody can catch.
    fetch_types: false,
    types: arrayTypes,
    connect_timeout: 10,
    // Retry after at most half a second: the library's own pauses grow to 20 seconds, in which requests would wait
    // for a database that is long back.
    backoff: (retries: number) => Math.min(3 ** retries / 100, 0.5),
    ...options,
    connection: { application_name: "komichi", TimeZone: "UTC", ...options.connection },
  });
  return drizzle(connection) as Db;
}

/** The URL of `connect`, whose own user owns the tables. */
let ownerUrl = "";

/**
 * Opens the pool for this process as the application's restricted role. `onStatement` gets the text of every
 * statement before it is sent.
 */
export function connect(url: string, options: { pool?: number; onStatement?: (text: string) => void } = {}): Db {
  ownerUrl = url;
  const { pool = env.DATABASE_POOL, onStatement } = options;
  db = open(url, {
    max: pool,
    connection: { role: applicationRole } as never,
    ...(onStatement && { debug: (_connection: number, text: string) => onStatement(text) }),
  });
  return db;
}

/**
 * Until the database can be reached and is migrated: every query fails at once, as while the database is away, so that
 * pages which need it answer 503. Nothing reads tables of an older version meanwhile.
 */
export function connectUnavailable(): void {
  const refuse = () => Promise.reject(Object.assign(new Error("the database is not open yet"), { code: notOpenCode }));
  const query = () => {
    const result = refuse();
    return Object.assign(result, { values: () => result });
  };
  // What drizzle and this file call of postgres.js. Not a pool with a socket that fails: its queries may hang for good.
  const client = { unsafe: query, begin: refuse, listen: refuse, notify: refuse, end: () => Promise.resolve() };
  const options = { parsers: {}, serializers: {} };
  db = drizzle({ ...client, options } as unknown as postgres.Sql) as Db;
}

/** One connection with the rights of the URL itself, for migrations, boot checks and maintenance. */
export function connectAsOwner(url: string = ownerUrl): Db {
  return open(url, { max: 1 });
}

/** Ends the pool, waiting up to two seconds for queries under way. */
export async function disconnect(which: Db = db): Promise<void> {
  await which.$client.end({ timeout: 2 });
}

/** What the first transaction of a request does before anything else, and whether one that did it was committed. */
export interface FirstStep {
  run: (tx: Transaction) => Promise<void>;
  /** Also set by whoever does not want it any more, such as an answer to an error. */
  isDone: boolean;
}

const firstSteps = new AsyncLocalStorage<FirstStep>();

/**
 * Runs `act`; the first transaction in it begins with `step`. It is committed with that transaction, and after a
 * rollback the next one begins with it again. So a row can be written together with whatever a request does, without
 * every verb taking it as a parameter.
 */
export const withFirstStep = <T>(step: FirstStep, act: () => Promise<T>): Promise<T> => firstSteps.run(step, act);

/**
 * Runs a verb in one transaction on the pool: all of it is committed, or nothing is and the error is
 * thrown on. Waking senders and NOTIFY go through `afterCommit`: earlier, other processes would not see the
 * rows yet, and a NOTIFY inside the transaction takes a lock for which all commits wait.
 */
export async function transaction<T>(run: (tx: Transaction) => Promise<T>): Promise<T> {
  const callbacks = new Set<() => void>();
  const current = firstSteps.getStore();
  const step = current?.isDone === false ? current : undefined;
  const result = await db.transaction(async (client) => {
    const tx = Object.assign(client, { afterCommit: (callback: () => void) => void callbacks.add(callback) });
    await step?.run(tx);
    return run(tx);
  });
  if (step) step.isDone = true;
  for (const callback of callbacks) callback();
  return result;
}

const namedParameter = /'(?:[^']|'')*'|::|:([a-z_][a-z0-9_]*)/gu;

/**
 * One prepared statement with named parameters (`:name`): for the few that run so often that drizzle's building
 * of a query can be measured. The names become `$1`, `$2` … once, here. Casts (`::uuid`) and quoted text stay as
 * they are. Throws when the text has no name, or a `$1` of its own; a call throws when a value is missing or
 * undefined, or is given for a name that the text does not have.
 */
export function prepareNamed<Row extends object>(text: string): (values: Record<string, unknown>) => Promise<Row[]> {
  const names: string[] = [];
  const positional = text.replace(namedParameter, (match, name?: string) => {
    if (name === undefined) return match;
    if (!names.includes(name)) names.push(name);
    return `$${names.indexOf(name) + 1}`;
  });
  if (names.length === 0 || /\$\d/u.test(text)) throw new Error("a named statement needs :names, and no $1");
  const known = new Set(names);
  return async (values) => {
    const missing = names.filter((name) => values[name] === undefined);
    const unknown = Object.keys(values).filter((name) => !known.has(name));
    if (missing.length > 0 || unknown.length > 0)
      throw new Error(`parameters missing: ${missing.join(", ") || "none"}; unknown: ${unknown.join(", ") || "none"}`);
    const ordered = names.map((name) => values[name]);
    return (await db.$client.unsafe(positional, ordered as never[], { prepare: true })) as unknown as Row[];
  };
}

/**
 * LISTEN: calls back at every NOTIFY on a channel; reconnects by itself. `onListening` is called whenever listening
 * begins, the first time and after a lost connection, which may have missed a NOTIFY. Returns how to stop.
 */
export async function listen(
  channel: string,
  onNotify: () => void,
  onListening?: () => void,
): Promise<() => Promise<void>> {
  const subscription = await db.$client.listen(channel, onNotify, onListening);
  return () => subscription.unlisten();
}

/** NOTIFY: wakes every process that listens on the channel. */
export async function notify(channel: string): Promise<void> {
  await db.$client.notify(channel, "");
}
