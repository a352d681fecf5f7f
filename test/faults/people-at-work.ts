import type { World } from '../simulators/world.ts';
import type { SeededRandom } from './seeded-random.ts';

/** Some of the invited begin their test, some of those who began hand in. */
export function takeTests({ coderbyte }: World, random: SeededRandom, most: number): void {
  const at = (state: 'invited' | 'joined') => coderbyte.invitations().filter((invitation) => invitation.state === state);
  for (const { assessmentId, email } of random.some(at('joined'), most))
    coderbyte.play.submit({ assessmentId, email, finalScore: random.int(40, 100) });
  for (const { assessmentId, email } of random.some(at('invited'), most)) coderbyte.play.start({ assessmentId, email });
}

/** Webhooks that arrived arrive once more, as senders do that did not see the answer. */
export async function repeatSome({ lever, greenhouse, coderbyte }: World, random: SeededRandom, most: number): Promise<void> {
  const isDelivered = ({ state }: { state: string }) => state === 'delivered';
  const again = [
    ...random.some(lever.deliveries().filter(isDelivered), most).map(({ id }) => lever.direct.rerun({ deliveryId: id })),
    ...random.some(greenhouse.deliveries.filter(isDelivered), most).map(({ id }) => greenhouse.resend(id)),
    ...random.some(coderbyte.deliveries().filter(isDelivered), 1).map(({ id }) => coderbyte.direct.resend({ deliveryId: id })),
  ];
  await Promise.all(again);
}

/** Webhooks of what `act` does wait, and then go out with the newest first. */
export async function inReverse({ lever, greenhouse }: World, act: () => void): Promise<void> {
  lever.direct.configure({ deliver: 'hold' });
  greenhouse.change({ webhooks: 'hold' });
  act();
  lever.direct.configure({ deliver: 'deliver' });
  greenhouse.change({ webhooks: 'deliver' });
  await Promise.all([lever.direct.releaseHeld({ reversed: true }), greenhouse.releaseHeld({ newestFirst: true })]);
}

/** Everything that failed goes out again; the senders' waits are not waited for. Whoever failed too often has given up. */
export async function retryFailed({ lever, greenhouse, coderbyte }: World): Promise<void> {
  await Promise.all([
    lever.direct.retryDue({ ignoreWaits: true }),
    greenhouse.retryDue({ all: true }),
    coderbyte.direct.retryDue(),
  ]);
}

/** Carried out, and the answer is lost: one call of each kind whose repetition somebody would notice. */
export function loseAnswers({ lever, greenhouse, coderbyte, mail }: World, random: SeededRandom): void {
  const lost = { method: 'POST', when: 'after' as const };
  random.pick([
    () => coderbyte.direct.failNext({ ...lost, path: '/invitations$', kind: 'reset' }),
    () => lever.direct.failNext({ ...lost, path: '/notes$', answer: { kind: 'reset' } }),
    () => greenhouse.failNext({ ...lost, path: '/v3/notes$', kind: 'reset' }),
    () => mail.failNext({ kind: 'drop' }),
  ])();
}

/** What a sender has given up is sent by a person: the Rerun button of Lever's delivery history, and the like of it. */
export async function rerunGivenUp({ lever, greenhouse, coderbyte }: World): Promise<void> {
  const isGivenUp = ({ state }: { state: string }) => state === 'given-up';
  await Promise.all([
    ...lever
      .deliveries()
      .filter(isGivenUp)
      .map(({ id }) => lever.direct.rerun({ deliveryId: id })),
    ...greenhouse.deliveries.filter(isGivenUp).map(({ id }) => greenhouse.resend(id)),
    ...coderbyte
      .deliveries()
      .filter(isGivenUp)
      .map(({ id }) => coderbyte.direct.resend({ deliveryId: id })),
  ]);
}
