/** The routes that take a file, for whatever treats them otherwise than the rest. */

/** A new guide, or a new version of one (api/routes/guides.ts). */
export const isUpload = (path: string): boolean => /^\/staff\/guides(?:\/[^/]+\/versions)?$/u.test(path);
