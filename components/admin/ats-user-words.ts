import type { MemberAtsUser } from '../../lib/contract/pairing.ts';
import { t } from '../ui/t.ts';

/** Who a member is in an ATS, and how we know, as a sentence. */
export function atsUserWords({ how, user }: Pick<MemberAtsUser, 'how' | 'user'>): string {
  const name = user ? (user.name ?? user.emails[0] ?? user.userId) : '';
  switch (how) {
    case 'e-mail':
      return t('admin.people.foundByEmail', name);
    case 'by-hand':
      return user ? t('admin.people.setByHand', name) : t('admin.people.nobodyByHand');
    case 'deactivated':
      return t('admin.people.foundDeactivated', name);
    case 'ambiguous':
      return t('admin.people.ambiguous');
    case 'none':
      return t('admin.people.notFound');
  }
}
