/** A candidate's page in a Greenhouse webhook: `url` of application and candidate. Some documented ones begin with http. */
const CANDIDATE_PAGE = /"url"\s*:\s*"https?:\\?\/\\?\/([a-z0-9.-]{1,80}\.greenhouse\.io)\\?\/people\\?\//;

/**
 * On which host a signed Greenhouse webhook says that the account's candidates are; null when it does not say.
 * https://developers.greenhouse.io/webhooks.html
 */
export function pageHostIn(body: Uint8Array): string | null {
  return CANDIDATE_PAGE.exec(Buffer.from(body).toString('utf8'))?.[1] ?? null;
}
