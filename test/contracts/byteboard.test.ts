import { byteboardWebhooks, createByteboardAdapter } from '../../server/vendors/byteboard/index.ts';
import type { WebhookRequest } from '../../server/webhooks/verdict.ts';
import { createByteboardSimulator } from '../simulators/byteboard/index.ts';
import type { SignedDelivery } from './ats-contract.ts';
import { describeVendorContract, type VendorContractSubject } from './vendor-contract.ts';

const SECRET = `whsec_${Buffer.from('a secret of thirty-two bytes, ok').toString('base64')}`;

describeVendorContract('byteboard', false, async (): Promise<VendorContractSubject> => {
  let now = new Date('2026-11-21T12:00:00Z');
  const received: WebhookRequest[] = [];
  const byteboard = createByteboardSimulator({
    now: () => now,
    fetch: async (_url, init) => {
      received.push({ headers: Object.fromEntries(new Headers(init?.headers)), body: Buffer.from(String(init?.body)) });
      return new Response();
    },
  });
  byteboard.setWebhook({ url: 'https://tagalong.example/hook', secret: SECRET });

  const lastDelivery = async (): Promise<SignedDelivery> => {
    await byteboard.settle();
    const request = received.at(-1);
    if (!request) throw new Error('Nothing was delivered');
    return { request, secret: SECRET };
  };

  return {
    adapter: createByteboardAdapter(),
    webhooks: byteboardWebhooks,
    account: null,
    now: () => now,
    passTime: (ms) => {
      now = new Date(now.getTime() + ms);
    },
    assessment: { vendor: 'byteboard', externalId: 'coreeval-senior', name: 'CoreEval Senior', kind: 'take-home project' },
    calls: () => byteboard.journal.list({ kind: 'api' }).length,
    openInvitations: () => 0,

    async start({ invitationId }) {
      await byteboard.sendResult({ invitation: invitationId, state: 'started' });
      return lastDelivery();
    },
    async finish({ invitationId }) {
      await byteboard.grade({ invitation: invitationId, rating: 'Strong' });
      return lastDelivery();
    },
    async expire({ invitationId }) {
      await byteboard.sendResult({ invitation: invitationId, state: 'expired' });
      return lastDelivery();
    },
    testDelivery: async () => null,
    forgeries: ({ request }) => {
      const withHeader = (what: string, change: Record<string, string>) => ({
        what,
        request: { ...request, headers: { ...request.headers, ...change } },
      });
      const body = Buffer.from(request.body).toString().replace('started', 'scored');
      return [
        withHeader('another id', { 'webhook-id': 'msg_other' }),
        withHeader('another time', { 'webhook-timestamp': String(now.getTime() / 1000 + 1) }),
        withHeader('a made-up signature', { 'webhook-signature': `v1,${Buffer.alloc(32).toString('base64')}` }),
        { what: 'another body', request: { ...request, body: Buffer.from(body) } },
      ];
    },

    break: async () => undefined,
    loseNextAnswer: async () => undefined,
    close: async () => undefined,
  };
});
