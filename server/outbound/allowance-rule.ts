/** What is known beforehand about an allowance. */
export type AllowanceRule =
  /** Fixed windows, of which only the answers tell size and end: `X-RateLimit-Limit`, `-Remaining`, `-Reset` (UTC epoch seconds). */
  | { kind: 'window' }
  /**
   * A steady pace with bursts, of which no answer tells anything. Automatic calls leave `spare` of the burst for people, so that a
   * click never waits for a token; a bucket that is not emptied refills at the same pace, so this costs nothing.
   */
  | { kind: 'bucket'; perSecond: number; burst: number; spare: number }
  /** Nobody tells anything: nothing is held back until the other side answers 429, and after its pause one call asks before the others go. */
  | { kind: 'untold' };
