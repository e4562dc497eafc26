/**
 * Preloaded into a process of the product (NODE_OPTIONS=--import=…): its clock is ahead by the seconds that stand in the file
 * DRILL_CLOCK, which is read ten times a second. Only what is asked of Date; how much time passes stays as it is.
 */
import { readFileSync } from "node:fs";

const path = process.env.DRILL_CLOCK ?? "";
const RealDate = Date;
let shift = 0;

function read() {
  const seconds = Number(readFileSync(path, "utf8"));
  if (Number.isFinite(seconds)) shift = seconds * 1000;
}

class ShiftedDate extends RealDate {
  constructor(...given) {
    super(...(given.length === 0 ? [RealDate.now() + shift] : given));
  }
  static now() {
    return RealDate.now() + shift;
  }
}

read();
setInterval(read, 100).unref();
globalThis.Date = ShiftedDate;
