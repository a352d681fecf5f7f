import { NOBODY, type PageReading } from './page-reading.ts';
import { showsSomebodyInside } from './shows-somebody.ts';

/**
 * Classic and redesigned profile, merge page, interview kit. Inferred: the bare `/applications/<id>` and `/candidates/<id>`
 * were seen in one public project only; harmless when wrong, because the server looks the id up.
 */
const NAMED = /^(?:\/guides\/\d+)?\/(people|candidates|applications)\/([1-9]\d{0,18})(?:\/applications\/(\d+))?(?:\/|$)/;

/**
 * Whom a Greenhouse page shows, by its address alone. Total: any URL gets an answer. Whether the host is Greenhouse's, the
 * caller knows.
 *
 * Not read: `/scorecards/<id>`, whose number is the scorecard's own and whose document has no link that is known to name the person.
 *
 * The forms are those recorded from public scripts and from webhook links; Greenhouse documents none of them.
 */
export function readGreenhousePage(url: URL): PageReading {
  if (showsSomebodyInside(url)) return { kind: 'in-document', ats: 'greenhouse', host: url.hostname };
  const page = NAMED.exec(url.pathname);
  if (!page) return NOBODY;
  const [, kind, id, applicationInPath] = page;
  const isPerson = kind !== 'applications';
  const applications = distinct(url, /^(job_)?application_id$/, isPerson ? applicationInPath : id);
  const people = distinct(url, /^(candidate|person)_id$/, isPerson && id);
  // Two ids contradict each other; text that is no id contradicts the page too.
  if (applications.length > 1 || people.length > 1 || ![...applications, ...people].every(isId))
    return { kind: 'contradiction', ats: 'greenhouse' };
  const [[applicationId], [candidateId]] = [applications, people];
  const common = { ats: 'greenhouse', host: url.hostname } as const;
  if (applicationId) return { kind: 'candidate', reference: { ...common, kind: 'application', applicationId, candidateId } };
  return candidateId ? { kind: 'candidate', reference: { ...common, kind: 'person', candidateId } } : NOBODY;
}

function distinct(url: URL, names: RegExp, inPath: string | undefined | false): string[] {
  const inQuery = [...url.searchParams].filter(([name]) => names.test(name)).map(([, value]) => value);
  return [...new Set([inPath || '', ...inQuery])].filter(Boolean);
}

function isId(text: string): boolean {
  return /^[1-9]\d{0,18}$/.test(text);
}
