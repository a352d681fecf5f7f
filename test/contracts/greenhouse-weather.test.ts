import { greenhouseSettingsSchema } from '../../lib/contract/settings.ts';
import { createGreenhouseAdapter } from '../../server/ats/greenhouse/index.ts';
import { createGreenhouseV1Adapter } from '../../server/ats/greenhouse-v1/index.ts';
import { UNLIMITED } from '../../server/outbound/rate-limiter.ts';
import { createMemoryTokenStore } from '../support/memory-token-store.ts';
import { describeAtsWeather } from './ats-weather-contract.ts';

const target = { applicationId: '273686618002', candidateId: '259096501002' };
const clock = { now: () => new Date('2026-10-05T09:00:00.000Z') };
const shared = { limiter: UNLIMITED, clock, connectionId: 'connection-1' };

describeAtsWeather('Greenhouse v3', 'greenhouse', async () => ({
  target,
  token: { path: '/token', answer: { token_type: 'Bearer', access_token: 'token', expires_in: 3600 } },
  noNotes: [],
  // Deleted and invisible look like this in a list.
  nobody: 'an empty list',
  connect: ({ http, url }) =>
    createGreenhouseAdapter({
      ...shared,
      http,
      settings: greenhouseSettingsSchema.parse({ kind: 'greenhouse', apiUrl: url, authUrl: url }),
      clientId: 'client-7',
      clientSecret: 'hush',
      tokens: createMemoryTokenStore(),
    }),
}));

describeAtsWeather('Greenhouse v1', 'greenhouse', async () => ({
  target,
  token: null,
  noNotes: { notes: [], emails: [], activities: [] },
  nobody: null,
  connect: ({ http, url }) =>
    createGreenhouseV1Adapter({
      ...shared,
      http,
      settings: greenhouseSettingsSchema.parse({ kind: 'greenhouse', api: 'v1', apiUrl: url, authUrl: url, serviceUserId: '7' }),
      apiKey: 'hush',
    }),
}));
