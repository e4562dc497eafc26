/** Whatever two people send about one case in whatever order: no word of theirs is lost, and none is stored twice. */

import { and, eq } from "drizzle-orm";
import * as fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { draftsOfPage } from "#api/drafts/drafts.ts";
import { eraseFamily } from "#api/privacy/erase.ts";
import { db } from "#db/client.ts";
import { cases, entries } from "#db/schema/cases.ts";
import { messages } from "#db/schema/messages.ts";
import { unseal, unwrap } from "#db/vault/vault.ts";
import { type Fields, get, type Member, member, postForm, receive, signIn } from "../requests.ts";

const acts = ["entry", "reply", "type", "close", "reopen", "unassign", "assign", "erase", "sign-out"] as const;

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
    { weight: 3, arbitrary: fc.constantFrom("entry", "reply") },
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
beforeAll(async () => {
  const [one, other] = [await member("coordinator"), await member("peer")];
  people = [
    { member: one, cookie: await signIn(one) },
    { member: other, cookie: await signIn(other) },
  ];
});

const entry = { happened_at: "2026-11-20T10:00", channel: "note", from_party: "staff", to_party: "staff" };
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
    const path = `/staff/cases/${this.caseId}`;
    const wasErased = this.isErasureOver;
    const text = `ことば${++counter}ばん`;
    const key = `run-${counter}`;
    const peer = { staff_id: people[1].member.id };
    const forms: Record<Exclude<Step["act"], "sign-out" | "erase">, [string, Fields, string?]> = {
      entry: [`${path}/entries`, { ...entry, what: text, key }, text],
      reply: [`${path}/replies`, { reply: text, latest: await this.latest(), key }, text],
      type: ["/staff/drafts", { what: text, draft_form: `${path}/entries`, draft_page: path, draft_key: key }, text],
      close: [`${path}/closures`, { reason: "settled", version: await this.version(), key }],
      reopen: [`${path}/reopen`, { key }],
      assign: [`${path}/assignments`, { ...peer, key }],
      unassign: [`${path}/assignments/end`, { ...peer, key }],
    };
    const [action, fields, words] = forms[act];
    const answers = await Promise.all(Array.from({ length: presses }, () => this.post(person, action, fields)));
    this.failures.push(...answers.map(({ status }) => status).filter((status) => status >= 500));
    // What is saved while somebody types still stands in the box: a script reads the answer, nobody else.
    const mayBeErased = !wasErased || act === "type";
    if (words !== undefined) this.typed.set(words, { answers: answers.map(({ html }) => html), mayBeErased });
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

  private version = async () => String((await this.row())?.version ?? 1);

  private async latest(): Promise<string> {
    const rows = await db.select({ id: messages.id }).from(messages).where(eq(messages.caseId, this.caseId));
    return (
      rows
        .map(({ id }) => id)
        .toSorted()
        .at(-1) ?? ""
    );
  }

  /** Every text stored in the case, opened. */
  async stored(): Promise<string[]> {
    const wrapped = (await this.row())?.wrappedKey ?? null;
    if (wrapped === null) return [];
    const key = unwrap(wrapped, "cases.wrapped_key", this.caseId);
    const written = await db.select().from(entries).where(eq(entries.caseId, this.caseId));
    const sent = await db
      .select()
      .from(messages)
      .where(and(eq(messages.caseId, this.caseId)));
    return [
      ...written.map(({ id, body }) => (JSON.parse(unseal(key, body, "entries.body", id)) as { what: string }).what),
      ...sent.map(({ id, body }) => unseal(key, body, "messages.body", id)),
    ];
  }

  /** Every text in a draft of one of the two. */
  async drafted(): Promise<string[]> {
    const found = await Promise.all(
      people.map(({ member: { id } }) => draftsOfPage(id, `/staff/cases/${this.caseId}`)),
    );
    return found.flat().flatMap(({ values }) => Object.values(values).filter((one) => typeof one === "string"));
  }
}

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
      const [stored, drafted] = [await run.stored(), await run.drafted()];
      expect(new Set(stored).size).toBe(stored.length);
      expect(stored.filter((text) => drafted.includes(text))).toEqual([]);
      for (const [text, { answers, mayBeErased }] of run.typed) {
        const isKept = stored.includes(text) || drafted.includes(text) || answers.some((html) => html.includes(text));
        expect([text, isKept || (run.isErased && mayBeErased)]).toEqual([text, true]);
      }
      if (run.isErased) expect([stored, drafted]).toEqual([[], []]);
      const page = await get(`/staff/cases/${run.caseId}`, { cookie: people[0].cookie });
      expect(page.status).toBe(200);
    }),
    { numRuns: 40 },
  );
});
