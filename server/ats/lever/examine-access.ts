/**
 * What a key or a consent of Lever may do. https://hire.lever.co/developer/documentation#authentication
 * A consent has scopes, which Lever told with the token; each read is made besides. A key tells nobody its rights: reads are made, and
 * writes are tried on a test candidate, where our tag and our note are taken away again.
 */
import { z } from 'zod';
import { type CallFailure, type CallResult, succeed } from '../../outbound/outcome.ts';
import {
  type AccessQuestion,
  type AtsExaminer,
  type AtsRight,
  cannotExamine,
  type Examination,
  type Finding,
  findingOf,
  isNeeded,
  isWholeTrouble,
  judgeRight,
  type Leftover,
  NOTHING_TRIED,
} from '../doctor.ts';
import type { StoredToken, TokenStore } from '../token-store.ts';
import { addTag, NOBODY, removeTag, writeNote } from './calls.ts';
import type { LeverClient } from './client.ts';
import { deleteNote } from './own-notes.ts';
import { leverRightOf } from './right-of.ts';
import {
  ADD_TAG,
  CONFIDENTIAL_BOX,
  CREATE_NOTE,
  DELETE_NOTE,
  LEVER_CALLS,
  LEVER_EXTRAS,
  LEVER_SCOPES,
  type LeverCall,
  LIST_OPPORTUNITIES,
} from './rights.ts';

type Findings = Map<AtsRight, Finding>;

/** What the trial leaves for some moments, and says so of itself. */
const TRIAL_TAG = 'Tagalong access check';
const TRIAL_NOTE = { text: 'Tagalong checks its access. This note is deleted at once.', reference: 'access check' };

/** For a key: everything is tried. */
export function createLeverKeyExaminer(client: LeverClient): AtsExaminer {
  return {
    async examine(question) {
      const { uses, testApplicationId } = question;
      const read = await tryReads(client, question, [...LEVER_CALLS, ...LEVER_EXTRAS]);
      if (read.trouble) return cannotExamine(read.trouble, LEVER_CALLS, uses);
      const { findings } = read;
      const trial = testApplicationId === null ? NOTHING_TRIED : await tryWrites(client, { question, findings });
      const confidential = await judgeConfidential(client, findings);
      return {
        trouble: null,
        rights: [
          ...LEVER_CALLS.map((right) => judgeRight(right, findings.get(right) ?? 'unknown', uses)),
          judgeRight(CONFIDENTIAL_BOX, confidential, uses),
          ...LEVER_EXTRAS.filter((right) => findings.get(right) === 'granted').map((right) => judgeRight(right, 'granted', uses)),
        ],
        actingUser: null,
        expiries: [],
        trial,
      };
    },
  };
}

/** For a consent: its scopes are known; each read has to confirm them. */
export function createLeverConsentExaminer(
  client: LeverClient,
  { store, connectionId }: { store: TokenStore; connectionId: string },
): AtsExaminer {
  return {
    async examine(question) {
      const { uses } = question;
      // Made first: a token that was kept by an earlier version, or has ended, is renewed by it, and tells its scopes then.
      const read = await tryReads(client, question, LEVER_CALLS);
      if (read.trouble) return cannotExamine(read.trouble, LEVER_SCOPES, uses);
      const stored = await store.read(connectionId);
      const granted = stored?.scopes ? new Set(stored.scopes) : null;
      const listed = LEVER_SCOPES.map((right) => judgeRight(right, judgeScope(right.name, granted, read.findings), uses));
      return {
        trouble: null,
        rights: [...listed, ...otherScopes(granted).map((right) => judgeRight(right, 'granted', uses))],
        actingUser: null,
        expiries: stored ? [{ what: 'access-token', at: stored.expiresAt }, ...consentEnd(stored)] : [],
        trial: granted ? { state: 'not-needed' } : NOTHING_TRIED,
      };
    },
  };
}

/** What the scope says, unless a call it allows was refused. */
function judgeScope(name: string, granted: ReadonlySet<string> | null, findings: Findings): Finding {
  const readPart = name.replace(':write:', ':read:');
  const reads = LEVER_CALLS.filter((right) => right.tried === 'read' && scopeOf(right) === readPart);
  const byCalls = new Set(reads.map((right) => findings.get(right) ?? 'unknown'));
  if (!granted) {
    // Without a word of Lever a refused read proves that the wider right is missing too; a read that was given proves reading alone.
    if (byCalls.has('missing')) return 'missing';
    return byCalls.has('granted') && name === readPart ? 'granted' : 'unknown';
  }
  const isGranted = granted.has(name) || (name === readPart && granted.has(name.replace(':read:', ':write:')));
  if (!isGranted) return 'missing';
  return byCalls.has('missing') ? 'missing' : 'granted';
}

/** In the consent and not in our list. The reading half of a right that we have whole is no right more. */
function otherScopes(granted: ReadonlySet<string> | null): AtsRight[] {
  const known = new Set(LEVER_SCOPES.flatMap(({ name }) => [name, name.replace(':write:', ':read:')]));
  return [...(granted ?? [])]
    .filter((name) => !known.has(name))
    .map((name) => ({ name, purpose: 'nothing', need: { for: [], otherwise: 'idle' } }));
}

