/** What a person sends to receive a guide. */

import { z } from "zod";
import { consentText, type ErrorWords, inEach, mailAddress, sharedFields, text, ticked } from "#api/forms/fields.ts";

const define = (say: ErrorWords) =>
  z.strictObject({
    email: mailAddress(say),
    guide: text(100, say.guideLong, say.guideMissing, say),
    newsletter: ticked(say).default(false),
    consent_text: consentText,
    ...sharedFields(say),
  });

/** The form in each language. */
export const downloadForms = inEach(define);

export const DownloadForm = downloadForms.ja;

export type DownloadForm = z.output<typeof DownloadForm>;
