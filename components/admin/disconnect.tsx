import { Unplug } from 'lucide-react';
import { useState } from 'react';
import { t } from '../ui/t.ts';
import { AskFirst } from './ask-first.tsx';

/** Ends this browser's connection; says beforehand that coming back takes a new code. */
export function Disconnect({ onDisconnect }: { onDisconnect(): Promise<void> }) {
  const [isBusy, setIsBusy] = useState(false);
  const [failure, setFailure] = useState<Error | null>(null);
  const disconnect = async () => {
    setIsBusy(true);
    try {
      await onDisconnect();
    } catch (error) {
      console.error('tagalong: could not disconnect', error);
      setFailure(new Error(t('admin.noAnswer')));
      setIsBusy(false);
    }
  };
  return (
    <div className="flex">
      <AskFirst
        label={t('admin.about.disconnect')}
        icon={Unplug}
        confirm={t('admin.about.disconnect')}
        isBusy={isBusy}
        failure={failure}
        onConfirm={() => void disconnect()}
      >
        {t('admin.about.disconnectMeans')}
      </AskFirst>
    </div>
  );
}
