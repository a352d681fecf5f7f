/** What a sealed text belongs to: it opens nowhere else (see seal.ts). Never changed, or what was sealed before opens no more. */
export const SEALED_FOR = {
  connection: (connectionId: string, name: string) => `connection:${connectionId}:${name}`,
  webhook: (endpointId: string) => `webhook:${endpointId}`,
  atsToken: (connectionId: string) => `ats-token:${connectionId}`,
  invitationLink: (invitationId: string) => `invitation:${invitationId}`,
  poolLink: (linkId: string) => `pool-link:${linkId}`,
  accommodation: (person: string) => `accommodation:${person}`,
  outgoingHook: (hookId: string) => `outgoing-hook:${hookId}`,
  mailServer: 'settings:mail:smtpUrl',
  erasureKey: 'settings:erasure-key',
  auditHead: 'audit:head',
} as const;
