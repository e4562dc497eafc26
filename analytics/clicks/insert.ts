/**
 * Inserts clicks. The landings of one turn of the event loop go into one prepared statement: under load they share
 * its costs and its commit, and a single landing waits for nobody.
 */

import { prepareNamed } from "#db/client.ts";
import { type KeywordLimit, maxUnlisted, scopePrefix } from "./listed-keywords.ts";

/** The words of a landing: stored only as far as the limit on unlisted keywords allows. */
type LimitedColumn = "keyword" | "keyword_missing" | "utm_term";

const textColumns = [
  ...(["click_key", "campaign_id", "ad_group_id", "target_id", "match_type", "network", "device"] as const),
  ...(["creative", "location", "utm_source", "utm_medium", "utm_campaign", "utm_content"] as const),
];

/** A click under its columns' names; one that is undefined is null. With a `scope` its keyword is limited. */
export interface ClickRow
  extends Partial<KeywordLimit>, Record<LimitedColumn | (typeof textColumns)[number], string | undefined> {
  id: string;
  /** ISO 8601; undefined: the database's clock. */
  landed_at: string | undefined;
  path: string;
  crawler: boolean;
  extras: Record<string, string>;
}

const plainColumns = `path, crawler, extras, ${textColumns.join(", ")}`;

const landings = `select * from json_to_recordset(:landings::json) as landing (
    id uuid, landed_at timestamptz, path text, crawler boolean, extras jsonb, ${textColumns.join(" text, ")} text,
    keyword text, keyword_missing text, utm_term text, network_hash bytea, scope text, minute int)`;

/**
 * The same click id is the same row. A crawler that tried the URL first does not make the person who follows it one:
 * the row becomes the person's, with the person's time. Rows go in by the order of their click ids: statements that
 * took the same ones in different orders would deadlock.
 */
const insert = `
insert into clicks (id, landed_at, keyword, keyword_missing, utm_term, ${plainColumns})
select id, coalesce(landed_at, now()), keyword, keyword_missing, utm_term, ${plainColumns}
from landing order by click_key
on conflict (click_key) do update set
  crawler = clicks.crawler and excluded.crawler,
  landed_at = case when clicks.crawler and not excluded.crawler then excluded.landed_at else clicks.landed_at end
returning click_key, id`;

interface Inserted {
  click_key: string | null;
  id: string;
}

const insertListed = prepareNamed<Inserted>(`with landing as (${landings}) ${insert}`);

/**
 * Beyond `maxUnlisted` lines a day and network the keyword is left out, with `over_limit` as the reason; a line of
 * before stays known. Two statements at the same moment may both pass: the limit need not be exact.
 */
const insertLimited = prepareNamed<Inserted>(`
with given as (${landings}), line as (
  select distinct network_hash, scope, minute from given where scope is not null
), counted as (
  select line.*, known, used + row_number() over (partition by network_hash, minute, known order by scope) as nth
  from line, lateral (
    select count(*) as used, coalesce(bool_or(today.scope = line.scope), false) as known
    from rate_windows as today
    where today.network = network_hash and today.minute = line.minute and starts_with(today.scope, '${scopePrefix}')
  ) as today
), admitted as (
  insert into rate_windows (network, scope, minute, count)
  select network_hash, scope, minute, 1 from counted where known or nth <= ${maxUnlisted} order by 1, 2, 3
  on conflict (network, scope, minute) do update set count = rate_windows.count + 1
  returning network as network_hash, scope, minute, true as is_admitted
), landing as (
  select id, landed_at, ${plainColumns},
         case when scope is null or is_admitted then keyword end as keyword,
         case when scope is null or is_admitted then keyword_missing else 'over_limit' end as keyword_missing,
         case when scope is null or is_admitted then utm_term end as utm_term
  from given left join admitted using (network_hash, scope, minute)
) ${insert}`);

interface Waiting {
  row: ClickRow;
  resolve: (id: string) => void;
  reject: (error: unknown) => void;
}

let waiting: Waiting[] = [];

/**
 * Inserts a click, together with all others of this turn of the event loop. Its id, or that of the row which the same
 * click id already has. Throws what the database throws.
 */
export function insertClick(row: ClickRow): Promise<string> {
  return new Promise((resolve, reject) => {
    if (waiting.push({ row, resolve, reject }) === 1) setImmediate(insertWaiting);
  });
}

/** Sends what waits. A statement cannot insert and update the same row: of a click id that repeats, each goes into another. */
function insertWaiting(): void {
  const batches: Map<string, Waiting>[] = [];
  for (const one of waiting) {
    const key = one.row.click_key ?? one.row.id;
    const batch = batches.find((others) => !others.has(key));
    if (batch) batch.set(key, one);
    else batches.push(new Map([[key, one]]));
  }
  waiting = [];
  for (const batch of batches) void insertBatch([...batch.values()]);
}

/** When a statement fails, its landings are tried one by one: what is wrong with one must not lose the others. */
async function insertBatch(batch: Waiting[]): Promise<void> {
  const statement = batch.some(({ row }) => row.scope !== undefined) ? insertLimited : insertListed;
  try {
    const rows = await statement({ landings: JSON.stringify(batch.map(({ row }) => row)) });
    const ids = new Map(rows.map(({ click_key, id }) => [click_key ?? id, id]));
    for (const { row, resolve } of batch) resolve(ids.get(row.click_key ?? row.id) ?? row.id);
  } catch (error) {
    if (batch.length > 1) for (const one of batch) void insertBatch([one]);
    else for (const { reject } of batch) reject(error);
  }
}

/** Warm-up: both statements without a row, so that the first visitor waits for neither connection nor preparing. */
export async function prepareInserts(): Promise<void> {
  for (const statement of [insertListed, insertLimited]) await statement({ landings: "[]" });
}
