import type { ConnectionKind, WebhookView } from '../../lib/contract/settings.ts';

/**
 * Where the secret that signs a webhook comes from. Greenhouse lets the admin type one in; Lever makes one per webhook and shows it;
 * Coderbyte signs with the API key; for a link vendor the generic webhook is signed with ours. HackerRank is told address and proof with each
 * invitation; CodeSignal lets the admin put ours in the place of the one that it makes.
 */
export const SECRET_FROM: Record<ConnectionKind, WebhookView['secretFrom']> = {
  greenhouse: 'ours',
  lever: 'theirs',
  coderbyte: 'key',
  byteboard: 'ours',
  // Has no address for webhooks, so that nobody is asked for a secret.
  partner: 'key',
  hackerrank: 'sent',
  codesignal: 'ours',
};
