/** File sizes as pages show them. */

/** "約162KB" or "約3.4MB": what it costs on a phone. */
export const formatSize = (bytes: number): string =>
  bytes < 1_000_000 ? `約${Math.max(1, Math.round(bytes / 1024))}KB` : `約${(bytes / 1_048_576).toFixed(1)}MB`;
