/** The program that prints the support book, in a process of its own: fonts and outlines take memory that is then free again. */

import type { OrganisationValues } from "#api/booklet/print.ts";
import { printAll } from "./print-all.ts";

process.once("message", (values) => {
  void printAll(values as OrganisationValues).then((printed) => process.send?.(printed));
});
