/** Backups in a bucket of any service that speaks S3. Requests are signed by aws4fetch; objects are small enough for one PUT. */

import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { AwsClient } from "aws4fetch";
import { NotFound } from "#db/errors.ts";
import type { ObjectStore, StoredObject } from "./store.ts";

interface Bucket {
  endpoint: string;
  bucket: string;
  region: string;
  /** Begins every name, such as "komichi/". */
  prefix: string;
  accessKeyId: string;
  secretAccessKey: string;
}

/** Milliseconds for one try. One that carries an object has as many as 16 MB need at half a megabit a second. */
const timeoutMs = { other: 60_000, object: 300_000 };
/** Milliseconds between one try and the next: four tries in all. */
const pausesMs = [500, 1500, 4500];

/** What a service answered, read to its end. */
interface Answer {
  ok: boolean;
  status: number;
  body: Buffer;
}

/** A store in this bucket (path style: ENDPOINT/BUCKET/NAME). Its methods throw with the service's status and code, never with a signed address. */
export function openBucket({ endpoint, bucket, region, prefix, accessKeyId, secretAccessKey }: Bucket): ObjectStore {
  const client = new AwsClient({ accessKeyId, secretAccessKey, region, service: "s3", retries: 0 });
  const description = `bucket ${bucket} at ${new URL(endpoint).host}`;
  const root = `${endpoint.replace(/\/+$/u, "")}/${bucket}`;
  const addressOf = (name: string) => `${root}/${(prefix + name).split("/").map(encodeURIComponent).join("/")}`;
  const askOnce = async (url: string, init: RequestInit, limit: number): Promise<Answer> => {
    const answer = await client.fetch(url, { ...init, signal: AbortSignal.timeout(limit) });
    return { ok: answer.ok, status: answer.status, body: Buffer.from(await answer.arrayBuffer()) };
  };
  const ask = async (what: "PUT" | "GET" | "LIST" | "DELETE", url: string, init: RequestInit = {}): Promise<Buffer> => {
    const limit = what === "PUT" || what === "GET" ? timeoutMs.object : timeoutMs.other;
    const { ok, status, body } = await withRetries(() => askOnce(url, init, limit)).catch((error: Error) => {
      throw unanswered(description, error);
    });
    if (ok) return body;
    const code = /<Code>([\w.]{1,60})<\/Code>/u.exec(body.toString())?.[1] ?? "";
    if (status === 404 && code !== "NoSuchBucket") throw new NotFound(what);
    const advice =
      status === 403 ? ". Check BACKUP_S3_ACCESS_KEY_ID, BACKUP_S3_SECRET_ACCESS_KEY and what this key may do" : "";
    throw new Error(`The ${description} answered ${what} with ${status} ${code}`.trimEnd() + advice);
  };
  return {
    description,
    put: async (name, bytes) => {
      const headers = { "content-md5": createHash("md5").update(bytes).digest("base64") };
      await ask("PUT", addressOf(name), { method: "PUT", body: bytes as Uint8Array<ArrayBuffer>, headers });
    },
    get: (name) => ask("GET", addressOf(name)),
    list: async (listed) => {
      const found: StoredObject[] = [];
      for (let token = ""; ;) {
        const query = new URLSearchParams({ "list-type": "2", prefix: prefix + listed });
        if (token !== "") query.set("continuation-token", token);
        const page = (await ask("LIST", `${root}?${query}`)).toString();
        found.push(...objectsIn(page, prefix));
        token = textOf(page, "NextContinuationToken") ?? "";
        if (token === "") return found;
      }
    },
    delete: async (name) => {
      await ask("DELETE", addressOf(name), { method: "DELETE" }).catch((error: unknown) => {
        if (!(error instanceof NotFound)) throw error;
      });
    },
  };
}

/** Sends again what was not answered whole, was the service's own fault (5xx) or too much for it (429). Every request here may be repeated. */
async function withRetries(send: () => Promise<Answer>): Promise<Answer> {
  for (const pause of pausesMs) {
    const answer = await send().catch(() => undefined);
    if (answer && answer.status < 500 && answer.status !== 429) return answer;
    await sleep(pause);
  }
  return send();
}

/** "fetch failed" names neither the bucket nor the reason, which is its cause's. The signed address is in neither. */
function unanswered(bucket: string, error: Error): Error {
  const { code, message } = (error.cause ?? error) as { code?: unknown; message: string };
  const name = typeof code === "string" ? code : undefined; // that of a timeout is the number 23
  return Object.assign(new Error(`The ${bucket} does not answer (${name ?? message}).`), { code: name ?? error.name });
}

/** The objects on one page of ListObjectsV2. Our names hold no character that XML would escape but "&" in a prefix. */
function objectsIn(page: string, prefix: string): StoredObject[] {
  return [...page.matchAll(/<Contents>(.*?)<\/Contents>/gsu)].map(([, object = ""]) => ({
    name: (textOf(object, "Key") ?? "").slice(prefix.length),
    bytes: Number(textOf(object, "Size")),
    writtenAt: new Date(textOf(object, "LastModified") ?? 0),
  }));
}

function textOf(xml: string, element: string): string | undefined {
  const text = new RegExp(`<${element}>([^<]*)</${element}>`, "u").exec(xml)?.[1];
  return text?.replaceAll("&amp;", "&").replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"');
}
