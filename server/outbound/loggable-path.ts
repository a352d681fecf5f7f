/** The words of an API's own paths: opportunities, addTags, applied_candidate_tags, v3. */
const WORD = /^(?:v\d+|[a-z][a-z_-]*)$/i;

/**
 * A path for the log: the words of the API, and `:id` for all else. Some vendors name a candidate by the address, and an id that is
 * found in an old log would name somebody who was erased since.
 */
export function loggablePath(path: string): string {
  return path
    .split('/')
    .map((segment) => (segment === '' || WORD.test(segment) ? segment : ':id'))
    .join('/');
}
