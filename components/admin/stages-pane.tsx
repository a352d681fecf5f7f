import { Milestone } from 'lucide-react';
import type { ConnectionView } from '../../lib/contract/settings.ts';
import { t } from '../ui/t.ts';
import { EmptyCard } from './empty-card.tsx';
import { Pane } from './pane.tsx';
import { QueryView } from './query-view.tsx';
import { ReasonsCard } from './reasons-card.tsx';
import { StagesCard } from './stages-card.tsx';
import { useConnections } from './use-settings.ts';

/** What the stages and the disposition reasons of each ATS mean here. */
export function StagesPane() {
  const connections = useConnections();
  return (
    <Pane title={t('admin.section.stages')} intro={t('admin.stages.intro')}>
      <QueryView query={connections}>
        {(data) => <AtsMeanings connections={data.connections.filter(({ side }) => side === 'ats')} />}
      </QueryView>
    </Pane>
  );
}

function AtsMeanings({ connections }: { connections: ConnectionView[] }) {
  const on = connections.filter(({ enabled }) => enabled);
  if (connections.length === 0) return <EmptyCard icon={Milestone} text={t('admin.stages.atsFirst')} door="greenhouse" />;
  if (on.length === 0)
    return (
      <EmptyCard
        icon={Milestone}
        text={t('admin.stages.allOff')}
        door={connections[0]?.kind === 'lever' ? 'lever' : 'greenhouse'}
      />
    );
  return on.map((connection) => (
    <div key={connection.id} className="grid grid-cols-1 gap-4">
      <StagesCard connection={connection} />
      <ReasonsCard connection={connection} />
    </div>
  ));
}
