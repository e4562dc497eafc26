/** The guides, and the form for the newsletter, while the database is away. */

import { type AddressInfo, createServer, type Socket } from "node:net";
import { expect, test } from "vitest";
import { getGuideForForm, listGuides } from "#api/guides/catalogue.ts";
import { settings } from "#db/settings/settings.ts";
import { refusingDatabase, whileDatabaseIsAt } from "../../database.ts";
import { elements, words } from "../../site/html.ts";
import { get, postForm } from "../requests.ts";

const asked = { email: "hana@example.jp", guide: "learning-in-hospital" };

test("list, page and picture stay up; the request says so, keeps the address and gives the phone", async () => {
  const before = await listGuides();
  expect(before).toHaveLength(2);
  for (const path of ["/guides", "/guides/learning-in-hospital"]) expect((await get(path)).status).toBe(200);
  await whileDatabaseIsAt(refusingDatabase, async () => {
    const list = await get("/guides");
    expect([list.status, words(await list.text()).includes(before[0]?.title ?? "?")]).toEqual([200, true]);
    expect((await get("/guides/learning-in-hospital")).status).toBe(200);
    expect((await get(before[0]?.preview?.url ?? "")).status).toBe(200);
    const refused = await postForm("/guides/learning-in-hospital", asked);
    const html = await refused.text();
    expect(refused.status).toBe(503);
    expect(elements(html, "input").find(({ name }) => name === "email")?.["value"]).toBe("hana@example.jp");
    expect(words(html)).toContain(`お電話でもご相談いただけます。${settings().phone}`);
  });
  expect((await postForm("/guides/learning-in-hospital", asked)).status).toBe(303);
  // The address of the page says which guide.
  expect((await postForm("/guides/learning-in-hospital", { email: asked.email })).status).toBe(303);
});

test("a database that takes the call and says nothing is not waited for either", async () => {
  const before = await getGuideForForm("learning-in-hospital");
  const sockets = new Set<Socket>();
  const silent = createServer((socket) => sockets.add(socket));
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  await whileDatabaseIsAt(`postgres://nobody@127.0.0.1:${(silent.address() as AddressInfo).port}/none`, async () => {
    expect(await getGuideForForm("learning-in-hospital")).toEqual(before);
    for (const socket of sockets) socket.destroy();
    silent.close();
  });
});

test.each(["never seen before", "seen before"])("the newsletter's form, %s, keeps address and lists", async (seen) => {
  const typed = { lists: ["news", "events"], email: "hana@example.jp", consent: "true", key: `away-${seen}` };
  if (seen === "seen before") expect((await get("/newsletter")).status).toBe(200);
  await whileDatabaseIsAt(refusingDatabase, async () => {
    const refused = await postForm("/newsletter", typed);
    const html = await refused.text();
    expect(refused.status).toBe(503);
    expect(elements(html, "form").map(({ id }) => id)).toContain("form"); // where the summary's link leads
    const inputs = elements(html, "input");
    expect(inputs.find(({ name }) => name === "email")?.["value"]).toBe("hana@example.jp");
    const carried = inputs.filter(
      ({ name, ...input }) => name === "lists" && ("checked" in input || input["type"] === "hidden"),
    );
    expect(carried.map(({ value }) => value).toSorted()).toEqual(["events", "news"]);
    expect(carried.some(({ type }) => type === "checkbox")).toBe(seen === "seen before");
    expect(words(html)).toContain(settings().phone);
    expect(words(html)).not.toContain("これまでの号");
  });
  expect((await postForm("/newsletter", typed)).status).toBe(200);
});
