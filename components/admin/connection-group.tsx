import { Plus } from 'lucide-react';
import { useState } from 'react';
import type { ConnectionKind, ConnectionView } from '../../lib/contract/settings.ts';
import { Button } from '../ui/button.tsx';
import { t } from '../ui/t.ts';
import { ConnectionCard } from './connection-card.tsx';
import { type Brand, brandNameOf, brandsOf } from './connection-fields.ts';
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
  const [adding, setAdding] = useState<Brand | null>(null);
  const own = connections.filter((connection) => connection.kind === kind);
  const brands = brandsOf(kind);
  const isFormOpen = adding !== null || (own.length === 0 && startsOpen);
  return (
    <div className="grid grid-cols-1 gap-4">
      {own.map((connection) => (
        <ConnectionCard key={connection.id} connection={connection} publicUrl={publicUrl} />
      ))}
      {isFormOpen ? (
        <NewConnectionCard
          kind={kind}
          brand={adding ?? brands[0]}
          onDone={() => setAdding(null)}
          onCancel={own.length > 0 || !startsOpen ? () => setAdding(null) : null}
        />
      ) : (
        <div className="flex flex-wrap gap-2">
          {brands.map((brand) => (
            <Button key={brand} icon={Plus} onClick={() => setAdding(brand)}>
              {own.some(({ settings }) => brandNameOf(settings) === brand)
                ? t('admin.connection.another', brand)
                : t('admin.connection.connect', brand)}
            </Button>
          ))}
        </div>
      )}
    </div>
  );
}