const DAY_MS = 86_400_000;

/** The refresh token ends a year after the consent, or 90 days after it was last used. */
function consentEnd({ consentedAt, refreshedAt }: StoredToken): Examination['expiries'] {
  const ends = [
    ...(consentedAt ? [Date.parse(consentedAt) + 365 * DAY_MS] : []),
    ...(refreshedAt ? [Date.parse(refreshedAt) + 90 * DAY_MS] : []),
  ];
  return ends.length > 0 ? [{ what: 'consent', at: new Date(Math.min(...ends)).toISOString() }] : [];
}

interface Reads {
  trouble: CallFailure | null;
  findings: Findings;
}

async function tryReads(client: LeverClient, question: AccessQuestion, calls: readonly LeverCall[]): Promise<Reads> {
  const { testApplicationId, knownApplicationId } = question;
  const findings: Findings = new Map();
  for (const right of calls.filter(({ tried }) => tried === 'read')) {
    // A list is asked for one row; its shape is not our business here.
    const isList = right.path.length % 2 === 1;
    const path = fill(right.path, testApplicationId ?? knownApplicationId ?? NOBODY);
    const answer = await client.get(path, isList ? { limit: 1 } : {}, z.unknown());
    if (!answer.ok && isWholeTrouble(answer, findings.size === 0)) return { trouble: answer, findings };
    // A list that is not there is one that this account does not have.
    const isAbsent = !answer.ok && answer.kind === 'not-found' && isList && right.path.length === 1;
    findings.set(right, isAbsent ? 'unknown' : findingOf(answer));
  }
  return { trouble: null, findings };
}

function fill(path: readonly string[], opportunityId: string): string[] {
  return path.map((segment) => (segment === '{opportunity}' ? opportunityId : segment.startsWith('{') ? NOBODY : segment));
}

interface TrialMeans {
  question: AccessQuestion;
  findings: Findings;
}

/** On the test candidate, after it has been seen to be there. What was made is taken away, also when the next step fails. */
async function tryWrites(client: LeverClient, { question, findings }: TrialMeans): Promise<Examination['trial']> {
  const { uses, testApplicationId: applicationId } = question;
  if (applicationId === null) return NOTHING_TRIED;
  const there = await client.get(['opportunities', applicationId], {}, opportunitySchema);
  if (!there.ok && there.kind !== 'forbidden') return { state: 'failed', failure: there };
  const target = { applicationId, candidateId: null };
  const left = [...(await tryTag(client, target, findings)), ...(await tryNote(client, target, findings))];
  for (const right of LEVER_CALLS.filter(({ tried }) => tried === 'incomplete')) {
    const isIdle = right.need !== 'always' && right.need.otherwise === 'idle' && !isNeeded(right.need, uses);
    if (isIdle || right.method === 'GET' || right.method === 'DELETE') continue;
    const answer = await client.write(right.method, fill(right.path, applicationId), { json: {} }, {});
    findings.set(right, findingOf(answer));
  }
  return { state: 'done', left };
}

const opportunitySchema = z.object({ id: z.string() });
type Target = { applicationId: string; candidateId: null };

async function tryTag(client: LeverClient, target: Target, findings: Findings): Promise<Leftover[]> {
  const added = await addTag(client, target, TRIAL_TAG);
  findings.set(ADD_TAG, findingOf(added));
  // A lost answer may have been a tag that is there.
  if (!added.ok && added.kind !== 'ambiguous') return [];
  const removed = await removeTag(client, target, TRIAL_TAG);
  return removed.ok ? [] : [{ what: 'tag', text: TRIAL_TAG }];
}

async function tryNote(client: LeverClient, target: Target, findings: Findings): Promise<Leftover[]> {
  const written = await writeNote(client, target, TRIAL_NOTE);
  findings.set(CREATE_NOTE, findingOf(written));
  if (!written.ok) return written.kind === 'ambiguous' ? [{ what: 'note', text: TRIAL_NOTE.text }] : [];
  const { noteId } = written.value;
  const deleted: CallResult<void> = noteId === null ? succeed(undefined) : await deleteNote(client, target, noteId);
  if (noteId !== null) findings.set(DELETE_NOTE, findingOf(deleted));
  return deleted.ok && noteId !== null ? [] : [{ what: 'note', text: TRIAL_NOTE.text }];
}

/** One confidential row proves the switch; none proves nothing, because there may be none, and who may not list sees none. */
async function judgeConfidential(client: LeverClient, findings: Findings): Promise<Finding> {
  if (findings.get(LIST_OPPORTUNITIES) !== 'granted') return 'unknown';
  const query = { confidentiality: 'confidential', limit: 1 };
  for await (const page of client.pages(['opportunities'], query, z.unknown())) {
    if (!page.ok) return page.kind === 'forbidden' ? 'missing' : 'unknown';
    return page.value.length > 0 ? 'granted' : 'unknown';
  }
  return 'unknown';
}

function scopeOf({ method, path }: LeverCall): string | undefined {
  return leverRightOf(method, path)?.scope;
}
