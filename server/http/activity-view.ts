import type { ActivityEntry } from '../../lib/contract/activity.ts';
import type { Sight } from '../people/may-see.ts';
import { say } from '../say.ts';
import type { ActivityRow } from '../storage/activity.repository.ts';
import { fieldWords, valueWords } from './activity-fields.ts';
import { actionWords, whyWords } from './activity-words.ts';

/** One entry as people read it. Of a candidate whom the reader does not see wholly, only that there is one. */
export function toActivityEntry(row: ActivityRow, sight: Sight): ActivityEntry {
  const { id, seq, action, connectionId, connectionName, hash } = row;
  return {
    id,
    seq: seq === null ? null : Number(seq),
    // To the millisecond, as every other time of the API.
    at: `${row.at.slice(0, 23)}Z`,
    who: { kind: row.whoKind, id: row.whoId, name: whoWords(row) },
    action,
    what: actionWords(action),
    connection: connectionName === null ? null : { id: connectionId ?? '', name: connectionName },
    ...(sight === 'all' ? told(row) : hidden(row)),
    hash,
  };
}

type Told = Pick<ActivityEntry, 'candidate' | 'why' | 'changes'>;

function told({ applicationKey, candidateName, jobName, isErased, detail: kept }: ActivityRow): Told {
  const detail = toRecord(kept === null ? null : JSON.parse(kept));
  return {
    candidate: applicationKey === null ? null : { applicationKey, name: candidateName, job: jobName, erased: isErased },
    why: whyWords(detail.why),
    changes: changesOf(flatten(detail.before), flatten(detail.after)),
  };
}

/** The sentence stands there also where nothing was noted: that something is missing has to be seen in a file, too. */
function hidden({ applicationKey, isErased }: ActivityRow): Told {
  return {
    candidate: applicationKey === null ? null : { applicationKey, name: null, job: null, erased: isErased, hidden: true },
    why: [say('server.replay.not-yours')],
    changes: [],
  };
}

function whoWords({ whoKind, memberName, whoConnectionName }: ActivityRow): string {
  const name = whoConnectionName ?? '';
  switch (whoKind) {
    case 'member':
      return memberName ?? say('server.activity.who.former');
    case 'webhook':
      return say('server.activity.who.webhook', { name });
    case 'vendor':
      return name || say('server.activity.who.vendor');
    case 'rule':
      return say('server.activity.who.rule');
    case 'ats':
      return say('server.activity.who.ats');
    case 'command':
      return say('server.activity.who.command');
    default:
      return say('server.activity.who.system');
  }
}

function changesOf(before: Map<string, string>, after: Map<string, string>): ActivityEntry['changes'] {
  const fields = [...new Set([...before.keys(), ...after.keys()])];
  return fields.map((field) => ({ field, before: before.get(field) ?? null, after: after.get(field) ?? null }));
}

/** Fields by name, deeper ones by their way: `Senior SWE state`. What has no words of its own adds none. */
function flatten(value: unknown, way: string[] = [], found = new Map<string, string>(), key = ''): Map<string, string> {
  if (value === null || value === undefined) return found;
  if (Array.isArray(value)) {
    if (value.every((item) => typeof item !== 'object' || item === null)) {
      if (value.length > 0) found.set(way.join(' '), value.map((item) => plain(item, key)).join(', '));
      return found;
    }
    value.forEach((item: unknown, index) => void flatten(item, [...way, nameOf(item) ?? String(index + 1)], found, key));
    return found;
  }
  if (typeof value !== 'object') {
    found.set(way.join(' '), plain(value, key));
    return found;
  }
  const name = way.length > 0 ? nameOf(value) : null;
  for (const [field, inner] of Object.entries(value)) {
    if (name !== null && inner === name) continue;
    const words = fieldWords(field);
    flatten(inner, words === '' ? way : [...way, words], found, field);
  }
  return found;
}

/** What tells one of several from the others. */
function nameOf(item: unknown): string | null {
  const { assessment, stageName, reasonName, event, name } = toRecord(item);
  const found = [assessment, stageName, reasonName, event, name].find((text) => typeof text === 'string');
  return typeof found === 'string' ? found : null;
}

function plain(value: unknown, key: string): string {
  if (typeof value === 'boolean') return say(value ? 'server.activity.yes' : 'server.activity.no');
  return valueWords(key, String(value));
}

function toRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
