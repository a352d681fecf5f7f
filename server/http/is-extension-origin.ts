/** True for the origin of an extension's own page or worker, in Chromium or Firefox. */
export function isExtensionOrigin(origin: string | undefined): origin is string {
  return origin !== undefined && /^(chrome|moz)-extension:\/\/[\w-]+$/.test(origin);
}
