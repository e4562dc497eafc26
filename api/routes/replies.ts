import { Hono } from "hono";
import { NotFound } from "#db/errors.ts";
import { isId } from "#db/schema/columns.ts";
import { type House, type HouseContext, staffOf } from "../context.ts";
import { ReplacementForm, ReplyForm } from "../forms/replies.ts";
import { replaceReceiptCode, sendReply } from "../replies.ts";
import { submitted } from "../submit.ts";

/** The case in the path; a malformed id is as absent as a foreign one. */
function caseId(c: HouseContext): string {
  const id = c.req.param("id");
  if (!isId(id)) throw new NotFound("case");
  return id as string;
}

const page = (c: HouseContext) => `/staff/cases/${caseId(c)}`;

export const replies = new Hono<House>()
  .basePath("/staff/cases/:id")
  .post("/replies", async (c) => {
    await sendReply(staffOf(c), caseId(c), await submitted(c, ReplyForm, page(c)));
    return c.redirect(`${page(c)}?done=replied`, 303);
  })
  .post("/receipt-code", async (c) => {
    await submitted(c, ReplacementForm, page(c));
    // In the answer itself and nowhere else: a URL is kept by browsers.
    return c.get("show")(page(c), { receiptCode: await replaceReceiptCode(staffOf(c), caseId(c)) });
  });
