import { Hono } from "hono";
import { readForm } from "#api/forms/read-form.ts";
import type { AppEnv } from "#api/http/context.ts";
import { Invalid, NotFound } from "#db/errors.ts";
import { wordsIn } from "#db/words/words.ts";
import { confirmReceiptCode } from "./receipt-codes.ts";
import { ConfirmationForm } from "./receipt-forms.ts";
import { receiptOf } from "./receipts.ts";

/** Confirms that the receipt code is written down. */
export const receiptRoutes = new Hono<AppEnv>().post("/consultation/receipt/:token", async (c) => {
  const token = c.req.param("token");
  const receipt = receiptOf(token);
  if (!receipt) throw new NotFound("receipt");
  const page = `/consultation/receipt/${token}`;
  const { code_end } = await readForm(c, ConfirmationForm, page);
  if (!(await confirmReceiptCode(receipt.reference, code_end)))
    throw new Invalid({ code_end: wordsIn(receipt.locale).receipt.code.wrong });
  return c.redirect(page, 303);
});
