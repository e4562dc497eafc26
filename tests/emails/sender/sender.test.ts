import { eq, inArray, sql } from "drizzle-orm";
import { afterEach, beforeEach, expect, inject, test, vi } from "vitest";
import { notify, connectAsOwner, db, disconnect } from "#db/client.ts";
import { siblingUrl } from "#db/cluster/cluster.ts";
import { deliveries } from "#db/schema/mail.ts";
import { claimBatch } from "#emails/outbox/outbox.ts";
import { wakeSenders } from "#emails/outbox/wake.ts";
import { type Sender, startSender } from "#emails/sender/sender.ts";
import { openMailer } from "#emails/smtp/mailer.ts";
import {
  canary,
  enqueueNow,
  makeConsultation,
  makeIssue,
  makeStaff,
  makeSubscriber,
  queueReceipts,
} from "../fixtures.ts";
import { openSmtpServer } from "../smtp-server.ts";

const delays = { retry: [20], giveUp: 3_600_000, uncertain: 20 };
const open: (() => Promise<unknown>)[] = [];

beforeEach(() => db.delete(deliveries));
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

async function startServer(...args: Parameters<typeof openSmtpServer>) {
  const server = await openSmtpServer(...args);
  open.push(server.close);
  return server;
}

function send(url: string, pollMs = 20, connections = 3): Sender {
  const mailer = openMailer({ smtpUrl: url, connections, signature: undefined });
  const sender = startSender({ pollMs, connections, mailer, delays, pausesMs: [20, 40] });
  open.push(() => sender.stop());
  return sender;
}

const stateOf = async (id: string) => {
  const [row] = await db.select().from(deliveries).where(eq(deliveries.id, id));
  return row;
};
const allReach = (state: "accepted" | "failed" | "uncertain" | "queued", ids: string[]) =>
  vi.waitFor(
    async () => {
      const rows = await db.select().from(deliveries).where(inArray(deliveries.id, ids));
      expect(rows.map((row) => row.state)).toEqual(ids.map(() => state));
    },
    { timeout: 90_000, interval: 20 },
  );

test("everything queued is sent once, and no mail holds a word of the consultation", async () => {
  const server = await startServer();
  const ids = await queueReceipts(20);
  send(server.url);
  await allReach("accepted", ids);
  const sent = server.received.map(({ text }) => /^Message-ID: <([^@]+)@/imu.exec(text)?.[1] ?? "");
  expect(sent.toSorted()).toEqual(ids.toSorted());
  const everything = server.received.map(({ text }) => text).join("\n");
  const decoded = everything.replace(/^[\w+/=]{20,}\r?$/gmu, (line) => Buffer.from(line, "base64").toString("utf8"));
  expect(decoded).toContain("受付番号");
  expect(decoded).not.toContain(canary);
});

test("two senders share the work without sending anything twice", async () => {
  const server = await startServer();
  const ids = await queueReceipts(30);
  send(server.url);
  send(server.url);
  await allReach("accepted", ids);
  expect(server.received.length).toBe(30);
});

test("receipts leave before newsletters that were queued earlier", async () => {
  const server = await startServer();
  const newsletterId = await makeIssue(await makeStaff());
  for (let i = 0; i < 10; i++) {
    const { subscriberId } = await makeSubscriber(`early${i}@example.jp`);
    await enqueueNow({ kind: "newsletter", newsletterId, subscriberId });
  }
  const ids = await queueReceipts(5);
  send(server.url, 20, 1);
  await allReach("accepted", ids);
  await vi.waitFor(() => expect(server.received.length).toBe(15), { timeout: 20_000 });
  const first = server.received.slice(0, 5).map(({ to }) => to[0]);
  expect(first.toSorted()).toEqual([0, 1, 2, 3, 4].map((i) => `family${i}@example.jp`));
});

test("a server that is unreachable loses nothing and costs no attempt", async () => {
  const gone = await openSmtpServer();
  await gone.close();
  const ids = await queueReceipts(3);
  send(gone.url);
  await vi.waitFor(async () => expect((await stateOf(ids[0] ?? ""))?.reply).toBe("ESOCKET"), { timeout: 20_000 });
  await startServer({}, gone.port);
  await allReach("accepted", ids);
  const rows = await db.select().from(deliveries);
  expect(rows.map(({ attempts, repeated }) => [attempts, repeated])).toEqual(ids.map(() => [1, false]));
});

