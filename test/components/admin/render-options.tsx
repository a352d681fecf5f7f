import '../install-catalogue.ts';
import { cleanup, render, screen } from '@testing-library/react';
import userEvent, { type UserEvent } from '@testing-library/user-event';
import { afterEach } from 'vitest';
import type { AdminSites, RequestOrigin } from '../../../components/admin/backend.ts';
import { OptionsApp } from '../../../components/admin/options-app.tsx';
import type { FakeServer } from './fake-server.ts';
import { NOW } from './set-up.ts';

afterEach(cleanup);

export interface Opened {
  user: UserEvent;
  /** The origins and hosts that the browser was asked for. */
  asked: string[];
}

/** The options page at one of its addresses, with a person in front of it. Waits until there is more than the product's name. */
export async function openOptions(
  server: FakeServer,
  { at = 'overview', allow = true }: { at?: string; allow?: boolean } = {},
): Promise<Opened> {
  location.hash = at;
  const asked: string[] = [];
  const requestOrigin: RequestOrigin = async (origin) => {
    asked.push(origin);
    return allow;
  };
  const user = userEvent.setup();
  const clock = { now: () => NOW, newId: () => '00000000-0000-4000-8000-000000000000' };
  const allowed: string[] = [];
  const sites: AdminSites = {
    companySites: async () => [...allowed],
    allowCompanySite: async (host) => {
      asked.push(host);
      if (allow) allowed.push(host);
      return allow;
    },
  };
  render(
    <OptionsApp backend={server.backend} requestOrigin={requestOrigin} sites={sites} extensionVersion="0.1.0" clock={clock} />,
  );
  await screen.findByRole('heading', { level: 1, name: (name) => name !== 'Tagalong' });
  return { user, asked };
}

/** The part of the page with this heading. */
export async function findCard(name: string): Promise<HTMLElement> {
  return screen.findByRole('region', { name });
}
