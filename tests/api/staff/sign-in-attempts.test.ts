/** Guessing is slowed by account and network; nobody keeps anybody else out. */

import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { deleteExpired } from "#api/privacy/retention.ts";
import { secondsToWait } from "#api/sign-in/attempts.ts";
import { disableStaff } from "#api/staff/disable.ts";
import { db } from "#db/client.ts";
import { env } from "#db/env.ts";
import { signInAttempts, staffNetworks, staffTwoFactors } from "#db/schema/staff.ts";
import { words } from "../../site/html.ts";
import { totpCode } from "../../totp.ts";
import { cookiesOf, freshCode, type Member, member, password, postForm, postJson } from "../requests.ts";

let who: Member;
let networks = 0;
const newNetwork = () => `192.0.${(networks >> 8) & 255}.${networks++ & 255}`;

// The clock stands still but for `pass`, so that no delay depends on how fast this machine is.
beforeAll(() => void vi.useFakeTimers({ toFake: ["Date"], now: Date.now() }));
afterAll(() => void vi.useRealTimers());

beforeEach(async () => {
  who = await member("coordinator");
});

const wrong = "not the password at all";
const attempt = (typed: string, from: string, email = who.email) =>
  postForm("/staff/sign-in", { email, password: typed }, { from });
const statusOf = async (typed: string, from: string, email = who.email) => (await attempt(typed, from, email)).status;

/** Statuses of wrong passwords, one after the other. */
async function guesses(count: number, from: string, email = who.email): Promise<number[]> {
  const statuses: number[] = [];
  for (let i = 0; i < count; i++) statuses.push(await statusOf(wrong, from, email));
  return statuses;
}

/** Lets this many seconds go by. */
const pass = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000);

/** Signs in with password and code from this network. */
async function signInFrom(from: string): Promise<number> {
  const first = await attempt(password, from);
  if (first.status !== 303) return first.status;
  const code = await freshCode(who);
  return (await postForm("/staff/sign-in/code", { code }, { cookie: cookiesOf(first), from })).status;
}

/** Strangers in many networks who go on whatever they are told. */
async function attack(email = who.email): Promise<number[]> {
  const statuses: number[] = [];
  for (let i = 0; i < 8; i++) statuses.push(...(await guesses(3, newNetwork(), email)));
  return statuses;
}

describe("wrong passwords for one account", () => {
  test("250 from 25 networks: each network's first is looked at, hardly any other", async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 25; i++) statuses.push(...(await guesses(10, newNetwork())));
    expect(statuses.filter((status) => status === 422)).toHaveLength(5 + 24);
    expect(statuses.filter((status) => status === 429)).toHaveLength(250 - 29);
  });

  test("from one network: five at once, then seconds that double up to a minute, said in the answer", async () => {
    const from = newNetwork();
    expect(await guesses(6, from)).toEqual([422, 422, 422, 422, 422, 429]);
    const waits: number[] = [];
    for (let i = 0; i < 8; i++) {
      const answer = await attempt(wrong, from);
      expect(answer.status).toBe(429);
      const seconds = Number(answer.headers.get("retry-after"));
      expect(words(await answer.text())).toContain(`${seconds}秒待って`);
      waits.push(seconds);
      pass(seconds);
      expect(await statusOf(wrong, from)).toBe(422);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
  });

  test("at the same moment do not slip past", async () => {
    const from = newNetwork();
    const statuses = await Promise.all(Array.from({ length: 12 }, () => statusOf(wrong, from)));
    expect(statuses.filter((status) => status === 422)).toHaveLength(5);
  });

  test("answer the same whether or not the account exists, letter by letter", async () => {
    const told = async (email: string) => {
      const from = newNetwork();
      const answers: unknown[] = [];
      for (let i = 0; i < 7; i++) {
        const answer = await attempt(wrong, from, email);
        const text = (await answer.text()).replaceAll(email, "…");
        answers.push([answer.status, answer.headers.get("retry-after"), answer.headers.getSetCookie(), text]);
      }
      await attack(email);
      const other = newNetwork();
      await attempt(wrong, other, email);
      answers.push((await attempt(wrong, other, email)).headers.get("retry-after"));
      return answers;
    };
    expect(await told(who.email)).toEqual(await told("nobody-at-all@example.jp"));
  });

  test("sent by a program are slowed alike, however the address is spelt", async () => {
    const from = newNetwork();
    const headers = { origin: env.PUBLIC_ORIGIN };
    await guesses(3, from);
    const statuses: number[] = [];
    for (let i = 0; i < 3; i++) {
      const body = { email: who.email.toUpperCase(), password: wrong };
      const answer = await postJson("/api/auth/sign-in/email", body, { from, headers });
      statuses.push(answer.status);
      if (answer.status === 429) expect(answer.headers.get("retry-after")).toBe("1");
    }
    expect(statuses).toEqual([401, 401, 429]);
  });
});

