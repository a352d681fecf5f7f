/** What is there more often than once, with how often. */
export function countRepeated(keys: readonly string[]): { key: string; times: number }[] {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return [...counts].map(([key, times]) => ({ key, times })).filter(({ times }) => times > 1);
}
