/** Invented calls: one to be called back, a visitor who was answered at once, and one whose consent is still to be asked for. */

import type { Transaction } from "#db/client.ts";
import type { CallForm } from "./forms.ts";
import { insertCall } from "./receive-call.ts";

const hourMs = 3_600_000;

const sampleCalls: { hours: number; form: CallForm }[] = [
  {
    hours: 5,
    form: {
      lead_channel: "phone",
      phone: "090-0000-0183",
      name: "見本のご家族",
      message: "（見本）来週から入院します。上の子の朝の送り出しを、だれにお願いできるか知りたいそうです。",
      answer: "call_back",
      consent: "given",
      heard: "病院・医療職の紹介",
    },
  },
  {
    hours: 72,
    form: {
      lead_channel: "visit",
      name: "見本のご家族",
      message: "（見本）学校に出す書類の書き方を、その場でいっしょに確かめました。",
      answer: "spoken",
      consent: "given",
      heard: "となりの相談室の紹介",
    },
  },
  {
    hours: 33 * 24,
    form: {
      lead_channel: "phone",
      phone: "086-000-0184",
      message: "（見本）話を聞いてほしいとのお電話でした。電話が切れて、同意はうかがえていません。",
      answer: "none",
      consent: "not_asked",
    },
  },
];

/** Taken by the first coordinator. Returns how many. */
export async function insertSampleCalls(
  tx: Transaction,
  { coordinators: [first = ""] }: { coordinators: readonly string[] },
  now: Date,
): Promise<number> {
  for (const { hours, form } of sampleCalls) {
    const at = new Date(now.getTime() - hours * hourMs);
    await insertCall(tx, { id: first }, form, at, at);
  }
  return sampleCalls.length;
}
