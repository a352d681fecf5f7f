import { createContext, useContext } from 'react';
import type { AdminApi } from './admin-api.ts';
import type { AdminSites } from './backend.ts';

export interface AdminContextValue {
  api: AdminApi;
  sites: AdminSites;
  /** Has a sentence read out. */
  announce(text: string): void;
  /** A form says whether it holds what is not saved; leaving then asks first. */
  setUnsaved(formId: string, isUnsaved: boolean): void;
}

export const AdminContext = createContext<AdminContextValue | null>(null);

/** The page's api and helpers, below OptionsApp. Throws elsewhere: that is a mistake in our code. */
export function useAdmin(): AdminContextValue {
  const value = useContext(AdminContext);
  if (!value) throw new Error('useAdmin needs an AdminContext above it');
  return value;
}
