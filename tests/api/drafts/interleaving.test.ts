/** Whatever two people send about one case in whatever order: no word of theirs is lost, and none is stored twice. */

import { eq } from "drizzle-orm";
import * as fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { draftsOfPage } from "#api/drafts/drafts.ts";
import { briefIn } from "#api/peers/brief.ts";
import { eraseFamily } from "#api/privacy/erase.ts";
import { db } from "#db/client.ts";
import { cases, entries } from "#db/schema/cases.ts";
import { consultations } from "#db/schema/consultations.ts";
import { contactCorrections } from "#db/schema/contact-corrections.ts";
import { messages } from "#db/schema/messages.ts";
import { sideNotes } from "#db/schema/side-notes.ts";
import { type CaseKey, unseal, unwrap } from "#db/vault/vault.ts";
import { type Fields, get, type Member, member, postForm, receive, signIn } from "../requests.ts";

/** Posts with words; the others change the case around them. */
const writing = ["entry", "reply", "contact", "side-note", "brief", "hand-over", "call", "call-draft"] as const;
const acts = [...writing, "type", "close", "reopen", "unassign", "assign", "erase", "sign-out"] as const;

type Posted = Exclude<(typeof acts)[number], "erase" | "sign-out">;

interface Step {
  /** 0: the coordinator; 1: the peer, whose case it is while it is assigned. */
  who: 0 | 1;
  act: (typeof acts)[number];
  /** How often the button is pressed, at once. */
  presses: number;
  /** Whether the next step does not wait for this one. */
  isParallel: boolean;
}

const step = fc.record<Step>({
  who: fc.constantFrom(0, 1),
  act: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...writing) },
    { weight: 2, arbitrary: fc.constantFrom(...acts.filter((act) => act !== "erase")) },
    { weight: 1, arbitrary: fc.constantFrom(...acts) },
  ),
  presses: fc.constantFrom(1, 1, 2, 3),
  isParallel: fc.boolean(),
});

interface Person {
  member: Member;
  /** Of the live session; a sign-out drops it for the posts that follow, until the person signs in again. */
  cookie: string;
}

let people: [Person, Person];
/** Who is handed cases. */
let colleague: Member;
beforeAll(async () => {
  const [one, other] = [await member("coordinator"), await member("peer")];
  colleague = await member("coordinator");
  people = [
    { member: one, cookie: await signIn(one) },
    { member: other, cookie: await signIn(other) },
  ];
});

const entry = { happened_at: "2026-11-20T10:00", channel: "note", from_party: "staff", to_party: "staff" };
/** Where a call is taken in. Its words are the writer's own until they are kept in a case. */
const intake = "/staff/cases/new";
let counter = 0;

/** One run: a case, and what was typed into it with what its answers showed. */
class Run {
  /** `mayBeErased`: typed before an erasure, if there is one, or saved while typing, so that it still stands in the box. */
  readonly typed = new Map<string, { answers: string[]; mayBeErased: boolean }>();
  readonly caseId: string;
  readonly reference: string;
  readonly failures: number[] = [];
  isErased = false;
  /** Whether the erasure was over, so that what is typed from now on must come back in its answer. */
  isErasureOver = false;
  constructor(received: { caseId: string; reference: string }) {
    this.caseId = received.caseId;
    this.reference = received.reference;
  }

  async take({ who, act, presses }: Step): Promise<void> {
    const person = people[who];
    if (act === "sign-out") return this.signOut(person);
    if (act === "erase") {
      this.isErased = true;
      await eraseFamily(this.reference);
      this.isErasureOver = true;
      return;
    }
    const wasErased = this.isErasureOver;
    const text = `ことば${++counter}ばん`;
    const key = `run-${counter}`;
    const [action, sent, words = []] = (await this.formsWith(text))[act];
    const fields = { ...sent, [act === "type" ? "draft_key" : "key"]: key };
    const answers = await Promise.all(Array.from({ length: presses }, () => this.post(person, action, fields)));
    this.failures.push(...answers.map(({ status }) => status).filter((status) => status >= 500));
    // What is saved while somebody types still stands in the box: a script reads the answer, nobody else.
    const mayBeErased = !wasErased || act === "type";
    for (const word of words) this.typed.set(word, { answers: answers.map(({ html }) => html), mayBeErased });
  }

  /** What each act posts, as the page of this moment would: where to, its fields, and the texts that were typed. */
  private async formsWith(text: string): Promise<Record<Posted, [string, Fields, string[]?]>> {
    const path = `/staff/cases/${this.caseId}`;
    const [version, latest] = [String((await this.row())?.version ?? 1), await this.newest(messages)];
    const peer = { staff_id: people[1].member.id };
    const brief = await this.brief();
    const call = { message: text, heard: `${text}きいた`, to_case: this.caseId };
    return {
      entry: [`${path}/entries`, { ...entry, what: text }, [text]],
      reply: [`${path}/replies`, { reply: text, latest, take: "true" }, [text]],
      contact: [`${path}/contact`, { name: text, reply_by: "none", version }, [text]],
      "side-note": [`${path}/side-note`, { note: text, latest: await this.newest(sideNotes) }, [text]],
      // There is one current text: whoever writes adds to what the page shows.
      brief: [`${path}/brief`, { brief: [...brief.lines, text].join("\n"), seen: brief.id }, [text]],
      "hand-over": [`${path}/hand-over`, { to: colleague.id, note: text, version }, [text]],
      call: [intake, call, [text, call.heard]],
      "call-draft": [intake, { ...call, do: "draft" }, [text, call.heard]],
      type: ["/staff/drafts", { what: text, draft_form: `${path}/entries`, draft_page: path }, [text]],
      close: [`${path}/closures`, { reason: "settled", owed: "not_needed", version }],
      reopen: [`${path}/reopen`, {}],
      assign: [`${path}/assignments`, peer],
      unassign: [`${path}/assignments/end`, peer],
    };
  }

