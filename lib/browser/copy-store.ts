import { type PanelView, panelViewSchema } from '../contract/panel.ts';
import { type CandidateReference, candidateReferenceKey, sameCandidate } from '../domain/candidate-reference.ts';
import type { CopyRow, TagalongDatabase } from './database.ts';

const KEPT_MS = 7 * 24 * 60 * 60 * 1000;

export interface Copy {
  page: CandidateReference;
  view: PanelView;
  viewAt: string;
}

export interface CopyStore {
  /** Keeps a view of this page; the word "unavailable" is not worth keeping, and that somebody was erased ends what was kept. */
  save(page: CandidateReference, view: PanelView): Promise<void>;
  /** The last known view of a page, never older than a week. */
  find(page: CandidateReference): Promise<Copy | null>;
  /** Every page under which this application was seen. */
  findByApplication(applicationKey: string): Promise<Copy[]>;
  /** Drops what is older than a week. */
  prune(): Promise<void>;
  /** Forgets these applications for good, and every list in which one may be chosen from. */
  wipe(applicationKeys: readonly string[]): Promise<void>;
}

/** The last known copy of what the panel showed: painted at once when the candidate is opened again, also offline. */
export function createCopyStore(database: TagalongDatabase, now: () => Date): CopyStore {
  const oldest = () => new Date(now().getTime() - KEPT_MS).toISOString();
  const read = (row: CopyRow | undefined): Copy | null => {
    const view = panelViewSchema.safeParse(row?.view).data;
    return row && view && row.viewAt >= oldest() ? { page: row.page, view, viewAt: row.viewAt } : null;
  };
  // An answer that was on its way when they were wiped.
  const wiped = new Set<string>();
  return {
    async save(page, view) {
      if (view.kind === 'unavailable' && view.code === 'erased') await database.copies.delete(candidateReferenceKey(page));
      if (view.kind === 'unavailable' || (view.kind === 'application' && wiped.has(view.key))) return;
      const applicationKey = view.kind === 'application' ? view.key : '';
      await database.copies.put({ key: candidateReferenceKey(page), page, applicationKey, view, viewAt: now().toISOString() });
    },
    async find(page) {
      return read(await database.copies.get(candidateReferenceKey(page)));
    },
    async findByApplication(applicationKey) {
      const rows = await database.copies.where({ applicationKey }).toArray();
      return rows.map(read).filter((copy) => copy !== null);
    },
    async prune() {
      await database.copies.where('viewAt').below(oldest()).delete();
    },
    async wipe(applicationKeys) {
      for (const key of applicationKeys) wiped.add(key);
      // Those of a chooser have no key, and hold a name.
      await database.copies
        .where('applicationKey')
        .anyOf([...applicationKeys, ''])
        .delete();
    },
  };
}

/** True when one of the pages under which the application was shown is the page that is open now. */
export function isShownOn(page: CandidateReference, copies: Copy[]): boolean {
  return copies.some(
    (copy) => sameCandidate(copy.page, page) || (copy.view.kind === 'application' && sameCandidate(copy.view.reference, page)),
  );
}
