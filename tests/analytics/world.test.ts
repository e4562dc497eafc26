/**
 * A generated world: every figure of the keyword report equals a computation that looks at each visit and each lead by
 * itself, as the sentences of db/words/staff/counting.ts say it.
 */

import { sql } from "drizzle-orm";
import fc from "fast-check";
import { expect, test } from "vitest";
import { arrive } from "#analytics/clicks/arrive.ts";
import { recordClick } from "#analytics/clicks/record.ts";
import { clickIdOf, noteFormOpened } from "#analytics/clicks/token.ts";
import { undoImport } from "#analytics/imports/undo.ts";
import { keywordReport, readLines, summaryOf } from "#analytics/keywords/report.ts";
import { costSumsOf } from "#analytics/keywords/sums.ts";
import { rollUpLeads } from "#analytics/landings/lead-months.ts";
import { rollUpLandings } from "#analytics/landings/roll-up.ts";
import type { Period } from "#analytics/period.ts";
import { bucketsOf } from "#analytics/report-view/periods.ts";
import { readTrend } from "#analytics/trends/trend.ts";
import { dayOf } from "#db/calendar/days.ts";
import { connectAsOwner, type Db, disconnect } from "#db/client.ts";
import { newId } from "#db/random/ids.ts";
import { reviewThreshold } from "#db/terms/consultation.ts";
import { analyst, take } from "./fixtures.ts";
import { day, type File, fileOf, length, type Line, naive, textsOf } from "./spend/files.ts";

const phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Mobile Safari/604.1";
const crawler = "Mozilla/5.0 (compatible; AdsBot-Google)";
const [minute, oneDay] = [60_000, 86_400_000];
/** Landings begin before the days of the imports, so that there are older clicks. */
const begin = Date.parse("2025-11-20T08:00:00+09:00");

/** Tagged addresses, by the words of the line that they are counted in. */
const addresses: { line: string; query: string; isLink?: boolean }[] = [
  { line: "Ax", query: "cid=165&gid=265&tid=kwd-3120&kw=Ax" },
  { line: "Ax", query: "kw=Ax&mt=p" },
  { line: "Bz", query: "cid=166&kw=Bz&utm_campaign=B" },
  { line: "ほかの言葉", query: "cid=165&kw=ほかの言葉" },
  { line: "キーワードの情報なし", query: "gad_campaignid=165" },
  { line: "newsletter／mail", query: "utm_source=newsletter&utm_medium=mail", isLink: true },
];

/** Somebody opens an address, and the same again after some minutes. */
interface Visit {
  day: number;
  minute: number;
  network: number;
  address: number;
  clickId: number | undefined;
  agent: "person" | "crawler" | "prefetch" | "prefetch brought back";
  again: number[];
  opensForm: boolean;
  /** Carries the token of the landing before it from the same network. */
  carries: boolean;
  leads: Lead[];
}

interface Lead {
  kind: "consultation" | "download" | "subscription";
  days: number;
  hours: number;
  /** Whether it carried the landing's token. */
  tokened: boolean;
  email: number | undefined;
  phone: number | undefined;
  score: number;
  state: "new" | "open";
  closure: "none" | "not_a_case" | "test" | "settled" | "reopened";
}

/** What staff do to a lead later, maybe months after it came. */
interface Change {
  lead: number;
  act: "close as no case" | "close as settled" | "reopen" | "take up" | "erase" | "correct the address";
  email: number | undefined;
  /** After which step of the world. */
  place: number;
}

const maybe = (most: number) => fc.option(fc.nat(most), { nil: undefined });

const leadOf: fc.Arbitrary<Lead> = fc.record({
  kind: fc.constantFrom("consultation", "consultation", "consultation", "download", "subscription"),
  days: fc.constantFrom(0, 0, 1, 7, 40, 89, 90, 91),
  hours: fc.constantFrom(0, 1, 5),
  tokened: fc.constantFrom(true, true, true, false),
  email: maybe(2),
  phone: maybe(1),
  score: fc.constantFrom(0, 0, 9),
  state: fc.constantFrom("new", "new", "open"),
  closure: fc.constantFrom("none", "none", "none", "not_a_case", "test", "settled", "reopened"),
});

