/** One letter's outline as a Type 2 charstring (Adobe Technical Note 5177), without hints and subroutines. */

import type { OutlinedGlyph } from "#api/drawings/outlines.ts";

type Command = OutlinedGlyph["path"]["commands"][number];

const operators = { line: 5, curve: 8, end: 14, move: 21 } as const;
/** The most numbers that may stand before one operator. */
const maxNumbers = 48;

/** A whole number from -32768 to 32767 as a charstring writes it. */
function number(value: number): number[] {
  if (value >= -107 && value <= 107) return [value + 139];
  if (value >= 108 && value <= 1131) return [247 + ((value - 108) >> 8), (value - 108) & 255];
  if (value <= -108 && value >= -1131) return [251 + ((-value - 108) >> 8), (-value - 108) & 255];
  return [28, (value >> 8) & 255, value & 255];
}

/** Each point as its distance from the point before it. */
function distances(args: readonly number[], from: readonly [number, number]): number[] {
  return args.map((value, at) => value - (at < 2 ? (from[at] ?? 0) : (args[at - 2] ?? 0)));
}

/** The bytes of the charstring. Throws for a quadratic curve, which fonts of this kind do not have. */
export function charstring(width: number, commands: readonly Command[]): Buffer {
  const bytes: number[] = number(width);
  let pen: [number, number] = [0, 0];
  let waiting: { operator: number; numbers: number[] } | undefined;
  const write = () => {
    if (waiting) bytes.push(...waiting.numbers.flatMap(number), waiting.operator);
    waiting = undefined;
  };
  for (const { command, args: points } of commands) {
    if (command === "closePath") continue;
    if (command === "quadraticCurveTo") throw new Error("an outline with quadratic curves");
    const args = points.map(Math.round);
    const operator = operators[command === "moveTo" ? "move" : command === "lineTo" ? "line" : "curve"];
    const numbers = distances(args, pen);
    const isFull = (waiting?.numbers.length ?? 0) + numbers.length > maxNumbers;
    if (waiting?.operator !== operator || operator === operators.move || isFull) write();
    waiting = { operator, numbers: [...(waiting?.numbers ?? []), ...numbers] };
    pen = [args.at(-2) ?? 0, args.at(-1) ?? 0];
  }
  write();
  return Buffer.from([...bytes, operators.end]);
}
