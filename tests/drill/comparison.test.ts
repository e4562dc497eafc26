/** The comparison at the end of a drill: each thing that can be lost is missed. */

import { expect, test } from "vitest";
import { crash } from "./crash.ts";
import { howTo } from "./frame/drill.ts";
import { type Facts, lossesOf } from "./frame/examine.ts";

const messages = ["a1", "a2", "b1", "b2"].map((id) => ({ id, state: "accepted", repeated: false }));
const whole: Facts = {
  answered: ["A", "B"],
  stored: ["B", "A"],
  rows: { consultations: 2, cases: 2, traces: 2, promises: 2 },
  messages,
  arrived: ["a1", "a2", "b1", "b2"],
};

test("nothing is said where everything is there once", () => expect(lossesOf(whole)).toEqual([]));

test("a repeat that is marked is none, one without a mark is", () => {
  const arrived = [...whole.arrived, "b2"];
  expect(lossesOf({ ...whole, arrived })).toEqual(["1 mails came twice and are not marked as repeated"]);
  const marked = messages.map((message) => ({ ...message, repeated: message.id === "b2" }));
  expect(lossesOf({ ...whole, arrived, messages: marked })).toEqual([]);
});

test.each<[string, Partial<Facts>, string[]]>([
  ["a request that is not stored", { stored: ["B", "C"] }, ["1 requests answered with 201 are not stored"]],
  ["a request that is stored twice", { stored: ["A", "B", "C"] }, ["1 more are stored than were answered"]],
  ["one reference for two", { answered: ["A", "A"], stored: ["A", "B"] }, ["1 references were given to two requests"]],
  ["no case", { rows: { ...whole.rows, cases: 1 } }, ["-1 cases too many or (-) too few"]],
  ["no line in the audit trail", { rows: { ...whole.rows, traces: 1 } }, ["-1 traces too many or (-) too few"]],
  ["no promise", { rows: { ...whole.rows, promises: 1 } }, ["-1 promises too many or (-) too few"]],
  [
    "a mail that was never queued",
    { messages: messages.slice(1), arrived: whole.arrived.slice(1) },
    ["-1 mails in the ledger too many or (-) too few"],
  ],
  ["a mail that never arrived", { arrived: whole.arrived.slice(1) }, ["1 mails never arrived"]],
  ["a mail from nowhere", { arrived: [...whole.arrived, "x"] }, ["1 mails arrived that the ledger does not know"]],
  [
    "a mail given up",
    { messages: messages.map((message) => (message.id === "a1" ? { ...message, state: "failed" } : message)) },
    ["1 mails ended otherwise than accepted"],
  ],
])("%s is missed", (_what, change, losses) => expect(lossesOf({ ...whole, ...change })).toEqual(losses));

test("sizes: those of the short form, those that were given, and none that is unknown", () => {
  const say = () => {};
  expect(howTo(crash, {}, false, say).size("requests")).toBe(10_000);
  expect(howTo(crash, { kills: 9 }, true, say).size("requests")).toBe(crash.short["requests"]);
  expect(howTo(crash, { kills: 9 }, true, say).size("kills")).toBe(9);
  expect(() => howTo(crash, {}, false, say).size("mails")).toThrow('no size "mails"');
});
