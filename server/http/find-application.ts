import type { InferSelectModel } from 'drizzle-orm';
import { and, asc, eq, isNull } from 'drizzle-orm';
import type { PanelView } from '../../lib/contract/panel.ts';
import type { Snapshot } from '../../lib/domain/application.ts';
import { ATS_NAMES, type AtsKind } from '../../lib/domain/ats.ts';
import type { CandidateReference } from '../../lib/domain/candidate-reference.ts';
import { GREENHOUSE_HOSTS } from '../../lib/domain/greenhouse-host.ts';
import type { Member } from '../../lib/domain/member.ts';
import type { ApplicationSummary } from '../ats/port.ts';
import { troubleWords } from '../effects/trouble-words.ts';
import { findErasedCandidate, hasAppliedSince, whenErased } from '../erasure/erased-marks.ts';
import { raiseHint } from '../jobs/delivery-hints.ts';
import type { LaneParts } from '../jobs/lane.ts';
import type { CallFailure } from '../outbound/outcome.ts';
import { say } from '../say.ts';
import type { Services } from '../services.ts';
import { ensureApplication } from '../storage/ensure-application.ts';
import { learnPageHost } from '../storage/page-hosts.repository.ts';
import { applications, connections } from '../storage/schema.ts';
import { erasedView } from './erased-view.ts';
import { createViewer, excludedView } from './sight.ts';
import { workLane } from './work-lane.ts';

type ConnectionRow = InferSelectModel<typeof connections>;
export type Found =
  | { kind: 'found'; key: string; reference: Extract<CandidateReference, { kind: 'application' }> }
  | { kind: 'view'; view: PanelView };

/** What was read longer ago is shown and read again behind it. */
const FRESH_MS = 20_000;

/** Which application a page's address means, read from the ATS when it is seen for the first time. */
export async function findApplication(parts: LaneParts, reference: CandidateReference, member: Member): Promise<Found> {
  const connection = await connectionFor(parts, reference);
  if (!connection) return unavailable('no-connection', say('error.no-connection'), reference.ats);
  if (!connection.enabled)
    return unavailable('connection-off', say('error.connection-off', { connection: connection.name }), reference.ats);
  const erased = await erasedOnPage(parts, connection, reference);
  if (erased) return erased;
  const found =
    reference.kind === 'application'
      ? await open(parts, connection, reference)
      : await choose(parts, connection, { reference, member });
  if (found.kind === 'found') await noteHost(parts, connection, reference.host);
  return found;
}

/** What was erased is not looked up again, so that looking brings nothing back. A new application of the same person is another one. */
async function erasedOnPage(
  { services }: LaneParts,
  { id }: ConnectionRow,
  reference: CandidateReference,
): Promise<Found | null> {
  if (reference.kind !== 'application') return null;
  const at = await whenErased(services.db, services, { connectionId: id, applicationId: reference.applicationId });
  return at && { kind: 'view', view: erasedView(at) };
}

/** Only what Greenhouse or an admin has named: what stands here becomes a link in other people's browsers. */
async function noteHost({ services }: LaneParts, { id, settings }: ConnectionRow, host: string): Promise<void> {
  if (settings.kind !== 'greenhouse') return;
  if (GREENHOUSE_HOSTS.includes(host) || settings.companyHosts?.includes(host))
    await learnPageHost(services.db, { connectionId: id, host, from: 'page', now: services.clock.now() });
}

/**
 * By the page's host: a company's own address belongs to the connection that names it, a Lever sandbox page to the sandbox account. Otherwise
 * the oldest connection of the kind.
 */
async function connectionFor({ services }: LaneParts, { ats, host }: CandidateReference): Promise<ConnectionRow | undefined> {
  const rows = await services.db
    .select()
    .from(connections)
    .where(and(eq(connections.kind, ats), isNull(connections.deletedAt)))
    .orderBy(asc(connections.createdAt));
  const region = ['sandbox', 'eu'].find((name) => host.includes(`.${name}.`)) ?? '';
  const regionOf = (row: ConnectionRow) =>
    ['sandbox', 'eu'].find((name) => 'apiUrl' in row.settings && row.settings.apiUrl.includes(`.${name}.`)) ?? '';
  const ofRegion = rows.filter((row) => regionOf(row) === region);
  const ofHost = rows.filter(({ settings }) => settings.kind === 'greenhouse' && settings.companyHosts?.includes(host));
  const candidates = [ofHost, ofRegion].find((some) => some.length > 0) ?? rows;
  return candidates.find((row) => row.enabled) ?? candidates[0];
}

