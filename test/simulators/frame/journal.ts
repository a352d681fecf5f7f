/** What a simulator saw and did, in order. The demo and the tests read this and nothing else of it. */
export interface JournalEntry {
  seq: number;
  at: string;
  simulator: string;
  /** `api`: a call it answered. `webhook`: one it sent. `page`: a page a browser loaded. `act`: something a person did there. `mail`: one it received. */
  kind: 'api' | 'webhook' | 'page' | 'act' | 'mail';
  /** "POST /v3/notes", "candidate_stage_change", "archive" ... */
  what: string;
  status: number | null;
  detail: Record<string, unknown>;
}

export class Journal {
  private readonly rows: JournalEntry[] = [];
  private readonly listeners = new Set<() => void>();
  private readonly now: () => Date;
  constructor(now: () => Date = () => new Date()) {
    this.now = now;
  }
  add(entry: Omit<JournalEntry, 'seq' | 'at'>): JournalEntry {
    const row = { ...entry, seq: this.rows.length + 1, at: this.now().toISOString() };
    this.rows.push(row);
    for (const listener of this.listeners) listener();
    return row;
  }
  list(filter: Partial<Pick<JournalEntry, 'simulator' | 'kind' | 'what'>> = {}): JournalEntry[] {
    return this.rows.filter((row) => Object.entries(filter).every(([key, value]) => row[key as keyof JournalEntry] === value));
  }
  /** Resolves as soon as `found` returns something for the list of entries; rejects after `timeoutMs`, saying `what` was awaited. */
  waitFor<T>(found: (rows: readonly JournalEntry[]) => T | undefined | false, what: string, timeoutMs = 10_000): Promise<T> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const value = found(this.rows);
        if (value === undefined || value === false) return;
        finish();
        resolve(value);
      };
      const timer = setTimeout(() => {
        finish();
        reject(new Error(`Waited ${timeoutMs} ms in vain for ${what}`));
      }, timeoutMs);
      const finish = () => {
        clearTimeout(timer);
        this.listeners.delete(look);
      };
      this.listeners.add(look);
      look();
    });
  }
}