const visitOf: fc.Arbitrary<Visit> = fc.record({
  day: fc.nat(105),
  minute: fc.constantFrom(0, 10, 45, 300),
  network: fc.nat(1),
  address: fc.nat(addresses.length - 1),
  clickId: fc.oneof(fc.constant(undefined), fc.nat(3)),
  agent: fc.constantFrom("person", "person", "person", "person", "crawler", "prefetch", "prefetch brought back"),
  again: fc.array(fc.constantFrom(0, 5, 29, 30, 31, 59), { maxLength: 3 }),
  opensForm: fc.boolean(),
  carries: fc.boolean(),
  leads: fc.array(leadOf, { maxLength: 2 }),
});

const changeOf: fc.Arbitrary<Change> = fc.record({
  lead: fc.nat(),
  act: fc.constantFrom("close as no case", "close as settled", "reopen", "take up", "erase", "correct the address"),
  email: maybe(2),
  place: fc.nat(60),
});

/** One landing as the sentences have it, or what never became one. */
interface Landing {
  line: string;
  at: number | undefined;
  lastAt: number;
  opened: boolean;
  /** The landing with which the visits that carried tokens began. */
  first: Landing | undefined;
}

interface KnownLead extends Lead {
  id: string;
  caseId: string;
  at: number;
  landing: Landing | undefined;
}

/** One request of a visit. */
interface Hit {
  visit: Visit;
  no: number;
  at: number;
  /** 0 for its first. */
  nth: number;
}

/** All requests in the order of time. */
const hitsOf = (visits: Visit[]): Hit[] =>
  visits
    .flatMap((visit, no) => {
      let at = begin + visit.day * oneDay + visit.minute * minute + no;
      return [0, ...visit.again].map((wait, n) => ({ visit, no, at: (at += wait * minute), nth: n }));
    })
    .toSorted((a, b) => a.at - b.at);

/** What happened, one visit after the other, in the product and in the naive computation. */
class World {
  readonly landings = new Map<string, Landing>();
  readonly leads: KnownLead[] = [];
  readonly #owner: Db;
  /** By network, the landing whose token a visitor carries on. */
  readonly #carried = new Map<number, { landing: Landing; id: string }>();

  constructor(owner: Db) {
    this.#owner = owner;
  }

  async open({ visit, no, at, nth }: Hit): Promise<void> {
    const address = addresses[visit.address] ?? { line: "", query: "" };
    const clickId = address.isLink ? undefined : visit.clickId;
    const isPrefetch = visit.agent.startsWith("prefetch");
    // Nothing but a click id tells that two copies which were fetched ahead are one.
    const mark = isPrefetch && clickId === undefined ? `&cr=${no}-${nth}` : "";
    const previous = visit.carries && clickId === undefined ? this.#carried.get(visit.network) : undefined;
    const query = address.query + mark + (clickId === undefined ? "" : `&gclid=G${visit.address}-${clickId}`);
    const token = await recordClick(new URLSearchParams(query), {
      path: "/",
      userAgent: visit.agent === "crawler" ? crawler : phone,
      ...{ network: `192.0.2.${visit.network}`, isPrefetch, previous: previous?.id, now: new Date(at) },
    });
    if (visit.agent === "crawler") return;
    const name = clickId === undefined ? `${query} ${visit.network} ${dayOf(new Date(at))}` : query;
    const landing = this.#landing(name, address.line, { visit, at }, previous?.landing);
    const backAt = at + 2 * minute;
    const isBack = visit.agent === "prefetch brought back";
    const current = isBack ? await arrive(token ?? "", `192.0.2.${visit.network}`, new Date(backAt)) : (token ?? "");
    if (isBack) landing.at ??= backAt;
    if (landing.at === undefined || visit.agent === "prefetch") return;
    if (visit.opensForm) {
      await noteFormOpened(current, new Date(backAt));
      landing.opened = true;
    }
    const id = clickIdOf(current) ?? "";
    if (clickId === undefined) this.#carried.set(visit.network, { landing, id });
    if (nth === 0) for (const [n, lead] of visit.leads.entries()) await this.#write(lead, landing, id, backAt + n + 1);
  }

