import { Hono } from "hono";
import { answerPdf } from "#api/guides/pdf-answer.ts";
import type { AppEnv } from "#api/http/context.ts";
import { matchesEtag } from "#api/web/answers.ts";
import { openBookFile } from "./book-files.ts";

export const supportBookRoutes = new Hono<AppEnv>().get("/support-book/:file", async (c) => {
  const file = c.req.param("file");
  const { content, fileName, version } = await openBookFile(file);
  const etag = `"${version}-${file}"`;
  // With its version the URL always means the same file; without, it may be another one tomorrow.
  const cache =
    c.req.query("v") === version ? "public, max-age=31536000, immutable" : "public, max-age=0, must-revalidate";
  const headers = { "Cache-Control": cache, ETag: etag };
  if (matchesEtag(c.req.header("if-none-match") ?? "", etag)) return c.body(null, 304, headers);
  for (const [name, value] of Object.entries(headers)) c.header(name, value);
  if (fileName !== "") return answerPdf(c, { content, fileName, plainName: file });
  return c.body(new Uint8Array(content), 200, {
    "Content-Type": "image/webp",
    "Content-Length": String(content.length),
  });
});
