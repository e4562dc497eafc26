/** What staff may send about a case. */

import { z } from "zod";
import { version } from "#api/forms/fields.ts";
import { assignmentRole, closureReason } from "#db/terms/cases.ts";
import { codes } from "#db/terms/codes.ts";
import { promiseEnd } from "#db/terms/promises.ts";

/** A select without a choice sends "". */
const emptyAsAbsent = (value: unknown) => (value === "" ? undefined : value);

/** Why answers that are still owed end with this change. Needed only where something is owed. */
const owed = z.preprocess(
  emptyAsAbsent,
  z.enum(codes(promiseEnd), { error: "お返事をしない理由を選び直してください。" }).optional(),
);

export const StateForm = z.strictObject({
  state: z.enum(["new", "open", "waiting"], { error: "状態を選んでください。" }),
  version,
  owed,
});

const staffId = z.uuid({ error: "担当する人を選んでください。" });

export const AssignmentForm = z.strictObject({
  staff_id: staffId,
  /** Absent: responsible where nobody is, a helper otherwise. */
  role: z.preprocess(
    emptyAsAbsent,
    z.enum(codes(assignmentRole), { error: "担当か手伝いかを選び直してください。" }).optional(),
  ),
});

export const UnassignmentForm = z.strictObject({ staff_id: staffId });

/** Ends what is owed without an answer. */
export const PromiseEndForm = z.strictObject({
  reason: z.enum(codes(promiseEnd), { error: "お返事をしない理由を選んでください。" }),
  version,
});

export const ClosureForm = z.strictObject({
  reason: z.enum(codes(closureReason), { error: "終了の理由を選んでください。" }),
  version,
  owed,
});

export type StateForm = z.output<typeof StateForm>;
export type AssignmentForm = Pick<z.output<typeof AssignmentForm>, "staff_id"> &
  Partial<z.output<typeof AssignmentForm>>;
export type PromiseEndForm = z.output<typeof PromiseEndForm>;
export type ClosureForm = z.output<typeof ClosureForm>;
