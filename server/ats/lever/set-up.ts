import { type CallResult, succeed } from '../../outbound/outcome.ts';
import type { AtsAdapter, AtsSetUp, AtsWebhookManager } from '../port.ts';

/**
 * The set-up with its own key (`wider`, without kept names: its own answers are wanted). Once that key is revoked the lasting one
 * answers, from what it may list or from what was kept.
 *
 * Dead is proved with the right that every set-up key has, to list stages: 401 says that the key is gone, 403 that the right is.
 * https://hire.lever.co/developer/documentation#authentication
 */
export function createLeverSetUp(wider: AtsAdapter, lasting: AtsAdapter, webhooks: AtsWebhookManager): AtsSetUp {
  return {
    webhooks,
    async listStages() {
      const listed = await wider.listStages();
      return isRefused(listed) ? lasting.listStages() : listed;
    },
    async listDispositionReasons() {
      const listed = await wider.listDispositionReasons();
      return isRefused(listed) ? lasting.listDispositionReasons() : listed;
    },
    async isSetUpKeyDead() {
      const answer = await wider.listStages();
      if (isRefused(answer)) return succeed(true);
      return answer.ok ? succeed(false) : answer;
    },
  };
}

function isRefused(result: CallResult<unknown>): boolean {
  return !result.ok && (result.kind === 'unauthorised' || result.kind === 'forbidden');
}
