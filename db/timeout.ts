/** Timeout for reads while the database neither answers nor refuses, so that nobody waits before an empty screen. */

/** Milliseconds that a page waits for something it merely shows. */
export const readTimeoutMs = 5000;

/**
 * The promise's value, or after `ms` milliseconds an error that counts as the database being away. The work
 * itself is not cancelled, so use it only for what may happen late, or twice.
 */
export async function withTimeout<T>(ms: number, promise: PromiseLike<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const away = Object.assign(new Error("the database does not answer"), { code: "CONNECT_TIMEOUT" });
  const timer = setTimeout(() => late.reject(away), ms);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
