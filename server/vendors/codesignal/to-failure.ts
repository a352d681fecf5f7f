import { errorDetail } from '../../outbound/error-detail.ts';
import type { CallFailure } from '../../outbound/outcome.ts';
import { answerSchema, type GraphqlError } from './schemas.ts';

/** A limit is one of calls per second: https://github.com/CodeSignal/developer-docs, "Rate limits and maximum cost". */
const LIMIT_WINDOW_MS = 1_000;

type Meaning = 'unauthorised' | 'forbidden' | 'rate-limited' | 'not-found' | 'refused';

/**
 * Codes are told by nearly every GraphQL server in these words: https://www.apollographql.com/docs/apollo-server/data/errors . Only "Access
 * Denied" is CodeSignal's own, for a key that lacks a permission.
 */
const MEANING_OF_CODE: Readonly<Record<string, Meaning>> = {
  UNAUTHENTICATED: 'unauthorised',
  FORBIDDEN: 'forbidden',
  RATE_LIMITED: 'rate-limited',
  RATE_LIMIT_EXCEEDED: 'rate-limited',
  TOO_MANY_REQUESTS: 'rate-limited',
  NOT_FOUND: 'not-found',
  BAD_USER_INPUT: 'refused',
  BAD_REQUEST: 'refused',
  GRAPHQL_PARSE_FAILED: 'refused',
  GRAPHQL_VALIDATION_FAILED: 'refused',
  OPERATION_RESOLUTION_FAILURE: 'refused',
};

/** For a code that says nothing, or none. Inferred, but for the first. */
const MEANING_OF_WORDS: readonly (readonly [RegExp, Meaning])[] = [
  [/access denied|permission|not allowed|forbidden/i, 'forbidden'],
  [/too often|too many requests|rate limit/i, 'rate-limited'],
  [/unauthenticated|unauthori[sz]ed|(invalid|unknown) (api )?key/i, 'unauthorised'],
  [/not found|does not exist|no longer exists/i, 'not-found'],
];

const STATUS = { unauthorised: 401, forbidden: 403, 'not-found': 404, refused: 422 } as const;

/**
 * What errors in the body of an answer mean. What has no known meaning says nothing about whether something was done. `errors` has at least
 * one. Total.
 */
export function toFailure(errors: readonly GraphqlError[], { write }: { write: boolean }): CallFailure {
  const detail = errorDetail({ errors: errors.map(({ message }) => message) }) || 'It answered with an error.';
  const meaning = errors.map(meaningOf).find((found) => found !== undefined);
  if (meaning === 'rate-limited') return { kind: 'rate-limited', retryAfterMs: LIMIT_WINDOW_MS, detail };
  if (meaning !== undefined) return { kind: meaning, status: STATUS[meaning], detail };
  return { kind: write ? 'ambiguous' : 'unreachable', detail };
}

/** For how long CodeSignal asks to be left alone, in milliseconds; null where this answer asks for nothing. Total. */
export function pauseAskedIn(body: unknown): number | null {
  const errors = answerSchema.safeParse(body).data?.errors ?? [];
  return errors.some((error) => meaningOf(error) === 'rate-limited') ? LIMIT_WINDOW_MS : null;
}

function meaningOf({ message, code }: GraphqlError): Meaning | undefined {
  if (Object.hasOwn(MEANING_OF_CODE, code)) return MEANING_OF_CODE[code];
  return MEANING_OF_WORDS.find(([words]) => words.test(message))?.[1];
}
