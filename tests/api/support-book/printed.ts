/** The support book as the sample hands it out, printed once for a test file. */

import { printAll } from "#api/support-book/print-all.ts";
import { ownValues } from "#api/support-book/print-own.ts";

export const printed = await printAll(ownValues());

export const fileOf = (name: string): Buffer => {
  const file = printed[name];
  if (file === undefined) throw new Error(`no file ${name}`);
  return file;
};
