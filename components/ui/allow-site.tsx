import { useState } from 'react';
import { Button } from './button.tsx';
import { t } from './t.ts';

export interface AllowSiteProps {
  host: string;
  /** Asks the browser. False when the person said no. */
  allow(host: string): Promise<boolean>;
  onAllowed(): void;
  look: 'primary' | 'secondary';
}

/** "Allow on acme.greenhouse.io": the browser asks on this very click, and in this browser alone. */
export function AllowSite({ host, allow, onAllowed, look }: AllowSiteProps) {
  const [isRefused, setIsRefused] = useState(false);
  // At once, before anything is awaited: browsers ask for access only while they handle the click.
  const ask = () =>
    void allow(host).then((isAllowed) => {
      setIsRefused(!isAllowed);
      if (isAllowed) onAllowed();
    });
  return (
    <div className="grid justify-items-start gap-1">
      <Button look={look} onClick={ask}>
        {t('popup.sites.allowHost', host)}
      </Button>
      {isRefused && (
        <p role="alert" className="text-xs text-bad">
          {t('popup.sites.refused')}
        </p>
      )}
    </div>
  );
}
