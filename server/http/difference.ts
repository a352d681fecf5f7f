type Fields = Readonly<Record<string, unknown>>;

/** Of two records, what differs, each side by itself; undefined when nothing does. */
export function difference(before: Fields, after: Fields): { before: Fields; after: Fields } | undefined {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
  if (names.length === 0) return undefined;
  const pick = (from: Fields) =>
    Object.fromEntries(names.filter((name) => from[name] !== undefined).map((name) => [name, from[name]]));
  return { before: pick(before), after: pick(after) };
}

/** Which secrets there are, never what they are: each by its last four characters. */
export function secretsEnds(secrets: Readonly<Record<string, { lastFour: string }>>): Record<string, string> {
  return Object.fromEntries(Object.entries(secrets).map(([name, { lastFour }]) => [`secret.${name}`, `… ${lastFour}`]));
}
