/** Two workers send one issue and are killed in turn, the mail server refuses and hangs up, and readers leave meanwhile. */

import { execFileSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { seededRandom } from "#db/random/seeded.ts";
import { queuedAgain } from "#emails/outbox/outbox.ts";
import type { Drill, How, Outcome } from "./frame/drill.ts";
import { drain, endLeases } from "./frame/ledger.ts";
import type { MadeReaders } from "./frame/make-readers.ts";
import { kill, type Stage, staged } from "./frame/stage.ts";

export const newsletter: Drill = {
  about:
    "two workers are killed while they send an issue to a mail server that refuses and hangs up, and readers leave",
  sizes: { readers: 10_000, kills: 10, leavers: 60, seed: 7 },
  short: { readers: 300, kills: 1, leavers: 8 },
  run: (how) => staged((stage) => run(stage, how)),
};

/** Messages under way at once, of each worker. */
const connections = 5;

async function run(stage: Stage, how: How): Promise<Outcome> {
  Object.assign(stage.variables, { MAIL_CONNECTIONS: String(connections) });
  stage.startMailServer("rough");
  const { port } = await stage.start({ ROLE: "web" });
  const { newsletterId, leavers } = makeReaders(stage, how);
  how.say(`${how.size("readers")} readers; sending …`);
  await stage.cli("newsletter", "send", newsletterId);
  const workers = [stage.startWorker(), stage.startWorker()];
  const pressed = press(stage, port, leavers, how);
  const killed = await killInTurn(stage, workers, how);
  const presses = await pressed;
  if (how.isShort) {
    // The leases of the killed cannot be told from those of the living: until these have no work left.
    while ((await waiting(stage)) > 0) await sleep(100);
    await sleep(1000);
    await endLeases(stage);
  }
  how.say("waiting for the end …");
  const seconds = await drain(stage, how);
  const first = await read(stage);
  await decideAll(stage);
  const more = await drain(stage, how);
  return outcome({ first, last: await read(stage), presses, kills: killed, seconds: seconds + more });
}

function makeReaders(stage: Stage, how: How): MadeReaders {
  const sizes = [String(how.size("readers")), String(how.size("leavers"))];
  const out = execFileSync(process.execPath, ["tests/drill/frame/make-readers.ts", ...sizes], {
    env: { ...process.env, LOG: "off", ...stage.variables },
    encoding: "utf8",
  });
  return JSON.parse(out) as MadeReaders;
}

/** How much of the issue has come to an end. */
async function progress(stage: Stage): Promise<number> {
  return stage.withDatabase(async (owner) => {
    const [row] = await owner.execute<{ share: number }>(sql`
      select (count(*) filter (where state not in ('queued', 'leased')))::float8 / greatest(1, count(*)) as share
      from deliveries where kind = 'newsletter'`);
    return row?.share ?? 0;
  });
}

/** How many nobody holds; those that were refused for now are tried again at once. */
async function waiting(stage: Stage): Promise<number> {
  return stage.withDatabase(async (owner) => {
    await owner.execute(sql`update deliveries set due_at = now() where state = 'retry'`);
    const [row] = await owner.execute<{ count: number }>(
      sql`select count(*)::int as count from deliveries where state in ('queued', 'retry')`,
    );
    return row?.count ?? 0;
  });
}

async function until(stage: Stage, share: number): Promise<void> {
  while ((await progress(stage)) < share) await sleep(20);
}

async function killInTurn(stage: Stage, workers: ChildProcess[], how: How): Promise<number> {
  const random = seededRandom(how.size("seed"));
  const kills = how.size("kills");
  for (let n = 0; n < kills; n++) {
    await until(stage, (n + 0.5) / (kills + 1));
    const place = n % workers.length;
    how.say(`${Math.round((await progress(stage)) * 100)} % done; killing a worker …`);
    await kill(workers[place] as ChildProcess);
    await sleep(random.between(0, 300));
    // In the short form the other one does the rest.
    if (!how.isShort) workers[place] = stage.startWorker();
  }
  return kills;
}

interface Press {
  subscriberId: string;
  /** When the answer to the press came, in milliseconds of this machine's clock. */
  answeredAt: number;
}

/** The leavers press the button of their mail's link, or of an earlier mail's, one after the other over the whole sending. */
async function press(stage: Stage, port: number, leavers: MadeReaders["leavers"], how: How): Promise<Press[]> {
  const presses: Press[] = [];
  for (const [n, { subscriberId, token }] of leavers.toReversed().entries()) {
    await until(stage, (n / leavers.length) * 0.8);
    const answer = await fetch(`http://127.0.0.1:${port}/u/${token}`, { method: "POST", redirect: "manual" });
    if (answer.status >= 400) throw new Error(`the press was answered with ${answer.status}`);
    presses.push({ subscriberId, answeredAt: Date.now() });
  }
  how.say(`${presses.length} readers have left`);
  return presses;
}

interface Message extends Record<string, unknown> {
  id: string;
  subscriberId: string;
  state: string;
  reply: string | null;
  repeated: boolean;
  marked: boolean;
  markedAfterLeaving: boolean;
}

interface Facts {
  audience: number;
  messages: Message[];
  /** Of each Message-ID, when it came. */
  arrived: Map<string, number[]>;
}

async function read(stage: Stage): Promise<Facts> {
  const lines = existsSync(stage.mailLog) ? readFileSync(stage.mailLog, "utf8").trim().split("\n") : [];
  const arrived = new Map<string, number[]>();
  for (const line of lines.filter(Boolean)) {
    const [id = "", , time] = line.split(" ");
    arrived.set(id, [...(arrived.get(id) ?? []), Number(time)]);
  }
  return stage.withDatabase(async (owner) => {
    const messages = await owner.execute<Message>(sql`
      select d.message_id as id, d.subscriber_id as "subscriberId", d.state, d.reply, d.repeated,
        d.handing_over_at is not null as marked,
        coalesce(d.handing_over_at > (select max(s.unsubscribed_at) from subscriptions s where s.subscriber_id = d.subscriber_id), false)
          as "markedAfterLeaving"
      from deliveries d where d.kind = 'newsletter'`);
    const [issue] = await owner.execute<{ audience: number }>(
      sql`select audience from newsletters where audience is not null`,
    );
    return { audience: issue?.audience ?? 0, messages: [...messages], arrived };
  });
}

/** Somebody decides to send again all of which nobody knows whether they arrived. */
async function decideAll(stage: Stage): Promise<void> {
  await stage.withDatabase((owner) =>
    owner.execute(sql`update deliveries set ${queuedAgain(false)} where state = 'uncertain'`),
  );
}

interface Found {
  first: Facts;
  last: Facts;
  presses: Press[];
  kills: number;
  seconds: number;
}

function outcome({ first, last, presses, kills, seconds }: Found): Outcome {
  const of = ({ messages }: Facts, is: (message: Message) => boolean) => messages.filter(is).length;
  const times = (id: string) => last.arrived.get(id)?.length ?? 0;
  const uncertain = first.messages.filter(({ state }) => state === "uncertain");
  const died = uncertain.filter(({ reply }) => reply === "sender died").length;
  const repeats = [...last.arrived.values()].reduce((sum, { length }) => sum + length - 1, 0);
  const left = new Map(presses.map(({ subscriberId, answeredAt }) => [subscriberId, answeredAt]));
  const isLeaver = ({ subscriberId }: Message) => left.has(subscriberId);
  const known = new Set(last.messages.map(({ id }) => id));
  const lateOf = (message: Message) =>
    (last.arrived.get(message.id) ?? []).filter((time) => time > (left.get(message.subscriberId) ?? Infinity)).length;
  const explained: Record<string, (message: Message) => boolean> = {
    accepted: () => true,
    failed: ({ reply }) => reply?.startsWith("550") === true,
    uncertain: ({ marked }) => marked,
    cancelled: isLeaver,
    suppressed: isLeaver,
  };
  const checks: [number, string][] = [
    [first.audience - first.messages.length, "of the audience have no row, or (-) rows nobody is for"],
    [of(last, ({ state, id }) => state === "accepted" && times(id) === 0), "are called accepted and never came"],
    [of(first, (message) => explained[message.state]?.(message) !== true), "ended in a way that nothing explains"],
    [[...last.arrived.keys()].filter((id) => !known.has(id)).length, "came that the ledger does not know"],
    [of(last, ({ id, repeated }) => times(id) > 1 && !repeated), "came twice and are not marked"],
    [Math.max(0, repeats - uncertain.length), "came twice beyond those that were marked in flight"],
    [of(last, (message) => message.markedAfterLeaving), "were handed over to somebody who had left"],
    [Math.max(0, died - kills * connections * 3), "are uncertain beyond three times the connections for each kill"],
  ];
  const counts = {
    "workers killed": kills,
    audience: first.audience,
    ...Object.fromEntries(
      Object.keys(explained).map((state) => [`first ${state}`, of(first, (message) => message.state === state)]),
    ),
    "uncertain by kills": died,
    "came twice, each marked": repeats,
    "readers who left": presses.length,
    "of these on their way at the press": last.messages.reduce((sum, message) => sum + lateOf(message), 0),
    "seconds until the last mail": seconds,
  };
  const losses = checks.filter(([count]) => count !== 0).map(([count, sentence]) => `${count} ${sentence}`);
  return { counts, losses };
}
