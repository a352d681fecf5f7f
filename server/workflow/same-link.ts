/**
 * Whether both links lead to the same page. What opens it (CodeSignal's `accessToken`: https://github.com/CodeSignal/developer-docs,
 * docs/webhooks/index.html) stands behind the path and may be another one at each answer, which is no news. Pure.
 */
export function isSameLink(a: string | null, b: string | null): boolean {
  return placeOf(a) === placeOf(b);
}

/** The link without what stands behind its path. */
export function placeOf(link: string | null): string | null {
  if (link === null || !URL.canParse(link)) return link;
  const { origin, pathname } = new URL(link);
  return `${origin}${pathname}`;
}
