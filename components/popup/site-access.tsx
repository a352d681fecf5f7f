import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { AllowSite } from '../ui/allow-site.tsx';
import { Button } from '../ui/button.tsx';
import { Disclosure } from '../ui/disclosure.tsx';
import { INPUT_LOOK } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { t } from '../ui/t.ts';
import type { PopupSites } from './backend.ts';

/** On which sites the browser lets Tagalong work, and the button that asks for what is missing. */
export function SiteAccess({ sites, pageHosts }: { sites: PopupSites; pageHosts: readonly string[] }) {
  const { data, refetch } = useQuery({
    queryKey: ['sites'],
    queryFn: async () => ({
      hasAts: await sites.hasAtsSites(),
      companies: await sites.companySites(),
      page: await sites.pageInFront(),
    }),
  });
  if (!data) return null;
  return (
    <section aria-label={t('popup.sites.title')} className="grid grid-cols-1 gap-2 border-t border-line p-3">
      {data.page === 'nobody' && <p className="text-muted">{t('popup.page.nobody')}</p>}
      {data.page === 'contradiction' && <Notice tone="warn">{t('popup.page.contradiction')}</Notice>}
      {!data.hasAts && (
        <Notice
          tone="warn"
          actions={
            <Button look="primary" onClick={() => void sites.allowAtsSites().then(() => refetch())}>
              {t('popup.sites.allowAts')}
            </Button>
          }
        >
          {t('popup.sites.withheld')}
        </Notice>
      )}
      {pageHosts
        .filter((host) => !data.companies.includes(host))
        .map((host) => (
          <Notice
            key={host}
            tone="warn"
            actions={<AllowSite host={host} allow={sites.allowCompanySite} onAllowed={() => void refetch()} look="primary" />}
          >
            {t('popup.sites.pageHost', host)}
          </Notice>
        ))}
      <CompanySite companies={data.companies} allow={sites.allowCompanySite} onAllowed={() => void refetch()} />
    </section>
  );
}

interface CompanySiteProps {
  companies: string[];
  allow: PopupSites['allowCompanySite'];
  onAllowed(): void;
}

/** Some companies open Greenhouse at an address of their own, which no list can know beforehand. */
function CompanySite({ companies, allow, onAllowed }: CompanySiteProps) {
  const [isOpen, setIsOpen] = useState(false);
  const [company, setCompany] = useState('');
  const [isRefused, setIsRefused] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // At once, before anything is awaited: browsers ask for access only while they handle the click.
    void allow(company).then((isAllowed) => {
      setIsRefused(!isAllowed);
      if (!isAllowed) return;
      setCompany('');
      onAllowed();
    });
  };
  return (
    <div className="grid grid-cols-1 gap-1">
      {companies.length > 0 && <p className="text-xs text-muted">{t('popup.sites.alsoOn', companies.join(', '))}</p>}
      <Disclosure label={t('popup.sites.company')} isOpen={isOpen} onToggle={setIsOpen}>
        <form onSubmit={submit} className="grid grid-cols-1 gap-1">
          <label htmlFor="company" className="text-xs text-muted">
            {t('popup.sites.companyLabel')}
          </label>
          <div dir="ltr" className="flex items-center gap-1.5">
            <input
              id="company"
              value={company}
              onChange={(event) => setCompany(event.target.value)}
              autoComplete="off"
              spellCheck={false}
              placeholder="acme"
              aria-invalid={isRefused || undefined}
              aria-describedby={isRefused ? 'company-refused' : undefined}
              className={`${INPUT_LOOK} h-8 min-w-0 flex-1`}
            />
            <span className="text-xs text-muted">.greenhouse.io</span>
            <Button type="submit" aria-disabled={!company.trim() || undefined}>
              {t('popup.sites.allow')}
            </Button>
          </div>
          {isRefused && (
            <p id="company-refused" role="alert" className="text-xs text-bad">
              {t('popup.sites.refused')}
            </p>
          )}
        </form>
      </Disclosure>
    </div>
  );
}
