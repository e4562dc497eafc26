/** Who asks for help. Each has a form of their own: its questions, its tone, and words of consent that fit. */

export const asker = {
  family: "保護者",
  relative: "きょうだい・祖父母",
  self: "本人",
  professional: "支える仕事の方",
} as const;

export type Asker = keyof typeof asker;

/** The path of each form in Japanese; the other languages prefix it. */
export const formPaths = {
  family: "/consultation",
  relative: "/consultation/relatives",
  self: "/consultation/teens",
  professional: "/consultation/professional",
} as const satisfies Record<Asker, string>;

/** Whose words of consent stand on each form, by their kind (db/consents/versions.ts). */
export const consentKinds = {
  family: "consultation",
  relative: "relative",
  self: "self",
  professional: "professional",
} as const satisfies Record<Asker, string>;

/** The asker that a form says it is of; a program that names none, or nobody known, asks as a family. */
export const askerIn = ({ asker: named }: Record<string, unknown>): Asker =>
  typeof named === "string" && Object.hasOwn(asker, named) ? (named as Asker) : "family";
