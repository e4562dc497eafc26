import { once } from "node:events";
import { createServer, request as ask, type ClientRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, expect, test } from "vitest";
import { bodyTimeout, isUpload } from "#api/http/uploads.ts";

test.each([
  ["/staff/guides", true],
  ["/staff/guides/school/versions", true],
  ["/staff/guides/school", false],
  ["/staff/guides/", false],
  ["/staff/guides/a/b/versions", false],
  ["/guides/school/versions", false],
  ["/x/staff/guides", false],
])("%s takes a file: %s", (path, takes) => {
  expect(isUpload(path)).toBe(takes);
});

const server = createServer((incoming, answer) => {
  incoming.resume().once("end", () => answer.end("whole"));
});
server.on("request", bodyTimeout(50));
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
afterAll(() => server.close());

/** A request of which only the beginning was sent. */
function begin(path: string): ClientRequest {
  const { port } = server.address() as AddressInfo;
  const begun = ask({ port, path, method: "POST", headers: { "content-length": "8" } });
  begun.write("half");
  return begun;
}

test("a body that does not come is ended; a file may take its time", async () => {
  const upload = begin("/staff/guides?x=1");
  const [error] = (await once(begin("/consultation"), "error").catch((thrown: unknown) => [thrown])) as [Error];
  expect(error.message).toBe("socket hang up");
  upload.end("half");
  const [answer] = (await once(upload, "response")) as [{ statusCode: number }];
  expect(answer.statusCode).toBe(200);
});