  /** The landing that the visit belongs to: by its click id, else by half an hour since the last time. */
  #landing(
    name: string,
    line: string,
    { visit: { agent }, at }: Pick<Hit, "visit" | "at">,
    previous?: Landing,
  ): Landing {
    const byClickId = name.includes("gclid");
    const known = this.landings.get(name);
    if (known && (byClickId || at - known.lastAt < 30 * minute)) {
      known.lastAt = at;
      if (agent === "person") known.at ??= at;
      return known;
    }
    if (known) this.landings.set(`${name} until ${at}`, known);
    const first = previous && (previous.first ?? previous);
    const fresh = { line, at: agent === "person" ? at : undefined, lastAt: at, opened: false, first };
    this.landings.set(name, fresh);
    return fresh;
  }

  /** The same change in the product's tables and to the lead as the naive computation knows it. */
  async change({ lead: which, act, email }: Change): Promise<void> {
    const lead = this.leads[which % Math.max(1, this.leads.length)];
    if (!lead) return;
    const run = (statement: ReturnType<typeof sql>) => this.#owner.execute(statement);
    const { id, caseId } = lead;
    const isOpen = lead.closure === "none" || lead.closure === "reopened";
    if (act === "erase") {
      this.leads.splice(this.leads.indexOf(lead), 1);
      await run(sql`delete from closures where case_id = ${caseId}`);
      await run(sql`delete from consultations where lead_id = ${id}`);
      await run(sql`delete from download_grants where lead_id = ${id}`);
      await run(sql`delete from leads where id = ${id}`);
    } else if (act === "correct the address") {
      lead.email = email;
      for (const table of ["consultations", "download_grants"])
        await run(sql`update ${sql.raw(table)} set email_index = ${indexOf("m", email)}::bytea where lead_id = ${id}`);
    } else if (lead.kind !== "consultation") return;
    else if (act === "take up" && isOpen) {
      lead.state = "open";
      await run(sql`update cases set state = 'open' where id = ${caseId}`);
    } else if (act === "reopen" && !isOpen) {
      Object.assign(lead, { closure: "reopened", state: "open" });
      await run(sql`update closures set reopened_at = now() where case_id = ${caseId}`);
      await run(sql`update cases set state = 'open' where id = ${caseId}`);
    } else if (act.startsWith("close") && isOpen) {
      lead.closure = act === "close as settled" ? "settled" : "not_a_case";
      await run(sql`insert into closures (id, case_id, reason, closed_by)
        values (${newId()}, ${caseId}, ${lead.closure}, ${closer})`);
      await run(sql`update cases set state = 'closed' where id = ${caseId}`);
    }
  }

  async #write(lead: Lead, landing: Landing, clickId: string, since: number): Promise<void> {
    const at = since + lead.days * oneDay + lead.hours * 60 * minute;
    const [leadId, caseId] = [newId(), newId()];
    this.leads.push({ ...lead, id: leadId, caseId, at, landing: lead.tokened ? landing : undefined });
    const email = indexOf("m", lead.email);
    const run = (statement: ReturnType<typeof sql>) => this.#owner.execute(statement);
    const received = new Date(at).toISOString();
    await run(sql`insert into leads (id, kind, channel, received_at, click_id, spam_score, reference) values (${leadId},
      ${lead.kind}, 'form', ${received}, ${lead.tokened ? clickId : null}, ${lead.score},
      ${lead.kind === "consultation" ? leadId : null})`);
    if (lead.kind === "download")
      await run(sql`insert into download_grants (id, lead_id, guide_slug, token_hash, email_index, expires_at)
        values (${newId()}, ${leadId}, 'world', sha256(${leadId}::bytea), ${email}::bytea, ${received})`);
    if (lead.kind !== "consultation") return;
    const isClosed = !["none", "reopened"].includes(lead.closure);
    await run(sql`insert into cases (id, state) values (${caseId}, ${isClosed ? "closed" : lead.state})`);
    await run(sql`insert into consultations (id, lead_id, case_id, reply_by, reply_by_date, contact, message, email_index,
      phone_index) values (${newId()}, ${leadId}, ${caseId}, 'email', '2026-01-01', '\\x00', '\\x00', ${email}::bytea,
      ${indexOf("p", lead.phone)}::bytea)`);
    if (lead.closure !== "none")
      await run(sql`insert into closures (id, case_id, reason, closed_by, reopened_at) values (${newId()}, ${caseId},
        ${lead.closure === "reopened" ? "not_a_case" : lead.closure}, ${closer},
        ${lead.closure === "reopened" ? received : null})`);
  }
}

/** Somebody who closes cases. */
const closer = newId();

/** Of an address ("m") or a telephone number ("p"), as PostgreSQL reads bytes. */
const indexOf = (kind: string, no: number | undefined) =>
  no === undefined ? null : `\\x${Buffer.from(`${kind}${no}`).toString("hex")}`;