async function open(
  parts: LaneParts,
  connection: ConnectionRow,
  reference: Extract<CandidateReference, { kind: 'application' }>,
): Promise<Found> {
  const { services } = parts;
  const [known] = await services.db
    .select({
      key: applications.key,
      snapshotAt: applications.snapshotAt,
      snapshot: applications.snapshot,
      state: applications.state,
    })
    .from(applications)
    .where(and(eq(applications.connectionId, connection.id), eq(applications.applicationId, reference.applicationId)));
  if (!known) return await openFirst(parts, connection, reference);
  // There is nothing old to show meanwhile; or the candidate may have been merged since into the one on whose page we are.
  if (!known.snapshot || known.state.vanished || isContradicted(reference, known.snapshot)) {
    await lookNow(parts, known.key);
    if (isContradicted(reference, await snapshotOf(parts, known.key))) return contradicted(connection);
  } else if (!known.snapshotAt || services.clock.now().getTime() - known.snapshotAt.getTime() > FRESH_MS) {
    await lookSoon(parts, known.key);
  }
  return { kind: 'found', key: known.key, reference };
}

async function snapshotOf({ services }: LaneParts, key: string): Promise<Snapshot | null> {
  const [row] = await services.db.select({ snapshot: applications.snapshot }).from(applications).where(eq(applications.key, key));
  return row?.snapshot ?? null;
}

/** A page that names an application and, as its candidate, somebody else. */
function isContradicted(
  { candidateId }: Extract<CandidateReference, { kind: 'application' }>,
  snapshot: Pick<Snapshot, 'candidateId'> | null,
): boolean {
  return Boolean(candidateId && snapshot?.candidateId && snapshot.candidateId !== candidateId);
}

function contradicted({ kind }: ConnectionRow): Found {
  const text = say('error.page-contradicts', { ats: kind === 'lever' ? ATS_NAMES.lever : ATS_NAMES.greenhouse });
  return { kind: 'view', view: { kind: 'unavailable', code: 'not-visible', text, mend: { kind: 'check-again' } } };
}

/** A row is made only for what the ATS really shows us, so that made-up ids leave nothing behind. */
async function openFirst(
  parts: LaneParts,
  connection: ConnectionRow,
  reference: Extract<CandidateReference, { kind: 'application' }>,
): Promise<Found> {
  const adapter = await parts.connector.ats(connection.id);
  if (!adapter.ok) return failed(connection, adapter);
  const read = await adapter.value.readSnapshot(reference.applicationId);
  if (!read.ok) return failed(connection, read);
  if (isContradicted(reference, read.value)) return contradicted(connection);
  const { services } = parts;
  const at = await isOutSince(services, { connectionId: connection.id, application: read.value });
  if (at) return { kind: 'view', view: erasedView(at) };
  const key = await ensureApplication(parts.services.db, parts.services, {
    connectionId: connection.id,
    applicationId: reference.applicationId,
    candidateId: read.value.candidateId,
  });
  await lookNow(parts, key);
  return { kind: 'found', key, reference };
}

/** When somebody was erased who has not applied since, as far as the ATS says; null for everybody else. */
async function isOutSince(
  services: Services,
  given: {
    connectionId: string;
    application: Pick<Snapshot, 'candidateId' | 'createdAt' | 'clockAheadMs'>;
  },
): Promise<Date | null> {
  const { connectionId, application } = given;
  const { candidateId } = application;
  const erased = await findErasedCandidate(services.db, services, { connectionId, candidateId });
  return erased && hasAppliedSince(erased, application) !== 'yes' ? erased.askedAt : null;
}

/** Reads the application again and decides, before answering if that does not take too long. */
export async function lookNow(parts: LaneParts, key: string): Promise<void> {
  await lookSoon(parts, key);
  await workLane(parts, key);
}

