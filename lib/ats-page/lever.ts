import { NOBODY, type PageReading } from './page-reading.ts';

/** `/opportunities/<id>` was seen in a client of 2020 and may be legacy; the id means the same. */
const OPPORTUNITY = /\/(?:candidates|opportunities)\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?![^/])/gi;

/**
 * Whom a Lever page shows, by its address alone: the UUID after `/candidates/` is the opportunity's, which is our
 * application (true of `urls.show` in every recorded API answer). What follows it, query and hash do not matter; the UUID of
 * `/interviews/<id>` is an interview's. Total: any URL gets an answer. Whether the host is Lever's, the caller knows.
 */
export function readLeverPage(url: URL): PageReading {
  const ids = [...url.pathname.toLowerCase().matchAll(OPPORTUNITY)].map((match) => match[1]);
  const applicationId = ids[0];
  if (!applicationId) return NOBODY;
  if (ids.some((id) => id !== applicationId)) return { kind: 'contradiction', ats: 'lever' };
  return { kind: 'candidate', reference: { ats: 'lever', host: url.hostname, kind: 'application', applicationId } };
}