const noFigures = {
  ...{ landings: 0, formsOpened: 0, downloads: 0, subscriptions: 0, consultations: 0, doubtful: 0, people: 0 },
  ...{ firstConsultations: 0, impressions: 0, clicks: 0, cost: 0 },
};
type Figures = typeof noFigures;

/** Figures by the words of their line, lines without any left out. */
class Lines {
  readonly #lines = new Map<string, Figures>();

  add(line: string, figures: Partial<Figures>): void {
    const sums = this.#lines.get(line) ?? { ...noFigures };
    for (const name of Object.keys(noFigures) as (keyof Figures)[]) sums[name] += figures[name] ?? 0;
    this.#lines.set(line, sums);
  }

  all = () =>
    Object.fromEntries(
      [...this.#lines]
        .filter(([, figures]) => Object.values(figures).some((one) => one > 0))
        .toSorted(([a], [b]) => (a < b ? -1 : 1)),
    );
}

interface Standing {
  file: File;
  lines: Line[];
  id: string;
}

const account = "検索";
const reach = 90 * oneDay;
const isIn = (at: number, { from, to }: Period) => dayOf(new Date(at)) >= from && dayOf(new Date(at)) <= to;

/** Whether a landing is an earlier one of the same chain of tokens. */
const isBefore = (one: Landing, last: Landing | undefined) =>
  last?.first !== undefined && one.first === last.first && one.at !== undefined && one.at <= (last.at ?? 0);

/** The report as the sentences have it. */
function expected({ landings, leads }: World, standing: Standing[], period: Period) {
  const lines = new Lines();
  for (const { at, line, opened } of landings.values())
    if (at !== undefined && isIn(at, period)) lines.add(line, { landings: 1, formsOpened: opened ? 1 : 0 });
  const people = new Set<unknown>();
  for (const lead of leads.filter(({ at }) => isIn(at, period))) {
    const isRecent = ({ at = 0 }: Landing) => lead.at - at <= reach;
    const { landing, kind } = lead;
    const line = landing ? (isRecent(landing) ? landing.line : "以前の広告") : "広告以外・不明";
    if (kind !== "consultation") {
      lines.add(line, kind === "download" ? { downloads: 1 } : { subscriptions: 1 });
      continue;
    }
    if (lead.closure === "not_a_case" || lead.closure === "test") continue;
    const isDoubtful = lead.score >= reviewThreshold && lead.state === "new" && lead.closure !== "settled";
    lines.add(line, { consultations: 1, doubtful: isDoubtful ? 1 : 0 });
    if (!isDoubtful) {
      const person = landing ? `${line} ${[...landings.values()].indexOf(landing)}` : lead;
      lines.add(line, { people: people.has(person) ? 0 : 1 });
      people.add(person);
    }
    const family = leads.filter(
      (other) =>
        other.at < lead.at &&
        ((other.kind !== "subscription" && other.email !== undefined && other.email === lead.email) ||
          (other.kind === "consultation" && other.phone !== undefined && other.phone === lead.phone)),
    );
    const touches = [lead, ...family]
      .flatMap(({ landing: last }) => [
        last,
        last?.first,
        ...[...landings.values()].filter((one) => isBefore(one, last)),
      ])
      .filter((one) => one !== undefined);
    const [first] = touches.filter(isRecent).toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0));
    lines.add(first?.line ?? "広告以外・不明", { firstConsultations: 1 });
  }
  for (const [line, [clicks, cost]] of naive(standing, account, period))
    lines.add(line, { impressions: clicks * 10, clicks, cost });
  return lines.all();
}

/** The report of the product, by the same words. */
async function reported(period: Period) {
  const lines = new Lines();
  for (const { keyword, campaign, adClicks: clicks, cost, ...counts } of (await keywordReport(analyst, period)).rows)
    lines.add(keyword === "（キーワードなし）" ? campaign : keyword, { ...counts, clicks, cost: Number(cost ?? 0) });
  return lines.all();
}

/** The drawing by weeks or months, and the same from a report of each of them. */
async function drawn(unit: "week" | "month", period: Period) {
  const { points } = await readTrend({ unit, period });
  const reports = [];
  for (const bucket of bucketsOf(unit, period)) {
    const lines = await readLines(bucket);
    const { totals } = summaryOf(lines);
    reports.push({ period: bucket, totals, costs: costSumsOf(lines.rows.map(({ line }) => line)) });
  }
  return { points, reports };
}

