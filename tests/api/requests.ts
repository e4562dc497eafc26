/** Requests through the whole application, as browsers and programs send them; members of staff; and what the tables hold. */

import { eq, sql } from "drizzle-orm";
import { ConsultationForm } from "#api/intake/forms.ts";
import { receiveConsultation } from "#api/intake/receive.ts";
import { addStaff } from "#api/staff/add.ts";
import type { Staff } from "#db/actor.ts";
import { db } from "#db/client.ts";
import { env } from "#db/env.ts";
import { consultations } from "#db/schema/consultations.ts";
import { leads } from "#db/schema/leads.ts";
import { auditEvents, staffTwoFactors } from "#db/schema/staff.ts";
import type { Role } from "#db/terms/staff.ts";
import { application } from "../app.ts";
import { totpCode } from "../totp.ts";

export const app = await application();

/** Fields of a form: one value, or several under one name; with a file it is sent as multipart. */
export type Fields = Record<string, string | string[] | File>;

interface RequestOptions {
  cookie?: string | undefined;
  headers?: Record<string, string>;
  /** Address the request comes from; every request has one of its own unless one is given. */
  from?: string;
  method?: string;
}

let addresses = 0;
const nextAddress = () => `10.${(addresses >> 16) & 255}.${(addresses >> 8) & 255}.${addresses++ & 255}`;

/** One request through the whole application, from an address. */
export function ask(path: string, init: RequestInit = {}, from = nextAddress()): Promise<Response> {
  return Promise.resolve(app.request(path, init, { incoming: { socket: { remoteAddress: from } } } as object));
}

export function get(path: string, options: RequestOptions = {}): Promise<Response> {
  return ask(path, { method: options.method ?? "GET", headers: withCookie(options) }, options.from);
}

/** As a program posts. A string goes as it is. */
export function postJson(path: string, body: unknown, options: RequestOptions = {}): Promise<Response> {
  const headers = { "content-type": "application/json", ...withCookie(options) };
  return ask(
    path,
    { method: "POST", headers, body: typeof body === "string" ? body : JSON.stringify(body) },
    options.from,
  );
}

/** As a browser posts a form from one of our own pages; where what was sent is shown once more, that page. */
export async function postForm(path: string, fields: Fields, options: RequestOptions = {}): Promise<Response> {
  const hasFile = Object.values(fields).some((value) => value instanceof File);
  const body = hasFile ? new FormData() : new URLSearchParams();
  for (const [name, value] of Object.entries(fields))
    for (const one of [value].flat()) body.append(name, one as string);
  const headers = {
    accept: "text/html",
    origin: env.PUBLIC_ORIGIN,
    "sec-fetch-site": "same-origin",
    ...withCookie(options),
  };
  return followKept(await ask(path, { method: "POST", headers, body }, options.from), options);
}

/** Where a form that was sent leads to a kept page, that page; any other answer as it is. */
export async function followKept(answer: Response, options: RequestOptions = {}): Promise<Response> {
  const location = answer.headers.get("location") ?? "";
  const { cookie, from } = options;
  return answer.status === 303 && location.includes("/kept/")
    ? get(location, { cookie, ...(from && { from }) })
    : answer;
}

/** A program's Accept: its refused form is answered with the problem, a browser's leads to the page of the form. */
export const asProgram = { accept: "application/json" };

/** The page to which the answer to a refused staff form leads; undefined where the form was stored, or leads nowhere. */
export async function refusedPage(answer: Response, cookie: string): Promise<string | undefined> {
  const location = answer.headers.get("location") ?? "";
  if (answer.status !== 303 || location === "" || location.includes("?done=")) return undefined;
  return (await get(location, { cookie, headers: { accept: "text/html" } })).text();
}

const withCookie = ({ cookie, headers }: RequestOptions) => ({ ...headers, ...(cookie && { cookie }) });

/** The cookies an answer sets, as a browser would send them back; dropped ones left out. */
export function cookiesOf(answer: Response, before = ""): string {
  const jar = new Map(
    before
      .split("; ")
      .filter(Boolean)
      .map((pair) => pair.split(/=(.*)/su).slice(0, 2) as [string, string]),
  );
  for (const line of answer.headers.getSetCookie()) {
    const [, name = "", value = ""] = /^([^=]+)=([^;]*)/u.exec(line) ?? [];
    if (value === "" || /max-age=0\b/iu.test(line)) jar.delete(name);
    else jar.set(name, value);
  }
  return [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
}

export const password = "long enough to be a sentence";

/** A code that counts also when its person signed in a moment ago: as if the last one were long past. */
export async function freshCode({ id, totpSecret }: Pick<Member, "id" | "totpSecret">): Promise<string> {
  await db.update(staffTwoFactors).set({ lastStep: null }).where(eq(staffTwoFactors.userId, id));
  return totpCode(totpSecret);
}

export interface Member extends Staff {
  totpSecret: string;
}

let members = 0;

/** Somebody who can sign in. */
export async function member(role: Role): Promise<Member> {
  const person = { name: `見本 ${role}`, email: `${role}-${++members}@example.jp`, role };
  const { id, totpSecret } = await addStaff({ ...person, password });
  return { ...person, id, totpSecret };
}

/** Password and code; returns the session's cookies. */
export async function signIn(who: Member): Promise<string> {
  const first = await postForm("/staff/sign-in", { email: who.email, password });
  const cookie = cookiesOf(first);
  return cookiesOf(await postForm("/staff/sign-in/code", { code: await freshCode(who) }, { cookie }), cookie);
}

/** One request for help, taken in. */
export async function receive(fields: Record<string, unknown> = {}): Promise<{ reference: string; caseId: string }> {
  const form = ConsultationForm.parse({ message: "話を聞いてください。", reply_by: "none", consent: true, ...fields });
  const origin = { channel: "form", network: nextAddress(), key: undefined, now: new Date() } as const;
  const { reference } = await receiveConsultation(form, origin);
  return { reference, caseId: await caseOf(reference) };
}

export async function caseOf(reference: string): Promise<string> {
  const [row] = await db
    .select({ id: consultations.caseId })
    .from(consultations)
    .innerJoin(leads, eq(leads.id, consultations.leadId))
    .where(eq(leads.reference, reference));
  return row?.id ?? "";
}

/** The audit events of one thing, oldest first. */
export async function trailOf(nounId: string) {
  const rows = await db.select().from(auditEvents).where(eq(auditEvents.nounId, nounId)).orderBy(auditEvents.id);
  return rows.map(({ action, staffId, detail }) => ({ action, staffId, detail }));
}

/** Every table with all it holds, as text. */
export async function everything(): Promise<string> {
  const tables = await db.execute<{ name: string }>(
    sql`select tablename as name from pg_tables where schemaname = 'public' order by 1`,
  );
  let text = "";
  for (const { name } of tables) {
    const [row] = await db.execute<{ text: string }>(
      sql`select coalesce(string_agg(t::text, chr(10)), '') as text from ${sql.identifier(name)} t`,
    );
    text += `${row?.text ?? ""}\n`;
  }
  return text;
}

/** How many rows each table holds, the empty ones left out. */
export async function rowCounts(): Promise<Record<string, number>> {
  const tables = await db.execute<{ name: string }>(
    sql`select tablename as name from pg_tables where schemaname = 'public'`,
  );
  const counts: Record<string, number> = {};
  for (const { name } of tables) {
    const [row] = await db.execute<{ count: number }>(sql`select count(*)::int as count from ${sql.identifier(name)}`);
    if (row && row.count > 0) counts[name] = row.count;
  }
  return counts;
}
