/** One webhook request as received. `body` is the exact bytes: signatures are over those. */
export interface WebhookRequest {
  /** Lower-case names. A header that was sent twice is joined with ", ", which no signature scheme accepts. */
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
  /** Under which this address may have been entered at the sender: some sign it (CodeSignal). */
  addresses?: readonly string[];
}

/**
 * What a verifier says about a request.
 * authentic: sent by whoever holds the secret; `deliveryKey` tells a repeat from a new one, and must not be empty, because
 *   an empty key would silently switch off the recognition of duplicates.
 * test: the other side's set-up test or ping. Answered like a success, recorded, and without any effect.
 * refused: everything else. Answered 401 or 400 and counted.
 */
export type Verdict =
  | { kind: 'authentic'; deliveryKey: string; event: string; body: unknown }
  | { kind: 'test'; event: string }
  | { kind: 'refused'; because: RefusalReason };

export type RefusalReason =
  | 'no-secret-configured'
  | 'signature-missing'
  | 'signature-wrong'
  | 'too-old'
  | 'not-json'
  | 'not-an-object'
  | 'wrong-account';
