import type { CandidateReference } from '../domain/candidate-reference.ts';

/** Single-label hosts of Greenhouse where recruiters do not work. Everything else may be a company's own address. */
const OTHER_SITES =
  /^(www|boards|job-boards|boards-api|api|harvest|harvestdocs|auth|my|support|developers|onboarding|mcp|status)\./;

const ID = /^[1-9]\d{0,18}$/;

/** Classic and redesigned profile, merge page and interview kit. The part after the person may name the application. */
const PERSON_PATH = /^(?:\/guides\/\d+)?\/people\/(\d+)(?:\/applications\/(\d+))?(?:\/|$)/;
/** Inferred: seen in one public project only, never in a screenshot. Harmless when wrong: the server looks the id up. */
const BARE_PATH = /^\/(?:applications\/(\d+)|candidates\/(\d+))\/?$/;

/** app, app2 ... app15, app.eu and company addresses such as `acme.greenhouse.io`. */
export function isGreenhouseHost(host: string): boolean {
  return /^(app\.eu|[a-z0-9-]+)\.greenhouse\.io$/.test(host) && !OTHER_SITES.test(host);
}

/**
 * Whom a Greenhouse page shows, by its address alone; null when it shows nobody or when it names two people or two
 * applications at once. Total: any URL gets an answer.
 *
 * The forms are those recorded from public scripts and from webhook links; Greenhouse documents none of them.
 */
export function readGreenhousePage(url: URL): CandidateReference | null {
  if (!isGreenhouseHost(url.hostname)) return null;
  const person = PERSON_PATH.exec(url.pathname);
  const bare = BARE_PATH.exec(url.pathname);
  if (!person && !bare) return null;
  const query = (...names: string[]) => names.flatMap((name) => url.searchParams.getAll(name));
  const applicationId = only([person?.[2], bare?.[1], ...query('application_id', 'job_application_id')]);
  const candidateId = only([person?.[1], bare?.[2], ...query('candidate_id', 'person_id')]);
  if (applicationId === null || candidateId === null) return null;
  const page = { ats: 'greenhouse', host: url.hostname } as const;
  if (applicationId) return { ...page, kind: 'application', applicationId, ...(candidateId && { candidateId }) };
  return candidateId ? { ...page, kind: 'person', candidateId } : null;
}

/** The one id that all agree on, `''` when there is none, null when they differ or one is not an id. */
function only(found: (string | undefined)[]): string | null {
  const ids = found.filter((id) => id);
  return ids.every((id) => id === ids[0] && ID.test(id ?? '')) ? (ids[0] ?? '') : null;
}
