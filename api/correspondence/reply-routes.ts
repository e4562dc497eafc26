import { Hono } from "hono";
import { caseId } from "#api/case-access/case-id.ts";
import { redirectWithNotice } from "#api/forms/notices.ts";
import { readForm } from "#api/forms/read-form.ts";
import { type AppEnv, type AppContext, requireStaff } from "#api/http/context.ts";
import { ReplacementForm, ReplyForm } from "./reply-forms.ts";
import { replaceReceiptCode, sendReply } from "./reply.ts";

const page = (c: AppContext) => `/staff/cases/${caseId(c)}`;

export const replyRoutes = new Hono<AppEnv>()
  .basePath("/staff/cases/:id")
  .post("/replies", async (c) => {
    await sendReply(requireStaff(c), caseId(c), await readForm(c, ReplyForm, page(c)));
    return redirectWithNotice(c, page(c), "replied");
  })
  .post("/receipt-code", async (c) => {
    await readForm(c, ReplacementForm, page(c));
    // In the response itself, not in a URL: browsers keep URLs in their history.
    return c.get("show")(page(c), { receiptCode: await replaceReceiptCode(requireStaff(c), caseId(c)) });
  });
