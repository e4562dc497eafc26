/** Backups in a bucket of any service that speaks S3. Requests are signed by aws4fetch; objects are small enough for one PUT. */

import { createHash } from "node:crypto";
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

/** Milliseconds for one request. */
const timeoutMs = 60_000;

/** A store in this bucket (path style: ENDPOINT/BUCKET/NAME). Its methods throw with the service's status and code, never with a signed address. */
export function openBucket({ endpoint, bucket, region, prefix, accessKeyId, secretAccessKey }: Bucket): ObjectStore {
  const client = new AwsClient({ accessKeyId, secretAccessKey, region, service: "s3", retries: 3 });
  const { host } = new URL(endpoint);
  const root = `${endpoint.replace(/\/+$/u, "")}/${bucket}`;
  const addressOf = (name: string) => `${root}/${(prefix + name).split("/").map(encodeURIComponent).join("/")}`;
  const ask = async (what: string, url: string, init: RequestInit = {}): Promise<Response> => {
    const answer = await client
      .fetch(url, { ...init, signal: AbortSignal.timeout(timeoutMs) })
      .catch((error: Error) => {
        throw unanswered(`bucket ${bucket} at ${host}`, error);
      });
    if (answer.ok) return answer;
    const code = /<Code>([\w.]{1,60})<\/Code>/u.exec(await answer.text())?.[1] ?? "";
    if (answer.status === 404 && code !== "NoSuchBucket") throw new NotFound(what);
    const advice =
      answer.status === 403
        ? ". Check BACKUP_S3_ACCESS_KEY_ID, BACKUP_S3_SECRET_ACCESS_KEY and what this key may do"
        : "";
    throw new Error(`The bucket ${bucket} answered ${what} with ${answer.status} ${code}`.trimEnd() + advice);
  };
  return {
    description: `bucket ${bucket} at ${host}`,
    put: async (name, bytes) => {
      const headers = { "content-md5": createHash("md5").update(bytes).digest("base64") };
      await ask("PUT", addressOf(name), { method: "PUT", body: bytes as Uint8Array<ArrayBuffer>, headers });
    },
    get: async (name) => Buffer.from(await (await ask("GET", addressOf(name))).arrayBuffer()),
    list: async (listed) => {
      const found: StoredObject[] = [];
      for (let token = ""; ;) {
        const query = new URLSearchParams({ "list-type": "2", prefix: prefix + listed });
        if (token !== "") query.set("continuation-token", token);
        const page = await (await ask("LIST", `${root}?${query}`)).text();
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

/** "fetch failed" names neither the bucket nor the reason, which is its cause's. The signed address is in neither. */
function unanswered(bucket: string, error: Error): Error {
  const { code, message } = (error.cause ?? error) as { code?: string; message: string };
  return Object.assign(new Error(`The ${bucket} does not answer (${code ?? message}).`), { code: code ?? error.name });
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
