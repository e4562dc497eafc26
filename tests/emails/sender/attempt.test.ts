import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { leaseSeconds } from "#emails/outbox/outbox.ts";
import { handToServer } from "#emails/sender/attempt.ts";
import type { OutgoingMail } from "#emails/smtp/mailer.ts";
import type { Outcome } from "#emails/smtp/outcome.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const send = (mailer: (signal: AbortSignal) => Promise<Outcome>) =>
  handToServer({ deliveryId: "x" } as OutgoingMail, {
    compose: () => Promise.reject(new Error("is not called")),
    mailer: { send: (_message, signal = new AbortController().signal) => mailer(signal), close: () => {} },
  });

test("a mail server that says nothing is given up before the lease ends", async () => {
  const given = send(
    (signal) => new Promise((resolve) => signal.addEventListener("abort", () => resolve({ state: "unreachable" }))),
  );
  await vi.advanceTimersByTimeAsync((leaseSeconds - 1) * 1000);
  expect(await given).toEqual({ state: "unreachable" });
});

test("of a message that was sent no timer stays", async () => {
  await send(async () => ({ state: "accepted" }));
  expect(vi.getTimerCount()).toBe(0);
});
