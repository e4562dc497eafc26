/** From a vocabulary to the tuple that zod and the schema want. */

/** The codes of a vocabulary as the tuple that zod and the schema want. */
export function codes<const T extends Record<string, string>>(terms: T) {
  return Object.keys(terms) as [keyof T & string, ...(keyof T & string)[]];
}
