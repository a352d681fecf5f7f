import type { CandidateReference } from '../domain/candidate-reference.ts';

/**
 * Classic and redesigned profile, merge page, interview kit. Inferred: the bare `/applications/<id>` and `/candidates/<id>`
 * were seen in one public project only; harmless when wrong, because the server looks the id up.
 */
const PAGE = /^(?:\/guides\/\d+)?\/(people|candidates|applications)\/(\d+)(?:\/applications\/(\d+))?(?:\/|$)/;

/**
 * Whom a Greenhouse page shows, by its address alone; null when it shows nobody or when it names two people or two
 * applications at once. Total: any URL gets an answer. Whether the host is Greenhouse's, the caller knows.
 *
 * The forms are those recorded from public scripts and from webhook links; Greenhouse documents none of them.
 */
export function readGreenhousePage(url: URL): CandidateReference | null {
  const page = PAGE.exec(url.pathname);
  if (!page) return null;
  const [, kind, id, applicationInPath] = page;
  const isPerson = kind !== 'applications';
  const applications = distinct(url, /^(job_)?application_id$/, isPerson ? applicationInPath : id);
  const people = distinct(url, /^(candidate|person)_id$/, isPerson && id);
  // Two ids contradict each other; text that is no id contradicts the page too.
  if (applications.length > 1 || people.length > 1 || ![...applications, ...people].every(isId)) return null;
  const [[applicationId], [candidateId]] = [applications, people];
  const common = { ats: 'greenhouse', host: url.hostname } as const;
  if (applicationId) return { ...common, kind: 'application', applicationId, candidateId };
  return candidateId ? { ...common, kind: 'person', candidateId } : null;
}

function distinct(url: URL, names: RegExp, inPath: string | undefined | false): string[] {
  const inQuery = [...url.searchParams].filter(([name]) => names.test(name)).map(([, value]) => value);
  return [...new Set([inPath || '', ...inQuery])].filter(Boolean);
}

function isId(text: string): boolean {
  return /^[1-9]\d{0,18}$/.test(text);
}
