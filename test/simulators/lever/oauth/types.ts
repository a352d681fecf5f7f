import type { LeverApiKey } from '../types.ts';

/** What Lever's staff registers: every redirect address and every scope that the app may ask for. */
export interface LeverApp {
  clientId: string;
  clientSecret: string;
  redirectUris: string[];
  scopes: string[];
}

/** A Super Admin's consent. Taking it back ends everything that came from it. */
export interface LeverGrant {
  clientId: string;
  scopes: string[];
  revoked: boolean;
}

export interface LeverConsentRequest {
  app: LeverApp;
  redirectUri: string;
  state: string;
  scopes: string[];
}

export interface LeverOauth {
  apps: Map<string, LeverApp>;
  /** Consent pages that are open, by their id. */
  requests: Map<string, LeverConsentRequest>;
  codes: Map<string, { grant: LeverGrant; redirectUri: string; expiresAtMs: number; isUsed: boolean }>;
  refreshTokens: Map<string, { grant: LeverGrant; endsAtMs: number; isUsed: boolean }>;
  accessTokens: Map<string, { grant: LeverGrant; key: LeverApiKey; expiresAtMs: number }>;
}

export function createOauth(): LeverOauth {
  return { apps: new Map(), requests: new Map(), codes: new Map(), refreshTokens: new Map(), accessTokens: new Map() };
}
