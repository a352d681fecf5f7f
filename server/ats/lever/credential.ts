import { type CallResult, succeed } from '../../outbound/outcome.ts';

/** What a call to Lever shows. */
export interface LeverCredential {
  /** What its rights are called: scopes of a consent, or boxes where a key is made. */
  readonly rightsAre: 'scopes' | 'boxes';
  /** The value of the `Authorization` header. */
  authorization(): Promise<CallResult<string>>;
  /** Another value than the one that was refused. Missing where there is no other: a key is good or it is not. */
  renew?(refused: string): Promise<CallResult<string>>;
}

/**
 * An API key: HTTP Basic with the key as user name and an empty password.
 * https://hire.lever.co/developer/documentation#authentication
 */
export function leverKey(apiKey: string): LeverCredential {
  const header = `Basic ${Buffer.from(`${apiKey}:`).toString('base64')}`;
  return {
    rightsAre: 'boxes',
    authorization: async () =>
      apiKey === '' ? { ok: false, kind: 'misconfigured', detail: 'The Lever API key is missing.' } : succeed(header),
  };
}
