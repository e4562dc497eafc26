import { beforeAll, describe, expect, test } from "vitest";
import { absencesOf, cancelAbsence, enterAbsence } from "#api/absences/absences.ts";
import { claim } from "#api/cases/assign.ts";
import { openCase } from "#api/cases/case.ts";
import { deleteExpired } from "#api/privacy/retention.ts";
import { remind } from "#api/reminders/remind.ts";
import { remindersOf } from "#api/reminders/reminders.ts";
import { disableStaff } from "#api/staff/disable.ts";
import { dayAfter, dayOf, formatDay } from "#db/calendar/days.ts";
import { words } from "../../site/html.ts";
import { get, type Member, member, postForm, receive, refusedPage, signIn } from "../requests.ts";

const now = new Date("2026-11-20T03:00:00Z");
let [manager, standIn] = [] as unknown as [Member, Member];
beforeAll(async () => {
  [manager, standIn] = [await member("manager"), await member("coordinator")];
});
const days = (from: string, until: string, stand_in = standIn.id) => ({ from, until, stand_in });

test("shows on the cases of the person on these days, who keeps them", async () => {
  const holder = await member("coordinator");
  const { caseId } = await receive();
  await claim(holder, caseId);
  await enterAbsence(holder, holder.id, days("2026-11-24", "2026-11-25"), now);
  const seenOn = async (day: string) =>
    (await openCase(manager, caseId, new Date(`${day}T03:00:00Z`))).holders.responsible;
  expect(await seenOn("2026-11-23")).toMatchObject({ staffId: holder.id, absent: null });
  for (const day of ["2026-11-24", "2026-11-25"])
    expect(await seenOn(day)).toMatchObject({
      staffId: holder.id,
      absent: { until: "2026-11-25", standIn: { id: standIn.id, name: standIn.name } },
    });
  expect(await seenOn("2026-11-26")).toMatchObject({ absent: null });
});

test("called off it counts no more, and calling off twice is the same success", async () => {
  const holder = await member("coordinator");
  const id = await enterAbsence(manager, holder.id, days("2026-11-24", "2026-11-25"), now);
  await cancelAbsence(holder, holder.id, id, now);
  await cancelAbsence(holder, holder.id, id, now);
  expect(await absencesOf(holder, holder.id, "2026-11-20")).toEqual([]);
  await enterAbsence(holder, holder.id, days("2026-11-24", "2026-11-25"), now);
});

describe("is refused", () => {
  test.each([
    ["in the past", "2026-11-18", "2026-11-19", "until"],
    ["beyond two years", "2026-11-24", "2028-11-22", "until"],
    ["over another", "2026-12-03", "2026-12-04", "from"],
  ])("%s", async (_, from, until, field) => {
    const holder = await member("coordinator");
    await enterAbsence(holder, holder.id, days("2026-12-01", "2026-12-03"), now);
    await expect(enterAbsence(holder, holder.id, days(from, until), now)).rejects.toMatchObject({
      name: "Invalid",
      errors: { [field]: expect.anything() },
    });
  });

  test("with somebody who is away too, who answers no family, who left, or who is the person themselves", async () => {
    const [holder, away, gone] = [await member("coordinator"), await member("coordinator"), await member("manager")];
    const peer = await member("peer");
    await enterAbsence(away, away.id, days("2026-12-03", "2026-12-10"), now);
    await disableStaff(gone.email);
    for (const { id } of [away, gone, peer, holder])
      await expect(enterAbsence(holder, holder.id, days("2026-12-01", "2026-12-03", id), now)).rejects.toMatchObject({
        errors: { stand_in: expect.anything() },
      });
  });

  test("entered twice at once: one counts", async () => {
    const holder = await member("coordinator");
    const form = days("2026-12-01", "2026-12-03");
    const done = await Promise.allSettled(Array.from({ length: 4 }, () => enterAbsence(holder, holder.id, form, now)));
    expect(done.filter(({ status }) => status === "fulfilled").length).toBe(1);
  });

  test("for a colleague, unless a manager enters it", async () => {
    const [holder, colleague] = [await member("coordinator"), await member("coordinator")];
    const form = days("2026-12-01", "2026-12-03");
    await expect(enterAbsence(colleague, holder.id, form, now)).rejects.toMatchObject({ name: "Forbidden" });
    await enterAbsence(manager, holder.id, form, now);
  });
});

test("where the stand-in leaves, or goes away later, reminders stay with the person", async () => {
  const [holder, second] = [await member("coordinator"), await member("coordinator")];
  const { caseId } = await receive();
  await claim(holder, caseId);
  await remind(holder, caseId, { what: "電話する。", on: "2026-12-01" }, now);
  await enterAbsence(holder, holder.id, days("2026-12-01", "2026-12-03", second.id), now);
  const ownerOn = async (day: string) => (await remindersOf(manager, caseId, day))[0]?.owner?.id;
  expect(await ownerOn("2026-12-02")).toBe(second.id);
  await enterAbsence(second, second.id, days("2026-12-03", "2026-12-04"), now);
  expect([await ownerOn("2026-12-02"), await ownerOn("2026-12-03")]).toEqual([second.id, holder.id]);
  await disableStaff(second.email);
  expect(await ownerOn("2026-12-02")).toBe(holder.id);
});

test("a person enters their own on their page, and it is listed there", async () => {
  const holder = await member("coordinator");
  const cookie = await signIn(holder);
  const day = dayAfter(dayOf(new Date()), 3);
  const wrong = await postForm("/staff/me/absences", { from: day, until: "2026-09-31", stand_in: "" }, { cookie });
  expect(await refusedPage(wrong, cookie)).toContain("#absences-until");
  const sent = await postForm("/staff/me/absences", days(day, day), { cookie });
  expect(sent.headers.get("location")).toBe("/staff/me?done=absence");
  const seen = words(await (await get("/staff/me", { cookie })).text());
  expect(seen).toContain(`${formatDay(day)}から${formatDay(day)}まで`);
});

test("is forgotten 90 days after it was over", async () => {
  const holder = await member("coordinator");
  await enterAbsence(holder, holder.id, days("2026-11-24", "2026-11-25"), now);
  await deleteExpired(new Date("2027-02-22T03:00:00Z"));
  expect((await absencesOf(holder, holder.id, "2026-11-20")).length).toBe(1);
  await deleteExpired(new Date("2027-02-24T03:00:00Z"));
  expect(await absencesOf(holder, holder.id, "2026-11-20")).toEqual([]);
});
