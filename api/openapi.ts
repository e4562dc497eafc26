/** OpenAPI 3.1 of the public API, from the same definitions that check the requests. */

import { z } from "zod";
import { DownloadForm } from "#api/downloads/forms.ts";
import { ConsultationForm } from "#api/intake/forms.ts";
import { SubscriptionForm } from "#api/subscriptions/forms.ts";
import { env } from "#db/env.ts";
import packageJson from "#package.json" with { type: "json" };

const problem = (description: string, headers: Record<string, object> = {}) => ({
  description,
  headers,
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
});

/** Responses that every operation may give, besides its own. */
const refusals = {
  413: problem("More than 64 KB."),
  415: problem("The body is packed (Content-Encoding), or its charset is not UTF-8."),
  422: problem("`errors` names each field that was wrong, or `body` when none could be read."),
  429: problem("Too much from one network.", {
    "Retry-After": { description: "Seconds to wait.", required: true, schema: { type: "integer", minimum: 1 } },
  }),
  503: problem("The database is away; the same request with the same key may be sent again."),
};

type Encoding = "json" | "form";

/** The JSON Schema of a body. A checkbox is a boolean in JSON, and in a form the text that browsers send for it. */
function schemaOf(form: z.ZodType, encoding: Encoding) {
  const { $schema: _, ...schema } = z.toJSONSchema(form, {
    io: "input",
    unrepresentable: "any",
    override: ({ jsonSchema }) => {
      const [boolean, text] = jsonSchema.anyOf ?? [];
      if (boolean?.type !== "boolean" || text?.enum === undefined) return;
      const mustBeTrue = jsonSchema.const === true;
      delete jsonSchema.anyOf;
      delete jsonSchema.const;
      if (encoding === "json") Object.assign(jsonSchema, { type: "boolean", ...(mustBeTrue && { const: true }) });
      else
        Object.assign(jsonSchema, {
          type: "string",
          enum: text.enum.filter((value) => !mustBeTrue || value !== "false"),
        });
    },
  });
  return schema;
}

const idempotencyKey = {
  name: "Idempotency-Key",
  in: "header",
  required: false,
  description: "Same key and body: the first answer again. Same key, other body: 422. An empty one is none.",
  schema: { type: "string", maxLength: 200 },
};

interface Operation {
  summary: string;
  form: z.ZodType;
  /** Of the answer when all went well, and its JSON properties. */
  status: number;
  properties: Record<string, object>;
  /** Those of `properties` that an answer may lack. */
  optional?: readonly string[];
  parameters?: object[];
  headers?: Record<string, object>;
  /** Further responses by status. */
  more?: Record<number, object>;
}

function operation({
  summary,
  form,
  status,
  properties,
  optional = [],
  parameters = [idempotencyKey],
  headers = {},
  more,
}: Operation) {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  const content = { schema: { type: "object", properties, required } };
  return {
    post: {
      summary,
      parameters,
      requestBody: {
        required: true,
        content: {
          "application/json": { schema: schemaOf(form, "json") },
          "application/x-www-form-urlencoded": { schema: schemaOf(form, "form") },
        },
      },
      responses: {
        [status]: {
          description: "Stored, and its mails are queued.",
          headers,
          content: { "application/json": content },
        },
        ...more,
        ...refusals,
      },
    },
  };
}

const consultation = operation({
  summary:
    "Ask for help. `reply_by` email needs `email`, phone needs `phone`, site neither; `asker` professional needs `relation`.",
  form: ConsultationForm,
  status: 201,
  properties: {
    reference: { type: "string" },
    reply_by_date: { type: "string", format: "date" },
    receipt_mailed: {
      const: false,
      description:
        "Only there when the receipt was not mailed this time, since the address was sent three within the hour. The request is stored all the same.",
    },
  },
  optional: ["receipt_mailed"],
  headers: {
    Location: {
      description: "The receipt page to lead the family to; it shows the receipt code for an hour.",
      schema: { type: "string", format: "uri" },
    },
  },
});

const download = operation({
  summary: "Ask for a guide",
  form: DownloadForm,
  status: 201,
  properties: { link: { type: "string", format: "uri" }, expires_at: { type: "string", format: "date-time" } },
  more: { 404: problem("No guide of this name."), 410: problem("The guide was withdrawn.") },
});

const subscription = operation({
  summary: "Subscribe to the newsletter (double opt-in). Asking again is no error and needs no key.",
  form: SubscriptionForm,
  status: 202,
  properties: { status: { type: "string", const: "confirmation_sent" } },
  parameters: [],
});

/** The document, for `GET /api/openapi.json` and the command `openapi`. */
export function openapiDocument() {
  return {
    openapi: "3.1.0",
    info: {
      title: "Komichi intake",
      version: packageJson.version,
      description:
        "Dates are Asia/Tokyo days; times are ISO 8601 with offset. Errors are RFC 9457 problems. Another method on a known path is a 405 that says in Allow which it takes.",
    },
    servers: [{ url: env.PUBLIC_ORIGIN }],
    paths: {
      "/api/consultations": consultation,
      "/api/downloads": download,
      "/api/subscriptions": subscription,
    },
  };
}