describe("the person, while strangers try without end,", () => {
  test("gets in at once from where they signed in before, also after mistakes of their own", async () => {
    const home = newNetwork();
    expect(await signInFrom(home)).toBe(303);
    await attack();
    expect(await guesses(4, home)).toEqual([422, 422, 422, 422]);
    expect(await signInFrom(home)).toBe(303);
  });

  test("is not slowed elsewhere by their own mistakes at home", async () => {
    const home = newNetwork();
    expect(await signInFrom(home)).toBe(303);
    await guesses(6, home);
    const elsewhere = newNetwork();
    expect(await guesses(2, elsewhere)).toEqual([422, 422]);
    expect(await signInFrom(elsewhere)).toBe(303);
  });

  test("gets in at once from a new place", async () => {
    await attack();
    expect(await signInFrom(newNetwork())).toBe(303);
  });

  test("gets in from a new place after a mistake and the stated seconds, at most a minute", async () => {
    const strangers = [newNetwork(), newNetwork(), newNetwork()];
    for (const from of strangers) await guesses(4, from);
    await attack();
    const place = newNetwork();
    expect(await statusOf(wrong, place)).toBe(422);
    const early = await attempt(password, place);
    const seconds = Number(early.headers.get("retry-after"));
    expect([early.status, seconds > 0, seconds <= 60]).toEqual([429, true, true]);
    pass(seconds);
    // The strangers are first in every open second, and then come too early again.
    for (const from of strangers) await guesses(3, from);
    expect(await signInFrom(place)).toBe(303);
  });

  test("does not wait longer for having asked too early", async () => {
    const place = newNetwork();
    await guesses(12, place);
    pass(1);
    expect(await signInFrom(place)).toBe(303);
  });

  test("a right password forgives the mistakes of its own network only", async () => {
    const [mine, theirs] = [newNetwork(), newNetwork()];
    await guesses(5, theirs);
    await guesses(4, mine);
    pass(60);
    expect(await statusOf(password, mine)).toBe(303);
    expect(await guesses(1, mine)).toEqual([422]);
    pass(60);
    expect(await guesses(2, theirs)).toEqual([422, 429]);
  });
});

describe("wrong codes, of somebody who stole the password,", () => {
  const halfway = async (from: string) => cookiesOf(await attempt(password, from));
  const sendCode = async (code: string, cookie: string, from: string) =>
    postForm("/staff/sign-in/code", { code }, { cookie, from });

  test("lock out strangers, and not the person where they usually sign in", async () => {
    const home = newNetwork();
    expect(await signInFrom(home)).toBe(303);
    for (let i = 0; i < 10; i++) {
      const from = newNetwork();
      expect((await sendCode("000000", await halfway(from), from)).status).toBe(422);
    }
    const stranger = newNetwork();
    const refused = await sendCode(await freshCode(who), await halfway(stranger), stranger);
    expect([refused.status, Number(refused.headers.get("retry-after")) > 60]).toEqual([429, true]);
    expect(await signInFrom(home)).toBe(303);
  });

  test("are slowed from one network, too, whatever the number of fresh sign-ins", async () => {
    const from = newNetwork();
    await db.update(staffTwoFactors).set({ lockedUntil: null }).where(eq(staffTwoFactors.userId, who.id));
    const statuses: number[] = [];
    for (let i = 0; i < 7; i++) statuses.push((await sendCode("000000", await halfway(from), from)).status);
    expect(statuses).toEqual([422, 422, 422, 422, 422, 429, 429]);
    pass(1);
    expect((await sendCode(totpCode(who.totpSecret), await halfway(from), from)).status).toBe(303);
  });
});

describe("what is kept", () => {
  test("no address and no network in the open; attempts for an hour, networks for 30 days or until the person is stopped", async () => {
    const home = newNetwork();
    expect(await signInFrom(home)).toBe(303);
    await guesses(1, home, "unheard-of@example.jp");
    const kept = [...(await db.select().from(signInAttempts)), ...(await db.select().from(staffNetworks))];
    const text = kept
      .map((row) =>
        Object.values(row).map((value) => (Buffer.isBuffer(value) ? value.toString("latin1") : String(value))),
      )
      .join(" ");
    for (const plain of [home, "unheard-of", who.email]) expect(text).not.toContain(plain);

    const later = (days: number) => new Date(Date.now() + days * 86_400_000);
    const mine = () => db.$count(staffNetworks, eq(staffNetworks.staffId, who.id));
    await deleteExpired(later(0.9 / 24));
    expect(await db.$count(signInAttempts)).toBeGreaterThan(0);
    await deleteExpired(later(1.1 / 24));
    expect([await db.$count(signInAttempts), await mine()]).toEqual([0, 1]);
    await deleteExpired(later(29.9));
    expect(await mine()).toBe(1);
    await deleteExpired(later(30.1));
    expect(await mine()).toBe(0);

    expect(await signInFrom(home)).toBe(303);
    await disableStaff(who.email);
    expect(await mine()).toBe(0);
  });
});

test.each([
  ["a first attempt, under whatever attack", { failures: 0, total: 1000, isKnown: false, elapsed: 0 }, 0],
  ["a few mistakes", { failures: 4, total: 4, isKnown: false, elapsed: 0 }, 0],
  ["one more", { failures: 5, total: 5, isKnown: false, elapsed: 0 }, 1],
  ["a part of a second left", { failures: 5, total: 5, isKnown: false, elapsed: 999 }, 1],
  ["none left", { failures: 5, total: 5, isKnown: false, elapsed: 1000 }, 0],
  ["many mistakes", { failures: 500, total: 500, isKnown: false, elapsed: 0 }, 60],
  ["one mistake under attack", { failures: 1, total: 1000, isKnown: false, elapsed: 20_000 }, 40],
  ["one mistake under attack from a known network", { failures: 1, total: 1000, isKnown: true, elapsed: 0 }, 0],
  ["many mistakes in a known network", { failures: 9, total: 0, isKnown: true, elapsed: 0 }, 16],
  ["a clock that runs behind", { failures: 500, total: 0, isKnown: false, elapsed: -5000 }, 60],
])("seconds to wait after %s", (_, standing, seconds) => {
  expect(secondsToWait(standing)).toBe(seconds);
});
