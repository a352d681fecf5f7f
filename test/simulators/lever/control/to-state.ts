import type { LeverDelivery } from '../webhooks/delivery.ts';
import type { LeverWorld } from '../world.ts';

/** Everything a control page or a script needs to know, names beside the ids. No key's secret. */
export function toState({ account, settings }: LeverWorld, deliveries: readonly LeverDelivery[]) {
  const opportunities = [...account.opportunities.values()].map((opportunity) => ({
    ...opportunity,
    name: account.contacts.get(opportunity.contact)?.name ?? '',
    emails: account.contacts.get(opportunity.contact)?.emails ?? [],
  }));
  return {
    settings,
    opportunities,
    stages: account.stages,
    archiveReasons: [...account.archiveReasons.values()],
    postings: [...account.postings.values()],
    users: [...account.users.values()],
    contacts: [...account.contacts.values()],
    webhooks: [...account.webhooks.values()],
    eventsOn: [...account.eventsOn],
    keys: account.keys.map(({ label, confidential, permissions }) => ({ label, confidential, permissions: [...permissions] })),
    deliveries,
  };
}
