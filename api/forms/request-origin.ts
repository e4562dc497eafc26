/** What a request brings along beside its form: channel, network, idempotency key and click token. */

import { z } from "zod";
import { arrive } from "#analytics/clicks/arrive.ts";
import { isPrefetchToken } from "#analytics/clicks/token.ts";
import type { AppContext } from "#api/http/context.ts";
import { requestNetwork } from "#api/http/network.ts";
import { SharedFields } from "./fields.ts";
import { validate } from "./read-form.ts";

export interface RequestOrigin {
  /** A form of our own pages, or the JSON API. */
  channel: "form" | "api";
  /** IPv4 address or IPv6 /64; only its keyed hash is stored, for a day. */
  network: string;
  /** Idempotency key: requests with the same key are one request (api/forms/idempotency.ts). */
  key: string | undefined;
  /** Signed click token; `clickIdOf` (analytics/clicks/token.ts) verifies it. */
  clickToken?: string | undefined;
  now: Date;
}

/** The rule of the field `key`, which holds for the header Idempotency-Key as well. */
const Key = z.object({ key: SharedFields.key });

/**
 * Where this request comes from. The only place that reads the idempotency key and the click token:
 * both stand either in the form or in the request around it. Throws Invalid, at `key`, for a key that
 * the form would not be accepted with.
 */
export async function requestOrigin(
  c: AppContext,
  channel: RequestOrigin["channel"],
  form: { key?: string | undefined; c?: string | undefined } = {},
): Promise<RequestOrigin> {
  // The header wins over the field; an empty key is none.
  const { key } = validate(Key, { key: c.req.header("idempotency-key") || form.key || undefined });
  const token = form.c ?? clickTokenInUrl(c);
  const [network, now] = [requestNetwork(c), new Date()];
  // A form on a page that was fetched ahead: whoever sends it has seen the page.
  const clickToken = token !== undefined && isPrefetchToken(token) ? await arrive(token, network, now) : token;
  return { channel, network, key, clickToken, now };
}

/** The click token that links carry as `?c=`, where no form has it as a field. */
export const clickTokenInUrl = (c: AppContext): string | undefined => c.req.query("c");
