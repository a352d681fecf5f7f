import type { ConnectionView, Overview } from '../../lib/contract/settings.ts';
import { ATS_KINDS, type AtsKind } from '../../lib/domain/ats.ts';
import type { SectionId } from './sections.ts';

export type SetUpState = Overview['steps'][number]['state'];

/** What each entry of the list says about its section; no entry where a section has no state. */
export function navStates(overview: Overview, connections: readonly ConnectionView[]): Partial<Record<SectionId, SetUpState>> {
  const step = (id: Overview['steps'][number]['id']) => overview.steps.find((it) => it.id === id)?.state ?? 'off';
  const hasAts = connections.some(({ side }) => side === 'ats');
  const ats = (kind: AtsKind) => atsState(kind, connections, hasAts);
  return {
    overview: overview.steps.some(({ state }) => state === 'needs-you') ? 'needs-you' : 'ready',
    ...Object.fromEntries(ATS_KINDS.map((kind) => [kind, ats(kind)])),
    vendors: step('vendor'),
    assessments: step('assessment'),
    stages: worst([step('stages'), step('reasons')]),
    rules: step('rules'),
    mail: step('mail'),
    people: step('people'),
  };
}

/** One ATS is enough: the other is off, not missing. While there is none, each is where to begin. */
function atsState(kind: AtsKind, connections: readonly ConnectionView[], hasAts: boolean): SetUpState {
  const states = connections.filter((connection) => connection.kind === kind).map(({ state }) => state);
  if (states.length === 0) return hasAts ? 'off' : 'needs-you';
  return worst(states);
}

function worst(states: SetUpState[]): SetUpState {
  if (states.includes('needs-you')) return 'needs-you';
  return states.includes('ready') ? 'ready' : 'off';
}
