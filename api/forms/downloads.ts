/** What a person sends to be given a guide. */
import { z } from "zod";
import { Carried, isTicked, MailAddress, text } from "./fields.ts";

export const DownloadForm = z.strictObject({
  email: MailAddress,
  guide: text(100, "資料の名前が長すぎます。", "資料を選んでください。"),
  newsletter: isTicked.default(false),
  ...Carried,
});

export type DownloadForm = z.output<typeof DownloadForm>;
