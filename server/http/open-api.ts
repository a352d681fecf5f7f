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
      description: 'The companion server of the Tagalong extension. Errors are always {error: {code, message, details?}}.',
    },
  });
}
