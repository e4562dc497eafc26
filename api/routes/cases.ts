import { Hono } from "hono";
import { z } from "zod";
import { NotFound } from "#db/errors.ts";
import { isId } from "#db/schema/columns.ts";
import { type House, type HouseContext, staffOf } from "../context.ts";
import { AssignmentForm, ClosureForm, EntryForm, StateForm } from "../forms/cases.ts";
import { submitted } from "../submit.ts";
import { addEntry, assign, changeState, close, reopen, unassign } from "../triage.ts";

/** The case in the path; a malformed id is as absent as a foreign one. */
export function caseId(c: HouseContext): string {
  const id = c.req.param("id");
  if (!isId(id)) throw new NotFound("case");
  return id as string;
}

const back = (c: HouseContext, done: string) => c.redirect(`/staff/cases/${caseId(c)}?done=${done}`, 303);
const form = <S extends z.ZodType>(c: HouseContext, schema: S) => submitted(c, schema, `/staff/cases/${caseId(c)}`);

export const cases = new Hono<House>()
  .basePath("/staff/cases/:id")
  .post("/state", async (c) => {
    await changeState(staffOf(c), caseId(c), await form(c, StateForm));
    return back(c, "state");
  })
  .post("/assignments", async (c) => {
    await assign(staffOf(c), caseId(c), await form(c, AssignmentForm));
    return back(c, "assigned");
  })
  .post("/assignments/end", async (c) => {
    const { staff_id } = await form(c, AssignmentForm);
    await unassign(staffOf(c), caseId(c), staff_id);
    return back(c, "unassigned");
  })
  .post("/entries", async (c) => {
    await addEntry(staffOf(c), caseId(c), await form(c, EntryForm));
    return back(c, "entry");
  })
  .post("/closures", async (c) => {
    await close(staffOf(c), caseId(c), await form(c, ClosureForm));
    return back(c, "closed");
  })
  .post("/reopen", async (c) => {
    await form(c, z.strictObject({}));
    await reopen(staffOf(c), caseId(c));
    return back(c, "reopened");
  });
