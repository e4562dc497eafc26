/** OpenAPI 3.1 of the public API, from the same definitions that check the requests. */
import { z } from "zod";
import { env } from "#db/env.ts";
import { ConsultationForm } from "./forms/consultation.ts";
import { DownloadForm } from "./forms/downloads.ts";
import { SubscriptionForm } from "./forms/subscriptions.ts";

const problem = {
  description: "RFC 9457 problem; `errors` names each field that was wrong.",
  content: {
    "application/problem+json": {
      schema: {
        type: "object",
        properties: {
          type: { type: "string" },
          title: { type: "string" },
          status: { type: "integer" },
          detail: { type: "string" },
          errors: { type: "object", additionalProperties: { type: "string" } },
        },
        required: ["type", "title", "status"],
      },
    },
  },
};

const idempotencyKey = {
  name: "Idempotency-Key",
  in: "header",
  required: false,
  description: "Same key and body: the first answer again. Same key, other body: 422.",
  schema: { type: "string", maxLength: 200 },
};

function operation(
  summary: string,
  form: z.ZodType,
  status: number,
  properties: Record<string, object>,
  parameters = [idempotencyKey],
  headers: Record<string, object> = {},
  optional: readonly string[] = [],
) {
  const schema = z.toJSONSchema(form, { io: "input", unrepresentable: "any" });
  return {
    post: {
      summary,
      parameters,
      requestBody: {
        required: true,
        content: { "application/json": { schema }, "application/x-www-form-urlencoded": { schema } },
      },
      responses: {
        [status]: {
          description: "Stored, and its mails are queued.",
          headers,
          content: {
            "application/json": {
              schema: {
                type: "object",
                properties,
                required: Object.keys(properties).filter((name) => !optional.includes(name)),
              },
            },
          },
        },
        413: problem,
        422: problem,
        429: problem,
      },
    },
  };
}

/** The document, for `GET /api/openapi.json` and the command `openapi`. */
export function openapiDocument() {
  return {
    openapi: "3.1.0",
    info: {
      title: "Komichi intake",
      version: "0.1.0",
      description: "Dates are Asia/Tokyo days; times are ISO 8601 with offset.",
    },
    servers: [{ url: env.PUBLIC_ORIGIN }],
    paths: {
      "/api/consultations": operation(
        "Ask for help",
        ConsultationForm,
        201,
        {
          reference: { type: "string" },
          reply_by_date: { type: "string", format: "date" },
          receipt_mailed: {
            const: false,
            description:
              "Only there when the receipt was not mailed this time, since the address was sent three within the hour. The request is stored all the same.",
          },
        },
        [idempotencyKey],
        {
          Location: {
            description: "The receipt page to lead the family to; it shows the receipt code for an hour.",
            schema: { type: "string", format: "uri" },
          },
        },
        ["receipt_mailed"],
      ),
      "/api/downloads": operation("Ask for a guide", DownloadForm, 201, {
        link: { type: "string", format: "uri" },
        expires_at: { type: "string", format: "date-time" },
      }),
      "/api/subscriptions": operation(
        "Subscribe to the newsletter (double opt-in). Asking again is no error and needs no key.",
        SubscriptionForm,
        202,
        { status: { type: "string", const: "confirmation_sent" } },
        [],
      ),
    },
  };
}
