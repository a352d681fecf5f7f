/** Whose token it is. https://harvestdocs.greenhouse.io/docs/authentication (introspection at https://auth.greenhouse.io/introspect) */
import type { HttpClient } from '../../outbound/http.ts';
import { greenhouseIntrospectionSchema } from './schemas.ts';
import { basicAuthorization, type GreenhouseCredential } from './token.ts';

/** The organisation's name; null where Greenhouse does not tell, which proves nothing against the credential. */
export async function readAccountName(http: HttpClient, credential: GreenhouseCredential, token: string): Promise<string | null> {
  const answer = await http.request({
    method: 'POST',
    url: `${credential.authUrl.replace(/\/+$/, '')}/introspect`,
    headers: { authorization: basicAuthorization(credential), accept: 'application/json' },
    form: { token, token_type_hint: 'access_token' },
    write: false,
  });
  const parsed = greenhouseIntrospectionSchema.safeParse(answer.ok ? answer.value.body : undefined);
  return parsed.data?.['https://auth.greenhouse.io/claims']?.organization?.name ?? null;
}
