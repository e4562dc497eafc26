/** What staff may send as an entry of a case's journal. */

import { z } from "zod";
import { isTicked, requiredText, text } from "#api/forms/fields.ts";
import { entryOutcome, outcomeChannels, party, writtenChannel } from "#db/terms/cases.ts";
import { codes } from "#db/terms/codes.ts";

/** How far the clock of somebody's machine may be ahead of ours, ms. */
const clockSlackMs = 10 * 60_000;

/**
 * A wall-clock minute in Asia/Tokyo, as `<input type=datetime-local>` sends it. 31 September is refused, and so is a
 * moment to come, since the journal says what has happened.
 */
const TokyoMinute = z
  .string({ error: "日時を入力してください。" })
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/u, "日時を入力してください。例: 2026-11-20T14:30")
  .transform((value, context) => {
    const instant = new Date(`${value}:00+09:00`);
    const isReal =
      value >= "1900" &&
      !Number.isNaN(instant.getTime()) &&
      new Date(instant.getTime() + 9 * 3_600_000).toISOString().startsWith(value);
    const isOver = instant.getTime() <= Date.now() + clockSlackMs;
    if (isReal && isOver) return instant;
    const message = isReal
      ? "まだ来ていない日時です。いつのことかを確かめてください。"
      : "この日付はありません。日時を確認してください。";
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  });

const named = requiredText(200, "200 文字までで入力してください。", "お名前を入力してください。").optional();

/** A select without a choice sends "". */
const emptyAsAbsent = (value: unknown) => (value === "" ? undefined : value);

export const EntryForm = z
  .strictObject({
    happened_at: TokyoMinute,
    channel: z.enum(codes(writtenChannel), { error: "方法を選んでください。" }),
    from_party: z.enum(codes(party), { error: "だれから、を選んでください。" }),
    to_party: z.enum(codes(party), { error: "だれへ、を選んでください。" }),
    /** Of a call, visit or meeting. Only "spoke", from staff to the family, keeps a promise. */
    outcome: z.preprocess(
      emptyAsAbsent,
      z.enum(codes(entryOutcome), { error: "話せたかどうかを選び直してください。" }).optional(),
    ),
    who: named,
    whom: named,
    /** May be empty when nobody answered: there is nothing to tell then. */
    what: text(10_000, "10000 文字までで入力してください。").default(""),
    /** Ticked: peers who help in the case read it. */
    for_peers: isTicked.optional(),
  })
  .refine(({ what, outcome }) => what.trim() !== "" || outcome === "no_answer", {
    path: ["what"],
    message: "どんな対応をしたかを入力してください。",
    when: ({ value }) =>
      typeof value === "object" && value !== null && "what" in value && typeof value.what === "string",
  })
  .refine(({ channel, outcome }) => outcome === undefined || outcomeChannels.some((one) => one === channel), {
    path: ["outcome"],
    message:
      "話せたかどうかは、電話・訪問・会議や面談・オンラインの記録で選びます。メールとメモでは選ばないでください。",
  });

export type EntryForm = z.output<typeof EntryForm>;
