import { t } from '../ui/t.ts';
import { Card } from './card.tsx';
import { CodesCard } from './codes-card.tsx';
import { MemberRowItem } from './member-row-item.tsx';
import { Pane } from './pane.tsx';
import { QueryView } from './query-view.tsx';
import { useCodes, useMembers } from './use-settings.ts';

/** Who may use Tagalong here, and the codes that let others in. */
export function PeoplePane() {
  const members = useMembers();
  const codes = useCodes();
  return (
    <Pane title={t('admin.section.people')} intro={t('admin.people.intro')}>
      <QueryView query={codes}>{(data) => <CodesCard codes={data.codes} />}</QueryView>
      <QueryView query={members}>
        {(data) => (
          <Card title={t('admin.people.members')}>
            <ul className="-my-1 grid grid-cols-1 divide-y divide-line">
              {data.members
                .toSorted((a, b) => Number(a.revokedAt !== null) - Number(b.revokedAt !== null))
                .map((member) => (
                  <MemberRowItem key={member.id} member={member} />
                ))}
            </ul>
          </Card>
        )}
      </QueryView>
    </Pane>
  );
}
