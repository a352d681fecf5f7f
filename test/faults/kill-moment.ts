import type { Journal, JournalEntry } from '../simulators/frame/journal.ts';
import type { SeededRandom } from './seeded-random.ts';

/** What is waited for before the server is killed; each is a moment at which something could be lost or done twice. */
const MARKS = {
  /** An invitation arrived at the vendor or the mail server; its answer is on its way. */
  invitation: (entry: JournalEntry) => isInvitation(entry),
  /** A note was taken by an ATS. */
  note: (entry: JournalEntry) => isNote(entry),
  /** A webhook was answered 200. */
  acknowledged: (entry: JournalEntry) => entry.kind === 'webhook' && entry.status === 200,
  /** Anything our server asked of anybody. */
  call: (entry: JournalEntry) => entry.kind === 'api',
} satisfies Record<string, (entry: JournalEntry) => boolean>;

const isInvitation = ({ simulator, kind, what }: JournalEntry) =>
  (simulator === 'coderbyte' && kind === 'api' && /^POST .*\/invitations$/.test(what)) ||
  (simulator === 'mail' && what === 'received');
const isNote = ({ kind, what }: JournalEntry) => kind === 'api' && /^POST .*\/notes$/.test(what);

export interface KillMoment {
  mark: keyof typeof MARKS;
  /** The how many-th one from now on. */
  nth: number;
  /** 0: before the answer can arrive. */
  afterMs: number;
}

export function chooseKillMoment(random: SeededRandom): KillMoment {
  const mark = random.pick(['invitation', 'invitation', 'note', 'note', 'acknowledged', 'acknowledged', 'call'] as const);
  const most = { invitation: 3, note: 3, acknowledged: 8, call: 30 }[mark];
  return { mark, nth: random.int(1, most), afterMs: random.chance(0.6) ? 0 : random.int(1, 30) };
}

/** Calls `strike` when the moment comes, at latest after `withinMs`. Resolves with whether it came. */
export async function strikeAt(journal: Journal, moment: KillMoment, strike: () => void, withinMs = 3000): Promise<boolean> {
  const from = journal.list().length;
  const seen = journal.waitFor(
    (rows) => {
      const found = rows.slice(from).filter(MARKS[moment.mark]).length >= moment.nth;
      // In the very call that writes the journal: the answer has not left yet.
      if (found && moment.afterMs === 0) strike();
      return found;
    },
    `${moment.nth} x ${moment.mark}`,
    withinMs,
  );
  const came = await seen.then(
    () => true,
    () => false,
  );
  if (came && moment.afterMs > 0) await new Promise((resolve) => setTimeout(resolve, moment.afterMs));
  strike();
  return came;
}
