/** What a family sends who comes back. What is wrong with it is said in the language of the page. */

import { z } from "zod";
import { SharedFields } from "#api/forms/fields.ts";

/** Whatever stands in a field; an odd value is as wrong as any other. */
const anything = (max: number) => z.string().max(max).catch("");

const { key, website, c } = SharedFields;

export const ReturnForm = z.strictObject({
  reference: anything(100),
  code: anything(100),
  /** Written on a page whose time was over, and sent on together with number and code. */
  message: z.string().default(""),
  key,
  website,
  c,
});

export const AdditionForm = z.strictObject({ pass: anything(400), message: z.string().default(""), key, website, c });

/** The longest message, in characters. */
export const longestMessage = 4000;
