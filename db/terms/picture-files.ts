/** How the files of a picture are called. */

const endings = { "image/webp": "webp", "image/jpeg": "jpg" } as const;

export type PictureType = keyof typeof endings;

/** Name of a file in its address: it changes with the bytes. */
export const pictureFileName = ({
  sha256,
  variant,
  type,
}: {
  sha256: string;
  variant: string;
  type: PictureType;
}): string => `${sha256.slice(0, 12)}-${variant}.${endings[type]}`;
