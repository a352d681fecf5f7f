import { say } from '../say.ts';
import { ApiError } from './api-error.ts';

/** Settings that name what the ATS does not list, each by its name and by where it stands in the request. */
export function unknownToAts(
  sentence: 'server.stages-unknown' | 'server.reasons-unknown' | 'server.write-back.field-unknown',
  unknown: readonly { path: string; label: string }[],
  name: string,
): ApiError {
  const sayOf = (list: string) => say(sentence, { name, list });
  return new ApiError('unknown-to-ats', {
    message: sayOf(unknown.map(({ label }) => label).join(', ')),
    details: unknown.map(({ path, label }) => ({ path, message: sayOf(label) })),
  });
}
