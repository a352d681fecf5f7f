import type { ChangeChoices } from '../../lib/contract/panel.ts';
import type { Snapshot } from '../../lib/domain/application.ts';
import type { ApplicationChange, ChangeKind } from '../../lib/domain/application-change.ts';
import { ATS_NAMES } from '../../lib/domain/ats.ts';
import type { AtsOpening } from '../ats/operations.ts';
import type { AtsAdapter } from '../ats/port.ts';
import type { Clock } from '../clock.ts';
import type { Connector } from '../jobs/connector.ts';
import { type CallResult, succeed } from '../outbound/outcome.ts';
import { failureToError } from './describe-failure.ts';

export type ChoosingKind = Extract<ChangeKind, 'transfer' | 'reject' | 'hire'>;

export interface ChangeChooser {
  /** What the ATS lets one choose from. `fresh`: asked now, whatever was heard before. @throws ApiError when it cannot be read. */
  choicesFor(kind: ChoosingKind, snapshot: Snapshot, fresh?: boolean): Promise<ChangeChoices>;
}

/** A menu that is opened again and its confirmation a moment later ask the ATS once. */
const REMEMBER_MS = 60_000;

/** Keep one per server: it remembers lists for a minute, by connection and job, and nothing of a candidate. */
export function createChangeChooser({ connector, clock }: { connector: Connector; clock: Clock }): ChangeChooser {
  const heard = new Map<string, { choices: ChangeChoices; until: number }>();
  return {
    async choicesFor(kind, snapshot, fresh = false) {
      const key = `${snapshot.connectionId} ${snapshot.job?.id ?? ''} ${kind}`;
      const now = clock.now().getTime();
      for (const [old, { until }] of heard) if (until <= now) heard.delete(old);
      const known = fresh ? undefined : heard.get(key);
      if (known) return known.choices;
      const adapter = await connector.ats(snapshot.connectionId);
      const read = adapter.ok ? await readChoices(adapter.value, kind, snapshot) : adapter;
      if (!read.ok) throw failureToError(read, { name: ATS_NAMES[snapshot.ats], side: 'ats' });
      heard.set(key, { choices: read.value, until: now + REMEMBER_MS });
      return read.value;
    },
  };
}

async function readChoices(adapter: AtsAdapter, kind: ChoosingKind, snapshot: Snapshot): Promise<CallResult<ChangeChoices>> {
  if (kind === 'transfer') return await readJobs(adapter, snapshot);
  if (kind === 'hire' && adapter.operations.listOpenings) return await readOpenings(adapter, snapshot);
  const listed = await adapter.listDispositionReasons();
  if (!listed.ok) return listed;
  const fitting = listed.value.filter((reason) => reason.active && (reason.kind === 'hired') === (kind === 'hire'));
  return chosenFrom(
    'reason',
    fitting.map(({ reasonId, name }) => ({ id: reasonId, name })),
    true,
  );
}

/** Confidential jobs are left out: who may know of them is the ATS's to say, and it does not tell us. */
async function readJobs({ operations }: AtsAdapter, { job }: Snapshot): Promise<CallResult<ChangeChoices>> {
  const listed = (await operations.listJobs?.()) ?? succeed([]);
  if (!listed.ok) return listed;
  const open = listed.value.filter(({ status, confidential, jobId }) => status === 'open' && !confidential && jobId !== job?.id);
  return chosenFrom(
    'job',
    open.map(({ jobId, name }) => ({ id: jobId, name: name ?? jobId })),
    true,
  );
}

/** Who may not list openings can still hire where a job has but one; if it has more, Greenhouse refuses and says so. */
async function readOpenings({ operations }: AtsAdapter, { job }: Snapshot): Promise<CallResult<ChangeChoices>> {
  const listed: CallResult<AtsOpening[]> = (job && (await operations.listOpenings?.(job.id))) ?? succeed([]);
  if (!listed.ok && listed.kind !== 'forbidden') return listed;
  const open = listed.ok ? listed.value.filter((opening) => opening.open) : [];
  return chosenFrom(
    'opening',
    open.map(({ openingId, name }) => ({ id: openingId, name: name ?? openingId })),
    false,
  );
}

function chosenFrom(of: ChangeChoices['of'], choices: ChangeChoices['choices'], isNeeded: boolean): CallResult<ChangeChoices> {
  const sorted = choices.toSorted((a, b) => a.name.localeCompare(b.name, 'en'));
  return succeed({ of, choices: sorted, isNeeded: isNeeded || sorted.length > 1 });
}

/** The change with what was chosen in it, by the name the ATS has for it; null when the ATS does not list that. */
export function withChosen(
  kind: ChoosingKind,
  { of, choices, isNeeded }: ChangeChoices,
  chosenId: string | null,
): ApplicationChange | null {
  const chosen = choices.find(({ id }) => id === chosenId);
  if (chosenId === null ? isNeeded : !chosen) return null;
  if (kind === 'hire') {
    const id = chosen?.id ?? null;
    return of === 'opening' ? { kind, openingId: id, reasonId: null } : { kind, openingId: null, reasonId: id };
  }
  if (!chosen) return null;
  return kind === 'transfer'
    ? { kind, jobId: chosen.id, jobName: chosen.name }
    : { kind, reasonId: chosen.id, reasonName: chosen.name };
}
