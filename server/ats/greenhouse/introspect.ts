/** Whose token it is. https://harvestdocs.greenhouse.io/docs/authentication (introspection at https://auth.greenhouse.io/introspect) */
import type { HttpClient } from '../../outbound/http.ts';
import { greenhouseIntrospectionSchema } from './schemas.ts';
import { basicAuthorization, type GreenhouseCredential } from './token.ts';

export interface GreenhouseIntrospection {
  accountName: string | null;
  /** Null where Greenhouse does not tell. */
  scopes: ReadonlySet<string> | null;
  /** The user in whose name the token acts, and their role in Greenhouse's word. */
  userId: string | null;
  userRole: string | null;
}

/** Null where Greenhouse does not tell, which proves nothing against the credential. */
export async function introspect(
  http: HttpClient,
  credential: GreenhouseCredential,
  token: string,
): Promise<GreenhouseIntrospection | null> {
  const answer = await http.request({
    method: 'POST',
    url: `${credential.authUrl.replace(/\/+$/, '')}/introspect`,
    headers: { authorization: basicAuthorization(credential), accept: 'application/json' },
    form: { token, token_type_hint: 'access_token' },
    write: false,
  });
  const parsed = greenhouseIntrospectionSchema.safeParse(answer.ok ? answer.value.body : undefined);
  if (!parsed.success || parsed.data.active === false) return null;
  const { sub, scope, 'https://auth.greenhouse.io/claims': claims } = parsed.data;
  const scopes = scope?.split(/\s+/).filter((name) => name.startsWith('harvest:'));
  return {
    accountName: claims?.organization?.name ?? null,
    scopes: scopes && scopes.length > 0 ? new Set(scopes) : null,
    userId: sub ?? null,
    userRole: claims?.user_role ?? null,
  };
}

/** The organisation's name; null where Greenhouse does not tell. */
export async function readAccountName(http: HttpClient, credential: GreenhouseCredential, token: string): Promise<string | null> {
  return (await introspect(http, credential, token))?.accountName ?? null;
}
