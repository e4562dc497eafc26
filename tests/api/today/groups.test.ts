/** In which group of the list of the day a case stands. */

import { describe, expect, test } from "vitest";
import { byDue, groupNames, todayGroupOf, groups, type TodayCase } from "#api/today/groups.ts";

const today = "2026-11-27";
const one = (changes: Partial<TodayCase>): TodayCase => ({
  id: "1",
  state: "open",
  receivedAt: new Date("2026-11-20T00:00:00Z"),
  dueDay: null,
  isUnread: false,
  isHeld: true,
  isMine: false,
  isUndelivered: false,
  isDoubtful: false,
  lacksConsent: false,
  reminderDay: null,
  ...changes,
});
const doubtful = { state: "new", isHeld: false, isDoubtful: true } as const;

describe("a case stands in the first group that fits", () => {
  test.each<[string, Partial<TodayCase>, string | undefined]>([
    ["overdue", { dueDay: "2026-11-26" }, "late"],
    [
      "overdue, held by nobody, and its mail refused",
      { dueDay: "2026-11-26", isHeld: false, isUndelivered: true },
      "late",
    ],
    ["overdue though it is closed", { dueDay: "2026-11-26", state: "closed" }, "late"],
    ["due today, and unread", { dueDay: today, isUnread: true }, "today"],
    ["due later, and unread", { dueDay: "2026-11-30", isUnread: true }, "family"],
    ["unread, and no answer is wanted", { isUnread: true }, "family"],
    ["unread, but nobody holds it", { dueDay: "2026-11-30", isUnread: true, isHeld: false }, "unheld"],
    ["new", { state: "new", isHeld: false, dueDay: "2026-12-01" }, "unheld"],
    ["new, and no answer is wanted", { state: "new", isHeld: false }, "unheld"],
    ["waits for the family, but its holder left", { state: "waiting", isHeld: false }, "unheld"],
    ["its mail was refused", { isUndelivered: true, dueDay: "2026-12-01" }, "undelivered"],
    ["a reminder has come, and an answer is due later", { reminderDay: today, dueDay: "2026-12-01" }, "reminder"],
    ["a reminder has come, though it is closed", { reminderDay: "2026-11-20", state: "closed" }, "reminder"],
    ["a reminder has come, but nobody holds it", { reminderDay: today, isHeld: false }, "unheld"],
    ["perhaps no request", doubtful, "review"],
    ["perhaps no request, and due later", { ...doubtful, dueDay: "2026-12-01" }, "review"],
    ["perhaps no request, but overdue", { ...doubtful, dueDay: "2026-11-26" }, "late"],
    ["once doubtful, but somebody took it", { isDoubtful: true, dueDay: "2026-12-01" }, "later"],
    ["without consent for 30 days", { lacksConsent: true }, "review"],
    ["without consent for 30 days, and overdue", { lacksConsent: true, dueDay: "2026-11-26" }, "late"],
    ["held, due later", { dueDay: "2026-11-30" }, "later"],
    ["held, nothing due", {}, undefined],
    ["closed, held by nobody", { state: "closed", isHeld: false }, undefined],
  ])("%s", (_, changes, name) => {
    expect(todayGroupOf(one(changes), today)).toBe(name);
  });
});

test("the earliest answer comes first, and what owes none comes last, the oldest first", () => {
  const rows = [
    one({ id: "none, young", receivedAt: new Date("2026-11-26T00:00:00Z") }),
    one({ id: "none, old", receivedAt: new Date("2026-11-01T00:00:00Z") }),
    one({ id: "later", dueDay: "2026-12-01" }),
    one({ id: "sooner", dueDay: "2026-11-28" }),
    one({ id: "reminder", reminderDay: "2026-11-27" }),
  ];
  expect(rows.toSorted(byDue).map(({ id }) => id)).toEqual(["reminder", "sooner", "later", "none, old", "none, young"]);
});

test("each group says what to do when it is empty", () => {
  for (const name of groupNames) expect(groups[name].whenEmpty).not.toBe("");
});
