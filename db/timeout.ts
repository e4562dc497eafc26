/** Waiting for a database that neither answers nor refuses: nobody should look at an empty screen for it. */

/** Milliseconds that a page waits for something it merely shows. */
export const readTimeoutMs = 5000;

/**
 * What the promise brings, or after `ms` milliseconds an error that counts as the database being away.
 * What was begun goes on unseen: only things that may happen late, or twice, are waited for like this.
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
