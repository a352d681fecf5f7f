import type { CrowdOffice } from './crowd-office.ts';
import { sendAgain } from './send-again.ts';
import type { ReceivedRequest } from './still-office.ts';

type Request = Omit<ReceivedRequest, 'status'>;

export type Delivery = 'now' | 'late' | 'often';

/**
 * The network between the senders of webhooks and us: has what was sent, and hands it in when it is told to, late, again and again, the
 * newest first. Senders do not notice; each request arrives in the end.
 */
export interface MailBag<Owner> {
  /** Hands in what lies here: `late` stays until the next time. Resolves when all is answered. */
  deliver(how: (owner: Owner | null) => Delivery): Promise<void>;
  /** Everything that is on its way is here. */
  gather(): Promise<void>;
  /** Takes everything out. */
  empty(): Request[];
  /** One request arrives. */
  handIn(request: Request): Promise<void>;
}

const AT_ONCE = 16;

export function createMailBag<Owner>(office: CrowdOffice, { ownerOf }: { ownerOf(body: string): Owner | null }): MailBag<Owner> {
  let bag: { request: Request; wasLate: boolean }[] = [];
  office.post = async (request) => {
    bag.push({ request, wasLate: false });
    return new Response(null, { status: 200 });
  };
  const handIn = async ({ path, headers, body }: Request) => {
    const request = () => new Request(`${office.address}${path}`, { method: 'POST', headers, body: Uint8Array.from(body) });
    const answer = await sendAgain(async () => await office.server.app.fetch(request()));
    if (answer.status !== 200) throw new Error(`a webhook was answered ${answer.status}: ${await answer.text()}`);
  };
  const gather = async () => {
    await office.world.settle();
    for (const seat of office.seats) await seat.flush?.();
  };
  return {
    ...{ gather, handIn },
    async deliver(how) {
      await gather();
      const waiting = bag.splice(0).map((one) => {
        const wish = how(ownerOf(one.request.body.toString()));
        return { ...one, wish: wish === 'late' && one.wasLate ? ('now' as const) : wish };
      });
      bag = [...bag, ...waiting.filter(({ wish }) => wish === 'late').map(({ request }) => ({ request, wasLate: true }))];
      const arriving = waiting.flatMap(({ wish, request }) =>
        wish === 'late' ? [] : wish === 'often' ? [request, request, request] : [request],
      );
      arriving.reverse();
      while (arriving.length > 0) await Promise.all(arriving.splice(0, AT_ONCE).map(handIn));
    },
    empty: () => bag.splice(0).map(({ request }) => request),
  };
}
