import { opensSomething, parametersOfFragment } from '../../lib/domain/opening-parameters.ts';

/**
 * Whether both links lead to the same page. What opens it (CodeSignal's `accessToken`: https://github.com/CodeSignal/developer-docs,
 * docs/webhooks/index.html) may be another one at each answer, which is no news; what names the page is kept, also behind the path. Pure.
 */
export function isSameLink(a: string | null, b: string | null): boolean {
  return placeOf(a) === placeOf(b);
}

/** The link without what opens something by itself. */
export function placeOf(link: string | null): string | null {
  if (link === null || !URL.canParse(link)) return link;
  const { origin, pathname, searchParams, hash } = new URL(link);
  const named = new URLSearchParams([...searchParams].filter(([name, value]) => !opensSomething(name, value)));
  const opens = [...parametersOfFragment(hash)].some(([name, value]) => opensSomething(name, value));
  return `${origin}${pathname}?${named}${opens ? '' : hash}`;
}
