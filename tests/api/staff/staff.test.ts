import { eq, isNotNull, isNull, sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { auth } from "#api/sign-in/auth.ts";
import { enrolmentOf } from "#api/sign-in/credentials.ts";
import { addStaff } from "#api/staff/add.ts";
import { disableStaff } from "#api/staff/disable.ts";
import { setUpToken } from "#api/staff/invite.ts";
import { db } from "#db/client.ts";
import { env } from "#db/env.ts";
import { deliveries } from "#db/schema/mail.ts";
import { invitations, staff, staffSessions, staffTwoFactors } from "#db/schema/staff.ts";
import { tokenForId } from "#db/vault/tokens.ts";
import { elements, words } from "../../site/html.ts";
import { totpCode } from "../../totp.ts";
import {
  ask,
  asProgram,
  cookiesOf,
  freshCode,
  get,
  type Member,
  member,
  password,
  postForm,
  postJson,
  refusedPage,
  signIn,
  trailOf,
} from "../requests.ts";

const person = { name: "見本 管理", email: "First.Manager@example.jp", password };

async function rowOf(email: string) {
  const [row] = await db.select().from(staff).where(eq(staff.email, email.toLowerCase()));
  if (!row) throw new Error("no such member of staff");
  return row;
}

/** The status of a page, and where it sends. */
async function visit(path: string, cookie: string): Promise<string> {
  const answer = await get(path, { cookie, headers: { accept: "text/html" } });
  return `${answer.status} ${answer.headers.get("location") ?? ""}`.trim();
}

/** Password only; the cookies of a sign-in that still wants a code. */
async function halfway({ email }: { email: string }): Promise<string> {
  return cookiesOf(await postForm("/staff/sign-in", { email, password }));
}

const sendCode = (code: string, cookie: string) => postForm("/staff/sign-in/code", { code }, { cookie });

describe("the set-up link", () => {
  let token = "";
  let cookie = "";

  test("stays the same until it is used", async () => {
    token = (await setUpToken()) ?? "";
    expect([...token].length).toBeGreaterThan(40);
    const both = await Promise.all([setUpToken(), setUpToken()]);
    expect(both).toEqual([token, token]);
    expect(words(await (await get(`/staff/invitations/${token}`)).text())).toContain("最初の管理者の登録");
  });

  test.each([
    ["no address", { name: "a", password }, ["#email"]],
    ["a short password", { ...person, password: "short" }, ["#password"]],
    ["nothing", {}, ["#name", "#password"]],
    ["a control character in the name", { ...person, name: "a\0" }, ["#name"]],
    ["a role of one's own choice", { ...person, role: "manager" }, []],
  ])("%s: shown again without the password, and the link stays good", async (_, fields, links) => {
    const answer = await postForm(`/staff/invitations/${token}`, fields as Record<string, string>);
    const html = await answer.text();
    expect(answer.status).toBe(422);
    expect(
      elements(html, "a")
        .map(({ href = "" }) => href)
        .filter((href) => href.startsWith("#") && href !== "#main"),
    ).toEqual(links);
    expect(elements(html, "input").find(({ name }) => name === "password")?.["value"]).toBe("");
  });

  test("makes one manager, once, whoever else holds it", async () => {
    const path = `/staff/invitations/${token}`;
    const answers = await Promise.all(
      ["First.Manager", "second", "third"].map((name) => postForm(path, { ...person, email: `${name}@example.jp` })),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([303, 410, 410]);
    const made = await db.select().from(staff);
    expect(made.map(({ role, twoFactorEnabled }) => [role, twoFactorEnabled])).toEqual([["manager", false]]);
    expect(await setUpToken()).toBeUndefined();
    const winner = answers.find(({ status }) => status === 303);
    expect(winner?.headers.get("location")).toBe("/staff/two-factor");
    cookie = cookiesOf(winner as Response);
    person.email = made[0]?.email ?? "";
    expect((await get(path)).status).toBe(410);
    expect((await postForm(path, { odd: "1" })).status).toBe(410);
  });

  test("until the authenticator is set up, the session opens nothing else", async () => {
    for (const path of ["/staff", "/staff/people", "/staff/mail", "/staff/keywords.csv", "/staff/cases/x"])
      expect([path, await visit(path, cookie)]).toEqual([path, "303 /staff/two-factor"]);
    const invite = await postForm("/staff/people", { email: "x@example.jp", role: "manager" }, { cookie });
    expect(invite.status).toBe(401);
    expect(await invite.text()).toContain("先に認証アプリの設定が必要なため");
    expect(await db.select().from(invitations).where(isNotNull(invitations.email))).toEqual([]);
  });

  test("a wrong number does not set it up, the right one does, and its secret is never shown again", async () => {
    const { id, email } = await rowOf(person.email);
    const enrolment = await enrolmentOf(id, email);
    const html = await (await get("/staff/two-factor", { cookie })).text();
    expect(html).toContain(enrolment?.secret);
    expect(enrolment?.backupCodes.every((code) => html.includes(code))).toBe(true);

    const wrong = await postForm("/staff/two-factor", { code: "000000" }, { cookie });
    expect([wrong.status, (await rowOf(email)).twoFactorEnabled]).toEqual([422, false]);
    // A code kept for a lost phone proves no phone.
    await postForm("/staff/two-factor", { code: enrolment?.backupCodes[0] ?? "" }, { cookie });
    expect((await rowOf(email)).twoFactorEnabled).toBe(false);
    expect(await visit("/staff", cookie)).toBe("303 /staff/two-factor");

    const right = await postForm("/staff/two-factor", { code: totpCode(enrolment?.secret ?? "") }, { cookie });
    // The first manager is led to the first questions, once; nobody is held there.
    expect([right.status, right.headers.get("location")]).toEqual([303, "/staff/settings/first-run"]);
    const session = cookiesOf(right, cookie);
    expect(await visit("/staff", session)).toBe("200");
    expect(await visit("/staff/two-factor", session)).toBe("303 /staff");
    expect(await enrolmentOf(id, email)).toBeUndefined();

    const lost = await halfway({ email });
    const backup = enrolment?.backupCodes[1] ?? "";
    expect((await sendCode(backup, lost)).status).toBe(303);
    expect((await sendCode(backup, await halfway({ email }))).status).toBe(422);
  });
});

describe("an invitation", () => {
  let manager: Member;
  let cookie = "";
  beforeAll(async () => {
    manager = await member("manager");
    cookie = await signIn(manager);
  });

  async function invite(email: string, role: string): Promise<string> {
    const answer = await postForm("/staff/people", { email, role }, { cookie });
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/staff/people?done=invited"]);
    const [row] = await db.select().from(invitations).where(eq(invitations.email, email));
    return row?.id ?? "";
  }

  test("is mailed, and makes one person of that role and address, whatever else is typed", async () => {
    const id = await invite("peer.new@example.jp", "peer");
    const mails = await db.select().from(deliveries).where(eq(deliveries.invitationId, id));
    expect(mails.map(({ kind, state }) => [kind, state])).toEqual([["invitation", "queued"]]);
    const path = `/staff/invitations/${tokenForId("invitation", id)}`;
    const shown = words(await (await get(path)).text());
    expect(shown).toContain("ピアサポーター");
    expect(shown).toContain("peer.new@example.jp");
    const taken = { name: "見本 そら", email: manager.email, password };
    const answers = await Promise.all([postForm(path, taken), postForm(path, taken)]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([303, 410]);
    const made = await rowOf("peer.new@example.jp");
    expect([made.role, made.name]).toEqual(["peer", "見本 そら"]);
    expect(await trailOf(id)).toEqual([
      { action: "invite", staffId: manager.id, detail: { role: "peer" } },
      { action: "accept", staffId: made.id, detail: { role: "peer" } },
    ]);
  });

  test("past its date is gone, and a forged one never was", async () => {
    const id = await invite("late@example.jp", "analyst");
    await db
      .update(invitations)
      .set({ expiresAt: sql`now() - interval '1 second'` })
      .where(eq(invitations.id, id));
    const late = `/staff/invitations/${tokenForId("invitation", id)}`;
    const forged = `/staff/invitations/${tokenForId("download", id)}`;
    const statuses: number[] = [];
    for (const path of [late, forged])
      statuses.push((await get(path)).status, (await postForm(path, { name: "a", password })).status);
    expect(statuses).toEqual([410, 410, 404, 404]);
  });

  test("to somebody who is staff already is refused, and the page keeps what was typed", async () => {
    const answer = await postForm("/staff/people", { email: manager.email.toUpperCase(), role: "analyst" }, { cookie });
    const html = (await refusedPage(answer, cookie)) ?? "";
    expect(html).toContain(manager.email.toUpperCase());
    expect(words(html)).toContain("すでに登録されています");
  });
});

describe("signing in", () => {
  let who: Member;
  beforeAll(async () => {
    who = await member("coordinator");
  });

  test("says the same of a wrong password and of an unknown address", async () => {
    const told = await Promise.all(
      [who.email, "nobody@example.jp"].map(async (email) => {
        const answer = await postForm("/staff/sign-in", { email, password: "not the password at all" });
        return [answer.status, (await answer.text()).replaceAll(email, "…"), answer.headers.getSetCookie()];
      }),
    );
    expect(told[0]).toEqual(told[1]);
    expect(told[0]?.[0]).toBe(422);
  });

  test("opens nothing before the code", async () => {
    const answer = await postForm("/staff/sign-in", {
      email: ` ${who.email.toUpperCase()} `,
      password,
      next: "/staff/mail",
    });
    expect(answer.headers.get("location")).toBe("/staff/sign-in/code?next=%2Fstaff%2Fmail");
    const cookie = cookiesOf(answer);
    expect(await visit("/staff", cookie)).toBe("303 /staff/sign-in?next=%2Fstaff");
    expect(await visit("/staff/two-factor", cookie)).toContain("303 /staff/sign-in");
    expect(await db.select().from(staffSessions).where(eq(staffSessions.userId, who.id))).toEqual([]);
  });

  test("takes the code however it is typed, and refuses a wrong or an old one", async () => {
    const cookie = await halfway(who);
    const old = totpCode(who.totpSecret, Date.now() - 10 * 60_000);
    for (const code of ["000000", old, "12345", "", "abcde-fghij"])
      expect([code, (await sendCode(code, cookie)).status]).toEqual([code, 422]);
    const fresh = await halfway(who);
    const typed = (await freshCode(who))
      .replace(/^(...)/u, "$1 ")
      .replaceAll(/\d/gu, (digit) => String.fromCodePoint(0xff10 + Number(digit)));
    expect((await sendCode(typed, fresh)).status).toBe(303);
  });

  test("after many wrong codes waits, whichever way they came", async () => {
    const victim = await member("coordinator");
    for (let i = 0; i < 10; i++) await sendCode("000000", await halfway(victim));
    const answer = await sendCode(totpCode(victim.totpSecret), await halfway(victim));
    expect([422, 429]).toContain(answer.status);
    await db
      .update(staffTwoFactors)
      .set({ lockedUntil: sql`now() - interval '1 second'` })
      .where(eq(staffTwoFactors.userId, victim.id));
    expect((await sendCode(totpCode(victim.totpSecret), await halfway(victim))).status).toBe(303);
  });

  test("sets cookies that stay on this host, out of scripts' reach", async () => {
    const first = await postForm("/staff/sign-in", { email: who.email, password });
    const second = await sendCode(await freshCode(who), cookiesOf(first));
    const lines = [...first.headers.getSetCookie(), ...second.headers.getSetCookie()];
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) {
      expect(line).toMatch(/^__Host-komichi\./u);
      expect(line.toLowerCase().split("; ")).toEqual(
        expect.arrayContaining(["httponly", "secure", "samesite=lax", "path=/"]),
      );
      expect(line).not.toMatch(/domain=/iu);
    }
  });

  const places: [string, string][] = [
    ["/staff/cases/x?done=1", "/staff/cases/x?done=1"],
    ["/staff?state=open", "/staff?state=open"],
    ...[
      ...["https://evil.example", "//evil.example", "/\\evil.example", "/staff//evil.example", "/staff\\@evil.example"],
      ...["/staffing", "/consultation", "javascript:alert(1)", "/staff/\r\nSet-Cookie: a=b", "/staff/\tx", ""],
    ].map((next): [string, string] => [next, "/staff"]),
  ];
  test.each(places)("goes on from %j to %j", async (next, place) => {
    const first = await postForm("/staff/sign-in", { email: who.email, password, next });
    expect(first.headers.get("location")).toBe(`/staff/sign-in/code?next=${encodeURIComponent(place)}`);
    const cookie = cookiesOf(first);
    const second = await postForm("/staff/sign-in/code", { code: await freshCode(who), next }, { cookie });
    expect([second.status, second.headers.get("location")]).toEqual([303, place]);
  });

  test("a device cannot be trusted in place of the code", async () => {
    const cookie = await halfway(who);
    const headers = { origin: env.PUBLIC_ORIGIN };
    const verified = await postJson(
      "/api/auth/two-factor/verify-totp",
      { code: await freshCode(who), trustDevice: true },
      { cookie, headers },
    );
    const trusted = verified.headers
      .getSetCookie()
      .map((line) => line.split(";")[0])
      .join("; ");
    const again = await postForm("/staff/sign-in", { email: who.email, password }, { cookie: trusted });
    expect(again.headers.get("location")).toBe("/staff/sign-in/code?next=%2Fstaff");
    const left = cookiesOf(
      again,
      trusted
        .split("; ")
        .filter((pair) => !pair.includes("session_token"))
        .join("; "),
    );
    expect(await visit("/staff", left)).toContain("303 /staff/sign-in");
  });

  test.each([
    ["an IPv4 address", (i: number) => (i < 20 ? "198.51.100.7" : "198.51.100.8")],
    ["an IPv6 /64", (i: number) => (i < 20 ? `2001:db8:0:7::${i}` : "2001:db8:0:8::1")],
  ])("is tried at most 20 times a minute from %s; others go on", async (_, from) => {
    let asked = 0; // each for another account: those of one account are slowed earlier
    const attempt = (address: string) =>
      postForm("/staff/sign-in", { email: `nobody-${++asked}@example.jp`, password }, { from: address });
    for (let i = 0; i < 20; i++) expect((await attempt(from(i))).status).toBe(422);
    const refused = await attempt(from(19));
    expect([refused.status, Number(refused.headers.get("retry-after")) > 0]).toEqual([429, true]);
    expect((await attempt(from(20))).status).toBe(422);
  });
});

describe("a session", () => {
  let who: Member;
  let cookie = "";
  beforeAll(async () => {
    who = await member("manager");
  });

  const sessions = () => db.select().from(staffSessions).where(eq(staffSessions.userId, who.id));
  const shift = (column: "seenAt" | "expiresAt", interval: string) =>
    db
      .update(staffSessions)
      .set({ [column]: sql`now() + ${interval}::interval` })
      .where(eq(staffSessions.userId, who.id));

  async function fresh() {
    await db.delete(staffSessions).where(eq(staffSessions.userId, who.id));
    cookie = await signIn(who);
    expect(await visit("/staff", cookie)).toBe("200");
  }

  test("lives on with use, up to 30 idle minutes", async () => {
    await fresh();
    await shift("seenAt", "-29 minutes");
    expect(await visit("/staff", cookie)).toBe("200");
    const [session] = await sessions();
    expect(Date.now() - (session?.seenAt.getTime() ?? 0)).toBeLessThan(60_000);
    await shift("seenAt", "-31 minutes");
    expect(await visit("/staff", cookie)).toBe("303 /staff/sign-in?next=%2Fstaff");
    expect(await sessions()).toEqual([]);
  });

  test("ends 12 hours after it began, however busy", async () => {
    await fresh();
    const [before] = await sessions();
    const hours = ((before?.expiresAt.getTime() ?? 0) - (before?.createdAt.getTime() ?? 0)) / 3_600_000;
    expect(Math.round(hours * 10) / 10).toBe(12);
    await visit("/staff", cookie);
    expect((await sessions())[0]?.expiresAt).toEqual(before?.expiresAt);
    await shift("expiresAt", "-1 second");
    expect(await visit("/staff", cookie)).toContain("303 /staff/sign-in");
  });

  test("ends with the sign-out, for whoever copied its cookie as well", async () => {
    await fresh();
    const answer = await postForm("/staff/sign-out", {}, { cookie });
    expect([answer.status, answer.headers.get("location"), cookiesOf(answer, cookie)]).toEqual([
      303,
      "/staff/sign-in",
      "",
    ]);
    expect(await visit("/staff", cookie)).toContain("303 /staff/sign-in");
  });

  test("ends at once when the person is disabled, who cannot come back", async () => {
    await fresh();
    const started = await halfway(who);
    await disableStaff(who.email);
    expect(await visit("/staff", cookie)).toContain("303 /staff/sign-in");
    const answer = await sendCode(totpCode(who.totpSecret), started);
    expect(await visit("/staff", cookiesOf(answer, started))).toContain("303 /staff/sign-in");
    expect(await visit("/staff", await signIn(who))).toContain("303 /staff/sign-in");
    expect(await sessions()).toEqual([]);
  });

  test("of another product or an altered one is none", async () => {
    const other = await member("manager");
    const real = await signIn(other);
    const [name = "", value = ""] =
      real
        .split("; ")
        .find((pair) => pair.includes("session_token"))
        ?.split(/=(.*)/su) ?? [];
    const [session] = await db.select().from(staffSessions).where(eq(staffSessions.userId, other.id));
    const forged = [
      `${name}=${session?.token}`,
      `${name}=${session?.token}.AAAA`,
      `${name}=${value.replace(/^./u, (c) => (c === "a" ? "b" : "a"))}`,
    ];
    for (const pair of [...forged, `komichi.session_token=${value}`, `__Secure-komichi.session_token=${value}`])
      expect(await visit("/staff", pair)).toContain("303 /staff/sign-in");
  });

  test("a manager cannot disable themselves; another can be, by name", async () => {
    const [one, other] = [await member("manager"), await member("manager")];
    const mine = await signIn(one);
    const statuses: number[] = [];
    for (const email of [one.email, one.email.toUpperCase(), "nobody@example.jp", other.email])
      statuses.push((await postForm("/staff/people/disable", { email }, { cookie: mine, headers: asProgram })).status);
    expect(statuses).toEqual([409, 409, 404, 303]);
    expect((await rowOf(other.email)).disabledAt).not.toBeNull();
    expect(await trailOf(other.id)).toContainEqual({ action: "disable", staffId: one.id, detail: {} });
  });
});

describe("what other sites make a browser send", () => {
  let cookie = "";
  beforeAll(async () => {
    cookie = await signIn(await member("manager"));
  });
  const foreign: [string, Record<string, string>, number][] = [
    ["neither header", {}, 403],
    ["Origin: null", { origin: "null" }, 403],
    ["another Origin", { origin: "https://evil.example" }, 403],
    ["cross-site", { "sec-fetch-site": "cross-site" }, 403],
    ["same-site", { "sec-fetch-site": "same-site", origin: "http://sub.localhost" }, 403],
    ["none", { "sec-fetch-site": "none" }, 403],
    ["our Origin", { origin: env.PUBLIC_ORIGIN }, 303],
    ["same-origin", { "sec-fetch-site": "same-origin" }, 303],
  ];
  test.each(foreign)("a staff form with %s: %i", async (_, headers, status) => {
    const body = new URLSearchParams({ email: `${crypto.randomUUID()}@example.jp`, role: "analyst" });
    const answer = await ask("/staff/people", {
      method: "POST",
      headers: { accept: "text/html", cookie, ...headers },
      body,
    });
    expect(answer.status).toBe(status);
  });

  test.each(foreign.filter(([, , status]) => status === 403))(
    "a sign-in by JSON with %s is refused",
    async (_, headers) => {
      const answer = await postJson("/api/auth/sign-in/email", { email: "a@example.jp", password }, { headers });
      expect(answer.status).toBe(403);
    },
  );
});

describe("better-auth's own interface", () => {
  const open = ["/sign-in/email", "/sign-out", "/two-factor/verify-totp", "/two-factor/verify-backup-code"];
  const all = Object.values(auth().api as unknown as Record<string, { path?: string }>).flatMap(
    ({ path }) => path ?? [],
  );

  test("offers signing in and out, and nothing else, to anyone", async () => {
    expect(all).toEqual(
      expect.arrayContaining([...open, "/sign-up/email", "/update-user", "/two-factor/disable", "/list-sessions"]),
    );
    const cookies = [undefined, await signIn(await member("manager"))];
    const closed = all.filter((path) => !open.includes(path)).map((path) => path.replaceAll(/:\w+/gu, "x"));
    const spellings = closed.flatMap((path) => [path, `${path}/`, `/${path}`, path.replace("e", "%65")]);
    for (const path of spellings) {
      for (const cookie of cookies) {
        const sent = { cookie, headers: { origin: env.PUBLIC_ORIGIN } };
        const body = { email: "x@example.jp", name: "x", password, newPassword: password, role: "manager" };
        const answers = [await get(`/api/auth${path}`, sent), await postJson(`/api/auth${path}`, body, sent)];
        expect([path, ...answers.map(({ status }) => status)]).toEqual([path, 404, 404]);
      }
    }
  });

  test("signs programs in by the same two steps", async () => {
    const who = await member("analyst");
    const headers = { origin: env.PUBLIC_ORIGIN };
    const first = await postJson("/api/auth/sign-in/email", { email: who.email, password }, { headers });
    expect(await first.json()).toEqual({ twoFactorRedirect: true, twoFactorMethods: ["totp"] });
    const cookie = cookiesOf(first);
    const second = await postJson(
      "/api/auth/two-factor/verify-totp",
      { code: totpCode(who.totpSecret) },
      { headers, cookie },
    );
    expect(await visit("/staff/keywords", cookiesOf(second, cookie))).toBe("200");
  });

  test("nobody becomes staff, or more than they are, through it", async () => {
    const before = await db.select().from(staff);
    const half = cookiesOf(await postForm("/staff/sign-in", { email: before[0]?.email ?? "", password }));
    for (const path of all)
      await postJson(
        `/api/auth${path}`,
        { email: "evil@example.jp", name: "x", password, role: "manager" },
        { cookie: half, headers: { origin: env.PUBLIC_ORIGIN } },
      );
    const after = await db.select().from(staff);
    expect(after.map(({ id, role, email }) => [id, role, email])).toEqual(
      before.map(({ id, role, email }) => [id, role, email]),
    );
  });
});

test("the same address cannot be added twice, in any spelling", async () => {
  const { email } = await member("peer");
  await expect(addStaff({ email: email.toUpperCase(), name: "x", role: "manager", password })).rejects.toMatchObject({
    name: "Refused",
  });
});

test("somebody stopped can be invited anew: same person, new password and authenticator, the old ones dead", async () => {
  const manager = await signIn(await member("manager"));
  const lost = await member("coordinator");
  const { id, email } = lost;
  const invitation = { email, role: "peer" };
  expect((await postForm("/staff/people", invitation, { cookie: manager, headers: asProgram })).status).toBe(409);
  await disableStaff(email);
  expect((await postForm("/staff/people", invitation, { cookie: manager })).status).toBe(303);
  const [open] = await db.select().from(invitations).where(eq(invitations.email, email));
  const link = `/staff/invitations/${tokenForId("invitation", open?.id ?? "")}`;
  const cookie = cookiesOf(await postForm(link, { name: "見本 もどる", password: "another sentence of some length" }));
  expect(await visit("/staff", cookie)).toBe("303 /staff/two-factor");
  expect(await rowOf(email)).toMatchObject({ id, role: "peer", name: "見本 もどる", disabledAt: null });
  expect((await postForm("/staff/sign-in", { email, password })).status).toBe(422);
  expect((await postForm("/staff/two-factor", { code: totpCode(lost.totpSecret) }, { cookie })).status).toBe(422);
  const secret = (await enrolmentOf(id, email))?.secret ?? "";
  expect((await postForm("/staff/two-factor", { code: totpCode(secret) }, { cookie })).status).toBe(303);
});

test("a set-up link that nobody used is void once somebody can sign in another way", async () => {
  const [accepted] = await db.select().from(invitations).where(isNull(invitations.email));
  const id = accepted?.id ?? "";
  await db.update(invitations).set({ acceptedAt: null }).where(eq(invitations.id, id));
  const link = `/staff/invitations/${tokenForId("invitation", id)}`;
  expect((await get(link)).status).toBe(410);
  const before = await db.$count(staff);
  const intruder = { name: "見本", email: "intruder@example.jp", password };
  expect((await postForm(link, intruder)).status).toBe(410);
  expect(await db.$count(staff)).toBe(before);
});
