/**
 * Inserts clicks. The landings of one turn of the event loop go into one prepared statement: under load they share
 * its costs and its commit, and a single landing waits for nobody.
 */

import { prepareNamed } from "#db/client.ts";
import { type KeywordLimit, maxUnlisted, scopePrefix } from "./listed-keywords.ts";
import { keepVisit } from "./visit.ts";

/** The words of a landing: stored only as far as the limit on unlisted keywords allows. */
type LimitedColumn = "keyword" | "keyword_missing" | "utm_term";

const textColumns = [
  ...(["click_key", "campaign_id", "ad_group_id", "target_id", "match_type", "network", "device"] as const),
  ...(["creative", "location", "utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_id"] as const),
];

/** A click under its columns' names; one that is undefined is null. With a `scope` its keyword is limited. */
export interface ClickRow
  extends Partial<KeywordLimit>, Record<LimitedColumn | (typeof textColumns)[number], string | undefined> {
  id: string;
  /** ISO 8601; undefined: the database's clock. */
  landed_at: string | undefined;
  path: string;
  is_ad: boolean;
  crawler: boolean;
  prefetched: boolean;
  missing_page: boolean;
  extras: Record<string, string>;
  /** The landing whose token this one carried. */
  previous_id: string | undefined;
  /** Names the visit of a person's landing without a click id, as PostgreSQL reads bytes (visit.ts). */
  visit_key: string | undefined;
}

const plainColumns = `path, is_ad, crawler, prefetched, missing_page, extras, ${textColumns.join(", ")}`;

const landings = `select landing.*, coalesce(landed_at, now()) as at from json_to_recordset(:landings::json) as landing (
    id uuid, landed_at timestamptz, path text, is_ad boolean, crawler boolean, prefetched boolean, missing_page boolean,
    extras jsonb, ${textColumns.join(" text, ")} text, previous_id uuid, visit_key bytea,
    keyword text, keyword_missing text, utm_term text, network_hash bytea, scope text, minute int)`;

/** The landing of a visit that is going on, or this one. */
const visits = `
visit as (
  insert into visits (key, click_id, last_at)
  select visit_key, id, at from given where visit_key is not null order by visit_key
  ${keepVisit}
  returning key, click_id
), given_anew as (
  select given.* from given left join visit on visit.key = given.visit_key
  where visit.click_id is null or visit.click_id = given.id
)`;

/** Whether a row is a person's that has arrived: neither a crawler's nor one that was fetched ahead. */
const isLanding = (row: string) => `not (${row}.crawler or ${row}.prefetched)`;

/**
 * The same click id is the same row. A crawler that tried the URL first, or a browser that fetched the page ahead, does
 * not make the person who follows it one: the row becomes the person's, with the person's time. Rows go in by the
 * order of their click ids: statements that took the same ones in different orders would deadlock.
 */
const insert = `
inserted as (
  insert into clicks (id, landed_at, keyword, keyword_missing, utm_term, first_id, ${plainColumns})
  select id, at, keyword, keyword_missing, utm_term, (
    select coalesce(earlier.first_id, earlier.id) from clicks as earlier where earlier.id = previous_id), ${plainColumns}
  from landing order by click_key
  on conflict (click_key) do update set
    crawler = clicks.crawler and excluded.crawler,
    prefetched = not (clicks.crawler and excluded.crawler or ${isLanding("clicks")} or ${isLanding("excluded")}),
    missing_page = clicks.missing_page or excluded.missing_page,
    landed_at = case when ${isLanding("excluded")} and not (${isLanding("clicks")})
      then excluded.landed_at else clicks.landed_at end
  returning click_key, id
)
select null as visit_key, click_key, id from inserted
union all select '\\x' || encode(key, 'hex'), null, click_id from visit`;

interface Inserted {
  visit_key: string | null;
  click_key: string | null;
  id: string;
}

const insertListed = prepareNamed<Inserted>(
  `with given as (${landings}), ${visits}, landing as (select * from given_anew), ${insert}`,
);

/**
 * Beyond `maxUnlisted` lines a day and network the keyword is left out, with `over_limit` as the reason; a line of
 * before stays known. Two statements at the same moment may both pass: the limit need not be exact.
 */
const insertLimited = prepareNamed<Inserted>(`
with given as (${landings}), ${visits}, line as (
  select distinct network_hash, scope, minute from given_anew where scope is not null
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
  select id, at, previous_id, ${plainColumns},
         case when scope is null or is_admitted then keyword end as keyword,
         case when scope is null or is_admitted then keyword_missing else 'over_limit' end as keyword_missing,
         case when scope is null or is_admitted then utm_term end as utm_term
  from given_anew left join admitted using (network_hash, scope, minute)
), ${insert}`);

interface Waiting {
  row: ClickRow;
  resolve: (id: string) => void;
  reject: (error: unknown) => void;
}

let waiting: Waiting[] = [];

/**
 * Inserts a click, together with all others of this turn of the event loop. Its id, or that of the row which the same
 * click id or the same visit already has. Throws what the database throws.
 */
export function insertClick(row: ClickRow): Promise<string> {
  return new Promise((resolve, reject) => {
    if (waiting.push({ row, resolve, reject }) === 1) setImmediate(insertWaiting);
  });
}

/** Landings of one moment that are one row: the first is inserted, and its answer is that of all. */
type Batch = Map<string, Waiting[]>;

/**
 * Sends what waits. Landings of one visit are inserted once. A statement cannot insert and update the same row: of a
 * click id that repeats, each goes into another.
 */
function insertWaiting(): void {
  const batches: Batch[] = [];
  for (const one of waiting) {
    const name = nameOf(one.row);
    const isSameVisit = one.row.click_key === undefined && one.row.visit_key !== undefined;
    const batch = batches.find((others) => isSameVisit || !others.has(name));
    if (batch) batch.set(name, [...(batch.get(name) ?? []), one]);
    else batches.push(new Map([[name, [one]]]));
  }
  waiting = [];
  for (const batch of batches) void insertBatch(batch);
}

/** What makes two landings one row. */
const nameOf = ({ click_key, visit_key, id }: Pick<ClickRow, "click_key" | "visit_key" | "id">): string =>
  click_key ?? visit_key ?? id;

/** When a statement fails, its landings are tried one by one: what is wrong with one must not lose the others. */
async function insertBatch(batch: Batch): Promise<void> {
  const all = [...batch.values()].flat();
  const statement = all.some(({ row }) => row.scope !== undefined) ? insertLimited : insertListed;
  try {
    const rows = await statement({ landings: JSON.stringify([...batch.values()].map(([first]) => first?.row)) });
    const ids = new Map(rows.map(({ click_key, visit_key, id }) => [click_key ?? visit_key ?? id, id]));
    for (const { row, resolve } of all) resolve(ids.get(nameOf(row)) ?? row.id);
  } catch (error) {
    if (all.length > 1) for (const one of all) void insertBatch(new Map([[nameOf(one.row), [one]]]));
    else for (const { reject } of all) reject(error);
  }
}

/** Warm-up: both statements without a row, so that the first visitor waits for neither connection nor preparing. */
export async function prepareInserts(): Promise<void> {
  for (const statement of [insertListed, insertLimited]) await statement({ landings: "[]" });
}
