import { useState } from 'react';
import type { InvitationView } from '../../lib/contract/panel.ts';
import { Disclosure } from '../ui/disclosure.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { t } from '../ui/t.ts';
import { scoreText } from './score-text.ts';
import { Section } from './section.tsx';

/** Attempts that a newer one has replaced: one line each. */
export function EarlierInvitations({ invitations }: { invitations: InvitationView[] }) {
  const [isOpen, setIsOpen] = useState(false);
  if (invitations.length === 0) return null;
  return (
    <Section label={t('panel.invitation.earlier', invitations.length)} isLow>
      <Disclosure label={t('panel.invitation.earlier', invitations.length)} isOpen={isOpen} onToggle={setIsOpen}>
        <ul className="grid grid-cols-1 gap-1">
          {invitations.map((invitation) => (
            <li key={invitation.id} className="flex items-baseline justify-between gap-3">
              <span dir="auto" className="truncate">
                {invitation.assessmentName}{' '}
                <span className="text-muted">{t('panel.invitation.attempt', invitation.attempt)}</span>
              </span>
              <span className="shrink-0 text-muted">
                {outcomeOf(invitation)} <RelativeTime at={invitation.closedAt ?? invitation.createdAt} />
              </span>
            </li>
          ))}
        </ul>
      </Disclosure>
    </Section>
  );
}

function outcomeOf({ result, state }: InvitationView): string {
  return (result && (scoreText(result) ?? result.rating)) || t(`panel.state.${state}`);
}
