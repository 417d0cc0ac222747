/** Waits for a promise, so many milliseconds at most; then throws an error with the message. */
export async function inTime<T>(promise: Promise<T>, limit: number, message: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout>;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(message)), limit);
  });
  return await Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
