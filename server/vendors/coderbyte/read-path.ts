/**
 * What stands at a path like `data.items` or `rows.0.id` in parsed JSON; the whole value for an empty path, undefined where the path
 * leads nowhere. Total, and blind to everything that is inherited.
 */
export function readPath(value: unknown, path: string): unknown {
  let found = value;
  for (const step of path.split('.').filter(Boolean)) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step)) return undefined;
    found = Reflect.get(found, step);
  }
  return found;
}
