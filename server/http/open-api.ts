import { PATHS } from '../../lib/contract/paths.ts';
import { VERSION } from '../version.ts';
import type { App } from './app-env.ts';

/** The page that describes every route, for people and for generators: OpenAPI 3.1. https://spec.openapis.org/oas/v3.1.0 */
export function describeApi(app: App): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    description: 'The token that pairing answers. Each route names the least role it takes as x-role.',
  });
  app.doc31(PATHS.openapi, {
    openapi: '3.1.0',
    info: {
      title: 'Tagalong',
      version: VERSION,
      description: DESCRIPTION,
    },
  });
}

/** The way through the set-up, for somebody who has an admin's token and nothing else. */
const DESCRIPTION = `The companion server of the Tagalong extension. Errors are always {error: {code, message, details?}}.

Set up by API, each step with an admin's token:

1. \`POST /api/pair\` with the code that the server prints while no admin exists gives the token. \`POST /api/codes\` makes codes for others.
2. \`POST /api/connections\` for each ATS and vendor, \`POST /api/connections/{id}/check\` to prove it.
3. \`GET /api/connections/{id}/stages\` and \`PUT .../stage-roles\`: in which stage assessments are sent.
4. \`GET /api/connections/{id}/reasons\` and \`PUT .../reason-meanings\`: what disposition reasons mean.
5. \`POST /api/assessments\`: an assessment under its tag. \`PUT /api/mail\` where we write the e-mail.
6. Webhooks: paste each \`url\` of the connection at the other side; \`POST /api/webhooks/{id}/secrets\` makes its secret or takes theirs.
7. \`PUT /api/rules\` switches the rules; \`GET /api/overview\` says what is missing.

An address of a machine in your own network, or one without https, is called only if TEST_HOSTS names it (host:port).`;
