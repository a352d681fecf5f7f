/** What comes of `what`; rejects with `describe()` and the time when it has not come by then. What it waited for is not ended by that. */
export async function within<T>(
  what: Promise<T>,
  { withinMs, describe }: { withinMs: number; describe: () => string },
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${describe()} within ${withinMs / 1000} s`)), withinMs);
  });
  try {
    return await Promise.race([what, late]);
  } finally {
    clearTimeout(timer);
  }
}
