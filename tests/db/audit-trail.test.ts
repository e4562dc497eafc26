import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { audit } from "#db/actor.ts";
import { readAudit } from "#db/audit-trail.ts";
import { db } from "#db/client.ts";
import { auditEvents } from "#db/schema/staff.ts";
import { auditActions, type AuditNoun, formerActions, formerNouns } from "#db/terms/audit.ts";
import { member } from "../api/requests.ts";

/** A row as an older release wrote it. */
const write = (noun: string, action: string, nounId: string) =>
  db.insert(auditEvents).values({ staffId: null, noun, action, nounId });

test("a row with a former word reads as today's, and is found by it", async () => {
  const nounId = randomUUID();
  await write("case", "come_back", nounId);
  await audit(db, null, "open_correspondence", "case", nounId);
  await audit(db, null, "view", "case", nounId);
  const lines = await readAudit(db, { noun: "case", nounId });
  expect(lines.map(({ action }) => action)).toEqual(["open_correspondence", "open_correspondence", "view"]);
  expect(await readAudit(db, { noun: "case", nounId, action: "open_correspondence" })).toEqual(lines.slice(0, 2));
});

test("a row with a former noun reads as today's", async () => {
  const nounId = randomUUID();
  await write("ad_imports", "import", nounId);
  expect(await readAudit(db, { noun: "ad_import", nounId })).toMatchObject([{ noun: "ad_import", action: "import" }]);
});

test("what staff did can be read apart from what families and the system did", async () => {
  const staff = await member("manager");
  await audit(db, null, "grant", "guide", "some-guide");
  await audit(db, staff, "republish", "guide", "some-guide");
  const lines = await readAudit(db, { noun: "guide", nounId: "some-guide", byStaff: true });
  expect(lines).toMatchObject([{ action: "republish", staffId: staff.id }]);
  expect(await readAudit(db, { noun: "guide", nounId: "some-guide" })).toHaveLength(2);
});

test("no former word is also one of today's, since it could not be told which was meant", () => {
  for (const [noun, former] of Object.entries(formerActions)) {
    const actions: readonly string[] = auditActions[noun as AuditNoun];
    expect(Object.keys(former).filter((word) => actions.includes(word))).toEqual([]);
  }
  expect(Object.keys(formerNouns).filter((word) => word in auditActions)).toEqual([]);
});
