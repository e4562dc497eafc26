/** What `doctor` sees of the public address. */

import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import { expect, test } from "vitest";
import { outside } from "#api/doctor/check.ts";
import { originChecks } from "#api/doctor/origin.ts";
import { freePort } from "#db/cluster/address.ts";
import { env } from "#db/env.ts";
import { get } from "../requests.ts";
import { expectToDo, installation, sentenceOf, world } from "./installation.ts";

installation();

const answers = (init: ResponseInit) => () => Promise.resolve(new Response("ok", init));

test("the public address is answered by this installation, as its own page of health says", async () => {
  const asked: string[] = [];
  world.get = (url) => {
    asked.push(url);
    return get(new URL(url).pathname);
  };
  expect(await sentenceOf("origin.answer")).toBe("ok: https://soudan.kaze.jp に、この設置が答えています。");
  expect(asked).toEqual(["https://soudan.kaze.jp/healthz"]);
});

test("another installation there, or a page that is none, is something to do", async () => {
  world.get = answers({ headers: { "X-Installation": "another" } });
  expect(await expectToDo("origin.answer")).toContain("この設置ではありません");
  world.get = answers({ status: 502 });
  expect(await expectToDo("origin.answer")).toContain("502");
});

test("an address that cannot be reached from here is no fault, but a wrong certificate is", async () => {
  Object.assign(world, { get: outside.get });
  env.PUBLIC_ORIGIN = `https://localhost:${await freePort()}`;
  expect((await originChecks(world))[0]).toMatchObject({
    state: "skipped",
    sentence: expect.stringContaining("ECONN"),
  });
  // It speaks TLS with the library's own certificate, which nobody has signed.
  const server = new SMTPServer({ secure: true, logger: false });
  server.on("error", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  env.PUBLIC_ORIGIN = `https://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  expect((await originChecks(world))[0]).toMatchObject({ state: "todo", sentence: expect.stringContaining("証明書") });
  await new Promise<void>((resolve) => server.close(resolve));
});

test("a proxy that nobody named makes all families one network", async () => {
  env.TRUSTED_PROXIES = [];
  expect(await expectToDo("origin.proxy")).toContain("すべての家族が一つの回線に見え");
});

test("an address without https is said by the list of what is missing, and not looked at", async () => {
  env.PUBLIC_ORIGIN = "http://localhost:3000";
  world.get = () => Promise.reject(new Error("nobody asks"));
  expect(await sentenceOf("origin.answer")).toMatch(/^skipped/u);
});

test("mail that leaves from an address without https is told what to set; files are not mail that leaves", async () => {
  env.PUBLIC_ORIGIN = "http://localhost:3000";
  const codes = async () => (await originChecks(world)).map(({ code, state }) => [code, state]);
  env.SMTP_URL = undefined;
  expect(await codes()).toEqual([["origin.answer", "skipped"]]);
  env.SMTP_URL = "smtp://mail.kaze.jp:587";
  expect(await codes()).toEqual([
    ["origin.answer", "skipped"],
    ["origin.mail", "warn"],
  ]);
});