test("a receipt whose fate is unknown is repeated with the same Message-ID, and the ledger says so", async () => {
  const server = await startServer({ hangUpAfterText: true });
  const ids = await queueReceipts(1);
  send(server.url);
  await vi.waitFor(async () => expect((await stateOf(ids[0] ?? ""))?.repeated).toBe(true), { timeout: 20_000 });
  server.faults.hangUpAfterText = false;
  await allReach("accepted", ids);
  expect(server.received.length).toBe(1);
  expect(server.received[0]?.text).toContain(`<${ids[0]}@example.jp>`);
});

test("a newsletter whose fate is unknown stays so until a person decides", async () => {
  const server = await startServer({ hangUpAfterText: true });
  const newsletterId = await makeIssue(await makeStaff());
  const { subscriberId } = await makeSubscriber("unknown@example.jp");
  const id = await enqueueNow({ kind: "newsletter", newsletterId, subscriberId });
  const sender = send(server.url);
  await allReach("uncertain", [id]);
  server.faults.hangUpAfterText = false;
  const [receiptId = ""] = await queueReceipts(1);
  sender.wake();
  await allReach("accepted", [receiptId]);
  expect([(await stateOf(id))?.state, server.received.length]).toEqual(["uncertain", 1]);
});

test("refused for now is tried again, refused for good is not", async () => {
  const server = await startServer({ recipient: 450 });
  const ids = await queueReceipts(1);
  send(server.url);
  await vi.waitFor(async () => expect((await stateOf(ids[0] ?? ""))?.attempts).toBeGreaterThan(1), { timeout: 20_000 });
  server.faults.recipient = 550;
  await allReach("failed", ids);
  expect((await stateOf(ids[0] ?? ""))?.reply).toBe("550");
});

test("an announcement from another process, or wakeSenders here, starts work at once", async () => {
  const server = await startServer();
  const sender = send(server.url, 3_600_000);
  const first = await queueReceipts(1);
  await vi.waitFor(
    async () => {
      await notify("deliveries"); // until the sender has begun to listen
      expect((await stateOf(first[0] ?? ""))?.state).toBe("accepted");
    },
    { timeout: 20_000, interval: 50 },
  );
  const second = await queueReceipts(1);
  wakeSenders();
  await allReach("accepted", second);
  await sender.stop();
});

test("stopping lets the message in flight finish and takes nothing new", async () => {
  const server = await startServer();
  const sender = send(server.url, 3_600_000, 1);
  const ids = await queueReceipts(5);
  sender.wake();
  await vi.waitFor(() => expect(server.received.length).toBeGreaterThan(0), { timeout: 20_000, interval: 1 });
  await sender.stop();
  const rows = await db.select().from(deliveries);
  const accepted = rows.filter(({ state }) => state === "accepted").length;
  expect(rows.every(({ state }) => state === "accepted" || state === "queued")).toBe(true);
  expect(accepted).toBe(server.received.length);
  expect(ids.length).toBe(5);
});

test("a message nobody can compose is tried later and stops no other", async () => {
  const server = await startServer();
  const { leadId } = await makeConsultation("broken@example.jp");
  await db.execute("update consultations set contact = decode('00', 'hex')");
  const broken = await enqueueNow({ kind: "receipt", leadId });
  const ids = await queueReceipts(2);
  send(server.url);
  await allReach("accepted", ids);
  expect([(await stateOf(broken))?.state, (await stateOf(broken))?.reply]).not.toContain("accepted");
  expect(await claimBatch("bulk", 1)).toEqual([]);
});

test("a database that drops every connection again and again loses nothing and repeats nothing unseen", async () => {
  const server = await startServer();
  const ids = await queueReceipts(60);
  const owner = connectAsOwner(siblingUrl(inject("clusterUrl"), "postgres"));
  const [here] = await db.execute<{ name: string }>("select current_database() as name");
  const drop = () =>
    owner.execute(sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${here?.name ?? ""}`);
  send(server.url);
  for (let blow = 1; blow <= 5; blow++) {
    await vi.waitFor(() => expect(server.received.length).toBeGreaterThanOrEqual(blow * 8), {
      timeout: 90_000,
      interval: 1,
    });
    await drop();
  }
  await disconnect(owner);
  await vi.waitFor(() => db.execute("select 1"), { timeout: 20_000 });
  await allReach("accepted", ids);
  const repeated = (await db.select().from(deliveries)).filter((row) => row.repeated).length;
  expect(server.received.length).toBeGreaterThanOrEqual(60);
  expect(server.received.length).toBeLessThanOrEqual(60 + repeated);
}, 120_000);
