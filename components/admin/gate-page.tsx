import { Button } from '../ui/button.tsx';
import { t } from '../ui/t.ts';
import { Disconnect } from './disconnect.tsx';

export interface GatePageProps {
  title: string;
  text: string;
  onRetry?: () => void;
  isBusy?: boolean;
  onDisconnect?: () => Promise<void>;
}

/** Why the settings cannot be shown, and what can be done. */
export function GatePage({ title, text, onRetry, isBusy, onDisconnect }: GatePageProps) {
  return (
    <main className="grid min-h-dvh place-items-center bg-ground p-4">
      <div className="grid w-full max-w-md grid-cols-1 gap-4 rounded-md border border-line bg-surface p-6">
        <h1 dir="auto" className="text-lg font-semibold tracking-tight">
          {title}
        </h1>
        <p className="text-muted">{text}</p>
        {onRetry && (
          <Button look="primary" className="justify-self-start" isBusy={isBusy} onClick={onRetry}>
            {t('common.tryAgain')}
          </Button>
        )}
        {onDisconnect && <Disconnect onDisconnect={onDisconnect} />}
      </div>
    </main>
  );
}
