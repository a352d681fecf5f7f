import { Plus } from 'lucide-react';
import { useState } from 'react';
import type { ConnectionKind, ConnectionView } from '../../lib/contract/settings.ts';
import { Button } from '../ui/button.tsx';
import { t } from '../ui/t.ts';
import { ConnectionCard } from './connection-card.tsx';
import { KIND_NAMES } from './connection-fields.ts';
import { NewConnectionCard } from './new-connection-card.tsx';

export interface ConnectionGroupProps {
  kind: ConnectionKind;
  connections: readonly ConnectionView[];
  publicUrl: string | null;
  /** Shows the form at once while there is none, instead of a button that leads to it. */
  startsOpen: boolean;
}

/** All connections of one kind, and the way to one more. */
export function ConnectionGroup({ kind, connections, publicUrl, startsOpen }: ConnectionGroupProps) {
  const [isAdding, setIsAdding] = useState(false);
  const own = connections.filter((connection) => connection.kind === kind);
  const isFormOpen = isAdding || (own.length === 0 && startsOpen);
  return (
    <div className="grid grid-cols-1 gap-4">
      {own.map((connection) => (
        <ConnectionCard key={connection.id} connection={connection} publicUrl={publicUrl} />
      ))}
      {isFormOpen ? (
        <NewConnectionCard
          kind={kind}
          onDone={() => setIsAdding(false)}
          onCancel={own.length > 0 || !startsOpen ? () => setIsAdding(false) : null}
        />
      ) : (
        <Button icon={Plus} className="justify-self-start" onClick={() => setIsAdding(true)}>
          {own.length > 0 ? t('admin.connection.another', KIND_NAMES[kind]) : t('admin.connection.connect', KIND_NAMES[kind])}
        </Button>
      )}
    </div>
  );
}
