import { Hono } from "hono";
import { type House, type HouseContext, staffOf } from "../context.ts";
import { ReplacementForm, ReplyForm } from "../forms/replies.ts";
import { replaceReceiptCode, sendReply } from "../replies.ts";
import { submitted } from "../submit.ts";
import { caseId } from "./cases.ts";

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
