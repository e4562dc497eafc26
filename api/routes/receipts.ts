import { Hono } from "hono";
import { Invalid, NotFound } from "#db/errors.ts";
import { wordsIn } from "#db/words.ts";
import type { House } from "../context.ts";
import { ConfirmationForm } from "../forms/correspondence.ts";
import { confirmReceiptCode } from "../receipt-codes.ts";
import { receiptOf } from "../receipts.ts";
import { submitted } from "../submit.ts";

/** The person says that the code is written down. */
export const receipts = new Hono<House>().post("/consultation/receipt/:token", async (c) => {
  const token = c.req.param("token");
  const receipt = receiptOf(token);
  if (!receipt) throw new NotFound("receipt");
  const page = `/consultation/receipt/${token}`;
  const { code_end } = await submitted(c, ConfirmationForm, page);
  if (!(await confirmReceiptCode(receipt.reference, code_end)))
    throw new Invalid({ code_end: wordsIn(receipt.locale).receipt.code.wrong });
  return c.redirect(page, 303);
});
