import { createHash, timingSafeEqual } from 'node:crypto';
import { PATHS } from '../../lib/contract/paths.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { ApiError } from './api-error.ts';
import type { App } from './app-env.ts';

export interface MetricsParts {
  /** METRICS_TOKEN. */
  token: string | null;
  metrics: Pick<Metrics, 'read'> | null;
}

/** The figures of this process for whoever has METRICS_TOKEN; without one set the path is not there. Of no use to members. */
export function addMetricsRoute(app: App, { token, metrics }: MetricsParts): void {
  app.openAPIRegistry.registerPath({
    method: 'get',
    path: PATHS.metrics,
    summary: 'Figures of this process in the text format of Prometheus',
    description: 'Wants METRICS_TOKEN as the bearer; without one set it is not there.',
    responses: {
      200: { description: 'Figures', content: { 'text/plain': { schema: { type: 'string' } } } },
      401: { description: 'Another bearer, or none' },
      404: { description: 'METRICS_TOKEN is not set' },
    },
  });
  app.get(PATHS.metrics, async (c) => {
    if (token === null || metrics === null) throw new ApiError('not-found');
    const given = /^Bearer (.+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
    if (given === undefined || !isSame(given, token)) throw new ApiError('unauthorised');
    const { contentType, text } = await metrics.read();
    return c.body(text, 200, { 'content-type': contentType, 'cache-control': 'no-store' });
  });
}

/** Takes the same time wherever they differ, whatever their lengths. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
