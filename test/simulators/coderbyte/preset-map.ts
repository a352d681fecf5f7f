/**
 * How to reach this simulator's invented API through the endpoint map of a Coderbyte connection. Nothing of it is Coderbyte's own: a
 * company with an account writes such a map from the documentation it was given.
 */
export function toPresetMap(baseUrl: string) {
  const assessment = '/v1/organizations/{organizationId}/assessments/{assessmentId}';
  return {
    baseUrl,
    endpoints: {
      list: {
        method: 'GET' as const,
        path: '/v1/organizations/{organizationId}/assessments',
        fields: { items: 'assessments', id: 'test_id', name: 'display_name', kind: 'type', durationMinutes: 'time_limit' },
      },
      invite: {
        method: 'POST' as const,
        path: `${assessment}/invitations`,
        body: { email: '{email}', name: '{name}', reference: '{invitationId}', message: '{message}', expires_at: '{expiresAt}' },
        fields: { id: 'id', link: 'link', expiresAt: 'expires_at' },
      },
      cancel: { method: 'DELETE' as const, path: `${assessment}/candidates/{email}/invitation`, fields: {} },
      resend: { method: 'POST' as const, path: `${assessment}/candidates/{email}/invitation/resend`, fields: {} },
      extend: {
        method: 'PUT' as const,
        path: `${assessment}/candidates/{email}/invitation`,
        body: { expires_at: '{expiresAt}' },
        fields: { expiresAt: 'expires_at' },
      },
      report: { method: 'GET' as const, path: `${assessment}/candidates/{email}/report`, fields: {} },
      interview: { method: 'GET' as const, path: `${assessment}/candidates/{email}/interview-report`, fields: {} },
    },
  };
}
