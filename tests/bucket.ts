/** A service that speaks as much of S3 as backups need, with its objects in memory: PUT, GET, LIST (pages of two), DELETE. */

import { createHash } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

export interface Bucket {
  /** Variables of the environment that lead to it. */
  variables: Record<string, string>;
  /** By key, with its prefix. */
  objects: Map<string, Buffer>;
  /** Answers every request with 503 while true. */
  isAway: boolean;
  /** So many of the next connections break off: by turns in the middle of an answer and before it. */
  breaks: number;
  close: () => Promise<void>;
}

const accessKeyId = "EXAMPLEKEY";
const pageSize = 2;

/** Listens on a free port of the loopback. */
export async function startBucket(): Promise<Bucket> {
  const objects = new Map<string, Buffer>();
  const server = createServer(async (request, response) => {
    if (bucket.breaks > 0) {
      const breakOff = () => response.socket?.resetAndDestroy();
      if (bucket.breaks-- % 2 === 1) return void breakOff();
      return void response.writeHead(200, { "content-length": 1000 }).write("half", breakOff);
    }
    const { status, body } = bucket.isAway
      ? { status: 503, body: "" }
      : answer(objects, request, await bodyOf(request));
    response.writeHead(status, { "content-type": "application/xml" }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const bucket: Bucket = {
    objects,
    isAway: false,
    breaks: 0,
    variables: {
      BACKUP_S3_ENDPOINT: `http://127.0.0.1:${port}`,
      BACKUP_S3_BUCKET: "backups",
      BACKUP_S3_ACCESS_KEY_ID: accessKeyId,
      BACKUP_S3_SECRET_ACCESS_KEY: "example-secret",
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return bucket;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function answer(objects: Map<string, Buffer>, { url = "", method, headers }: IncomingMessage, body: Buffer) {
  const { pathname, searchParams } = new URL(url, "http://bucket");
  if (!headers.authorization?.startsWith(`AWS4-HMAC-SHA256 Credential=${accessKeyId}/`))
    return { status: 403, body: "<Error><Code>AccessDenied</Code></Error>" };
  const key = decodeURIComponent(pathname).replace(/^\/backups\/?/u, "");
  if (key === "") return { status: 200, body: list(objects, searchParams) };
  const object = objects.get(key);
  if (method === "PUT") {
    if (headers["content-md5"] !== createHash("md5").update(body).digest("base64")) return { status: 400, body: "" };
    objects.set(key, body);
    return { status: 200, body: "" };
  }
  if (method === "DELETE") return { status: objects.delete(key) ? 204 : 404, body: "" };
  return object ? { status: 200, body: object } : { status: 404, body: "<Error><Code>NoSuchKey</Code></Error>" };
}

function list(objects: Map<string, Buffer>, query: URLSearchParams): string {
  const keys = [...objects.keys()].filter((key) => key.startsWith(query.get("prefix") ?? "")).toSorted();
  const from = Number(query.get("continuation-token") ?? 0);
  const contents = keys.slice(from, from + pageSize).map(
    (key) =>
      `<Contents><Key>${key.replaceAll("&", "&amp;")}</Key><LastModified>${new Date().toISOString()}</LastModified>
       <Size>${objects.get(key)?.length ?? 0}</Size></Contents>`,
  );
  const next = from + pageSize < keys.length ? `<NextContinuationToken>${from + pageSize}</NextContinuationToken>` : "";
  return `<?xml version="1.0"?><ListBucketResult>${contents.join("")}${next}</ListBucketResult>`;
}
