/**
 * Which scope of Harvest v3 a call takes. https://harvestdocs.greenhouse.io/docs/authentication
 * Each page of the reference names its scope, and all follow one rule: the resource is the first part of the path, the right follows
 * from the method, or is the verb at the end (`/applications/{id}/move`).
 */
const BY_METHOD: Record<string, string> = { GET: 'list', POST: 'create', PATCH: 'update', PUT: 'update', DELETE: 'destroy' };

/** `path` below `/v3`. Null for what does not look like a call of Harvest. */
export function greenhouseRightOf(method: string, path: string): string | null {
  const [resource, , verb] = path.replace(/^\//, '').split(/[/?]/);
  const right = verb ?? BY_METHOD[method];
  return resource && right ? `harvest:${resource}:${right}` : null;
}
