/**
 * Where the state of the allowances lies, one for each key, shared by all processes. Each answer tells the time of the clock that all
 * processes go by. Rejects when the store fails.
 */
export interface AllowanceStore {
  read(key: string): Promise<{ state: Record<string, unknown> | null; now: number }>;
  /** Puts `state` there, unless its `version` is another one by now than `expected` (null: there is none yet). */
  swap(
    key: string,
    change: { expected: number | null; state: Record<string, unknown> & { version: number } },
  ): Promise<{ swapped: boolean; now: number }>;
}
