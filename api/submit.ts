/** Reads what was sent, as a form or as JSON, against one definition. */
import type { z } from "zod";
import { Invalid } from "#db/errors.ts";
import { codes, type Locale, locale } from "#db/terms.ts";
import { wordsIn } from "#db/words.ts";
import type { HouseContext } from "./context.ts";

/**
 * The checked input. Keeps what was typed on the context, so that a refused form can be shown again
 * on `page`. Throws Invalid with one sentence per field.
 */
export async function submitted<S extends z.ZodType>(c: HouseContext, schema: S, page?: string): Promise<z.output<S>> {
  const body = await readBody(c);
  // A browser lets no page choose a file for somebody: it cannot be shown again.
  c.set("submitted", Object.fromEntries(Object.entries(body).filter(([, value]) => !(value instanceof File))));
  if (page !== undefined) c.set("page", page);
  return check(schema, body);
}

/** The same for a form that speaks several languages: it is judged in the one it was shown in. */
export async function submittedIn<S extends z.ZodType>(
  c: HouseContext,
  forms: Record<Locale, S>,
  page?: string,
): Promise<z.output<S>> {
  const body = await readBody(c);
  const spoken = codes(locale).find((code) => code === body["locale"]) ?? "ja";
  c.set("locale", spoken);
  c.set("submitted", body);
  if (page !== undefined) c.set("page", page);
  return check(forms[spoken], body, wordsIn(spoken).errors.unknown);
}

/** Parses or throws Invalid; unknown fields are named like any other wrong one. */
export function check<S extends z.ZodType>(
  schema: S,
  body: unknown,
  unknown = wordsIn("ja").errors.unknown,
): z.output<S> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  // Without a prototype, or a field called "constructor" would look as if it had its sentence already.
  const errors = Object.create(null) as Record<string, string>;
  for (const issue of parsed.error.issues) {
    if (issue.code === "unrecognized_keys") for (const key of issue.keys) errors[key] ??= unknown;
    else errors[String(issue.path[0] ?? "body")] ??= issue.message;
  }
  throw new Invalid(errors);
}

/** The body as it came, unchecked. Throws Invalid for what is neither a form nor a JSON object. */
export async function readBody(c: HouseContext): Promise<Record<string, unknown>> {
  const type = c.req.header("content-type") ?? "";
  if (type.startsWith("application/json")) return readJson(await c.req.text());
  if (!/^(?:application\/x-www-form-urlencoded|multipart\/form-data)/u.test(type))
    throw new Invalid({ body: "JSON かフォームの形式で送ってください。" });
  const form = await c.req.parseBody({ all: true }).catch(() => {
    throw new Invalid({ body: "フォームを読み取れませんでした。" });
  });
  // An untouched optional input arrives as an empty string: the person said nothing there.
  return Object.fromEntries(Object.entries(form).filter(([, value]) => value !== "" && !isNoFile(value)));
}

/** What a browser sends of a file input in which nothing was chosen. */
const isNoFile = (value: unknown) => value instanceof File && value.size === 0 && value.name === "";

function readJson(text: string): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(text);
    if (body !== null && typeof body === "object" && !Array.isArray(body)) return body as Record<string, unknown>;
  } catch {
    // told below, like any other body that is not an object
  }
  throw new Invalid({ body: "JSON のオブジェクトを送ってください。" });
}