  private async post({ cookie }: Person, action: string, fields: Fields) {
    const answer = await postForm(action, fields, { cookie });
    return { status: answer.status, html: await answer.text() };
  }

  /** What is typed and sent after a sign-out comes back in the answer; then the person signs in again. */
  private async signOut(person: Person): Promise<void> {
    await postForm("/staff/sign-out", {}, { cookie: person.cookie });
    const text = `ことば${++counter}ばん`;
    const lost = await this.post(person, `/staff/cases/${this.caseId}/entries`, { ...entry, what: text, key: text });
    this.typed.set(text, { answers: [lost.html], mayBeErased: false });
    person.cookie = await signIn(person.member);
  }

  private async row() {
    const [row] = await db.select().from(cases).where(eq(cases.id, this.caseId));
    return row;
  }

  /** Id of the newest row of this table in the case; "" without one. */
  private async newest(table: typeof messages | typeof sideNotes): Promise<string> {
    const rows = await db.select({ id: table.id }).from(table).where(eq(table.caseId, this.caseId));
    return (
      rows
        .map(({ id }) => id)
        .toSorted()
        .at(-1) ?? ""
    );
  }

  private async key(): Promise<CaseKey | undefined> {
    const wrapped = (await this.row())?.wrappedKey ?? null;
    return wrapped === null ? undefined : unwrap(wrapped, "cases.wrapped_key", this.caseId);
  }

  private async brief(): Promise<{ id: string; lines: string[] }> {
    const key = await this.key();
    const found = key && (await briefIn(db, this.caseId, key));
    return found ? { id: found.id, lines: found.text.split("\n") } : { id: "", lines: [] };
  }

  /** Every text stored in the case, opened, of those that a run types. */
  async stored(): Promise<string[]> {
    const key = await this.key();
    if (key === undefined) return [];
    const { caseId } = this;
    const written = await db.select().from(entries).where(eq(entries.caseId, caseId));
    const sent = await db.select().from(messages).where(eq(messages.caseId, caseId));
    const notes = await db.select().from(sideNotes).where(eq(sideNotes.caseId, caseId));
    const asked = await db.select().from(consultations).where(eq(consultations.caseId, caseId));
    const corrected = await db.select().from(contactCorrections).where(eq(contactCorrections.caseId, caseId));
    const json = (text: string) => JSON.parse(text) as { what?: string; name?: string };
    return [
      ...written.map(({ id, body }) => json(unseal(key, body, "entries.body", id)).what),
      ...sent.map(({ id, body }) => unseal(key, body, "messages.body", id)),
      ...notes.map(({ id, body }) => unseal(key, body, "side_notes.body", id)),
      ...asked.map(({ id, contact }) => json(unseal(key, contact, "consultations.contact", id)).name),
      ...corrected.map(({ id, before }) => json(unseal(key, before, "contact_corrections.before", id)).name),
      ...(await this.brief()).lines,
    ].flatMap(textsIn);
  }

  /** Every text in a draft of one of the two, on this page. */
  async drafted(page = `/staff/cases/${this.caseId}`): Promise<string[]> {
    const found = await Promise.all(people.map(({ member: { id } }) => draftsOfPage(id, page)));
    return found
      .flat()
      .flatMap(({ values }) => Object.values(values))
      .flatMap((value) => (typeof value === "string" ? textsIn(value).slice(-1) : []));
  }
}

/** The texts of runs in this one: a brief has several, and a call what else was typed below its words. */
const textsIn = (text: string | undefined) => text?.match(/ことば\d+ばん(?:きいた)?/gu) ?? [];

test("every typed text is in the case, in a draft or in an answer, and none is there twice", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 8 }), async (steps) => {
      const run = new Run(await receive());
      let waiting: Promise<void>[] = [];
      for (const one of steps) {
        // Signing out while another form of the same person is under way would sign the person in twice at once.
        if (one.act === "sign-out") await Promise.all(waiting);
        const taken = run.take(one);
        waiting.push(taken);
        if (!one.isParallel || one.act === "sign-out") {
          await Promise.all(waiting);
          waiting = [];
        }
      }
      await Promise.all(waiting);
      expect(run.failures).toEqual([]);
      const pages = ["", "/contact", "/brief", "/hand-over", "/close"].map(
        (page) => `/staff/cases/${run.caseId}${page}`,
      );
      const about = (await Promise.all(pages.map((page) => run.drafted(page)))).flat();
      const [stored, drafted] = [await run.stored(), [...about, ...(await run.drafted(intake))]];
      expect(new Set(stored).size).toBe(stored.length);
      expect(stored.filter((text) => drafted.includes(text))).toEqual([]);
      for (const [text, { answers, mayBeErased }] of run.typed) {
        const isKept = stored.includes(text) || drafted.includes(text) || answers.some((html) => html.includes(text));
        expect([text, isKept || (run.isErased && mayBeErased)]).toEqual([text, true]);
      }
      if (run.isErased) expect([stored, about]).toEqual([[], []]);
      const page = await get(`/staff/cases/${run.caseId}`, { cookie: people[0].cookie });
      expect(page.status).toBe(200);
    }),
    { numRuns: 40 },
  );
});
