/** What a person sends to receive a guide. */

import { z } from "zod";
import { consentText, SharedFields, isTicked, MailAddress, text } from "#api/forms/fields.ts";

export const DownloadForm = z.strictObject({
  email: MailAddress,
  guide: text(100, "資料の名前が長すぎます。", "資料を選んでください。"),
  newsletter: isTicked.default(false),
  consent_text: consentText,
  ...SharedFields,
});

export type DownloadForm = z.output<typeof DownloadForm>;