async function lookSoon({ services, queue }: LaneParts, key: string): Promise<void> {
  await services.db.transaction(async (tx) => {
    await raiseHint(tx, [key]);
    await queue.sendLane(tx, key);
  });
}

async function choose(
  parts: LaneParts,
  connection: ConnectionRow,
  { reference, member }: { reference: Extract<CandidateReference, { kind: 'person' }>; member: Member },
): Promise<Found> {
  const { services } = parts;
  const { candidateId } = reference;
  const erased = await findErasedCandidate(services.db, services, { connectionId: connection.id, candidateId });
  const adapter = await parts.connector.ats(connection.id);
  if (!adapter.ok) return erased ? { kind: 'view', view: erasedView(erased.askedAt) } : failed(connection, adapter);
  const listed = await adapter.value.findApplications(candidateId);
  if (erased && !(listed.ok && listed.value.some((one) => hasAppliedSince(erased, one) === 'yes')))
    return { kind: 'view', view: erasedView(erased.askedAt) };
  if (!listed.ok) return failed(connection, listed);
  const viewer = createViewer(parts.services, member);
  const shown: ApplicationSummary[] = [];
  for (const summary of listed.value) {
    const candidate = { confidential: summary.confidential ?? false, involved: summary.involved };
    const sight = await viewer.sightOf({ connectionId: connection.id, ats: adapter.value.kind, candidate });
    if (sight !== 'nothing') shown.push(summary);
  }
  for (const [place, { applicationId, ...summary }] of [...shown.entries()].toReversed()) {
    const isOld = erased !== null && hasAppliedSince(erased, summary) !== 'yes';
    const at = isOld ? erased.askedAt : await whenErased(services.db, services, { connectionId: connection.id, applicationId });
    if (at) shown.splice(place, 1);
    if (at && listed.value.length === 1) return { kind: 'view', view: erasedView(at) };
  }
  const [only, another] = shown;
  if (!only && listed.value.length > 0) {
    const text = await viewer.explain({ connectionId: connection.id, ats: adapter.value.kind });
    return { kind: 'view', view: excludedView(text) };
  }
  if (!only) {
    const text = say('server.no-application', { ats: ATS_NAMES[adapter.value.kind] });
    return { kind: 'view', view: { kind: 'unavailable', code: 'no-application', text, mend: null } };
  }
  if (!another) {
    const { ats, host } = reference;
    return await open(parts, connection, {
      ats,
      host,
      kind: 'application',
      applicationId: only.applicationId,
      candidateId: reference.candidateId,
    });
  }
  return {
    kind: 'view',
    view: {
      kind: 'chooser',
      candidateName: only.candidateName,
      applications: shown.map(({ applicationId, candidateId, jobName, stageName, status }) => ({
        applicationId,
        candidateId,
        jobName,
        stageName,
        status,
      })),
    },
  };
}

function failed(connection: ConnectionRow, failure: CallFailure): Found {
  const ats = connection.kind === 'greenhouse' || connection.kind === 'lever' ? connection.kind : 'greenhouse';
  const text = troubleWords(failure, ATS_NAMES[ats]);
  switch (failure.kind) {
    case 'not-found': {
      // Never seen before, so "any more" would be wrong.
      const words = say('error.ats-not-visible', { ats: ATS_NAMES[ats] });
      return { kind: 'view', view: { kind: 'unavailable', code: 'not-visible', text: words, mend: { kind: 'check-again' } } };
    }
    case 'unauthorised':
    case 'forbidden':
    case 'refused':
    case 'misconfigured':
      return {
        kind: 'view',
        view: { kind: 'unavailable', code: 'ats-refused', text, mend: { kind: 'open-settings', section: ats } },
      };
    default:
      return { kind: 'view', view: { kind: 'unavailable', code: 'ats-unavailable', text, mend: { kind: 'check-again' } } };
  }
}

function unavailable(code: 'no-connection' | 'connection-off', text: string, section: AtsKind): Found {
  return { kind: 'view', view: { kind: 'unavailable', code, text, mend: { kind: 'open-settings', section } } };
}
