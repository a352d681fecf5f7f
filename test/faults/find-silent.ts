import type { ApplicationView, InvitationView } from '../../lib/contract/panel.ts';
import type { Evidence } from './evidence.ts';
import type { Seeker } from './seekers.ts';

const OUT_THERE: readonly InvitationView['state'][] = ['sent', 'started', 'submitted', 'scored'];

/** Whatever the panel does not say, or says differently from what the vendor and the mail server know. */
export function findSilent({ world, seekers, views, store }: Evidence): string[] {
  const reached = new Set([
    ...world.coderbyte.invitations().map(({ email }) => `Coderbyte ${email}`),
    ...world.mail.mails().flatMap(({ to }) => to.map((email) => `Byteboard ${email}`)),
  ]);
  return seekers.flatMap((seeker) => {
    const view = views.get(seeker.applicationId);
    if (!view) return [`not shown at all: ${seeker.ats} ${seeker.applicationId}`];
    const said = view.invitations.flatMap((invitation) => silenceOf(invitation, view, reached));
    return [...said, ...unexplained(seeker, view, store)].map((what) => `${what}: ${seeker.ats} ${seeker.applicationId}`);
  });
}

function silenceOf(invitation: InvitationView, view: ApplicationView, reached: ReadonlySet<string>): string[] {
  const { state, vendorName, email, trouble } = invitation;
  const isThere = reached.has(`${vendorName} ${email}`);
  if (OUT_THERE.includes(state)) return isThere ? [] : [`shown as ${state} and never arrived`];
  if (state !== 'failed' && state !== 'unconfirmed') return [`left in the state ${state}`];
  if (state === 'failed' && isThere) return ['shown as failed and did arrive'];
  const told = view.happenings.some(({ text, tone }) => tone === 'attention' && text === trouble);
  return trouble && told ? [] : [`${state} without a word about it`];
}

/** Whoever entered the assessment stage has an invitation, or reads why not. */
function unexplained({ applicationId }: Seeker, view: ApplicationView, { stageEntries }: Evidence['store']): string[] {
  const entered = stageEntries.filter((entry) => entry.applicationId === applicationId).length > 1;
  const why = view.happenings.some(({ text }) => text.startsWith('Not sent'));
  return entered && view.invitations.length === 0 && !why ? ['neither invited nor told why not'] : [];
}