const tables = [
  ...["closures", "consultations", "cases", "download_grants", "leads", "visits", "clicks", "landing_months"],
  ...["lead_months", "landing_lines", "landing_month_states", "lead_month_states", "lead_changes", "ad_imports"],
  ...["bids", "ad_spend", "search_terms", "spend_months", "spend_spans", "rate_windows"],
];

async function emptyWorld(owner: Db): Promise<void> {
  for (const table of tables) await owner.execute(sql.raw(`delete from ${table}`));
  await owner.execute(sql`insert into guides (slug, title) values ('world', 'world') on conflict do nothing`);
  await owner.execute(sql`insert into staff (id, name, email, role)
    values (${closer}, 'world', 'world@example.jp', 'manager') on conflict do nothing`);
}

/** Imports each file twice, and takes some of them back. */
function importSteps(files: File[], undone: number[], standing: Standing[]): (() => Promise<void>)[] {
  const imports = files.flatMap((file, no) =>
    textsOf(file, no).map((text) => async () => {
      const { id = "", refusal } = await take(text, { account });
      expect(refusal).toBeUndefined();
      expect((await take(text, { account })).refusal).toContain("取り込み済み");
      const isOfText = ({ from, to }: Line) => (text.includes(",日,") ? from === to : text.includes(`${from} - ${to}`));
      standing.push({ file, id, lines: file.lines.filter(isOfText) });
    }),
  );
  const undoing = undone.map((at) => async () => {
    const [gone] = standing.splice(at % Math.max(1, standing.length), 1);
    if (gone) await undoImport(null, gone.id);
  });
  return [...imports, ...undoing];
}

const periods: Period[] = [
  { from: "2025-11-01", to: "2026-06-30" },
  { from: "2026-02-01", to: "2026-02-28" },
  { from: day(3), to: day(length - 5) },
  { from: "2025-12-15", to: "2026-01-31" },
];

const drawings: ["week" | "month", Period][] = [
  ["month", { from: "2025-11-10", to: "2026-06-30" }],
  // Monday, 1 December: the first week begins with a month that is rolled up.
  ["week", { from: "2025-12-01", to: "2026-01-31" }],
];

test("every figure of the report equals what the sentences count", async () => {
  const owner = connectAsOwner();
  const world = fc.record({
    visits: fc.array(visitOf, { minLength: 1, maxLength: 16 }),
    files: fc.array(
      fileOf.map((file): File => ({ ...file, account })),
      { maxLength: 3 },
    ),
    undone: fc.array(fc.nat(9), { maxLength: 1 }),
    // Where among the visits imports and roll-ups happen.
    mixed: fc.array(fc.nat(), { minLength: 12, maxLength: 12 }),
    rolled: fc.array(fc.nat(30), { maxLength: 2 }),
    changes: fc.array(changeOf, { maxLength: 5 }),
  });
  await fc.assert(
    fc.asyncProperty(world, async ({ visits, files, undone, mixed, rolled, changes }) => {
      await emptyWorld(owner);
      const standing: Standing[] = [];
      const seen = new World(owner);
      const steps = hitsOf(visits).map((hit) => () => seen.open(hit));
      let at = 0;
      for (const [n, step] of importSteps(files, undone, standing).entries()) {
        at += 1 + ((mixed[n % mixed.length] ?? 0) % 5);
        steps.splice(Math.min(at, steps.length), 0, step);
      }
      const rollUp = async () => {
        for (const run of [rollUpLandings, rollUpLeads]) await run(new Date("2026-11-20T12:00:00+09:00"));
      };
      for (const change of changes) steps.splice(Math.min(change.place, steps.length), 0, () => seen.change(change));
      for (const place of rolled) steps.splice(Math.min(place, steps.length), 0, rollUp);
      for (const step of steps) await step();
      for (const period of periods) expect(await reported(period)).toEqual(expected(seen, standing, period));
      await rollUp();
      for (const [unit, period] of drawings) {
        const { points, reports } = await drawn(unit, period);
        expect(points).toEqual(reports);
      }
      for (const period of periods) expect(await reported(period)).toEqual(expected(seen, standing, period));
    }),
    { numRuns: 40 },
  );
  await disconnect(owner);
}, 300_000);
