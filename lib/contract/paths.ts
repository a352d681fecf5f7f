/**
 * Where the HTTP API is found. Requests and answers are the schemas of this folder; errors are always `apiErrorSchema`.
 * Everything but pairing, health, the OpenAPI page and the webhooks wants `Authorization: Bearer <token>`.
 */
export const PATHS = {
  /** POST pairRequestSchema -> pairAnswerSchema */
  pair: '/api/pair',
  /** GET -> { member, company, publicUrl, pageHosts }; DELETE revokes the token it is called with */
  me: '/api/me',
  /** GET candidateQuerySchema -> panelViewSchema */
  panel: '/api/panel',
  /** GET choicesQuerySchema -> changeChoicesSchema */
  choices: '/api/panel/choices',
  /** GET extraTimeQuerySchema -> extraTimeSchema */
  extraTime: '/api/panel/extra-time',
  /** POST <command> -> commandAnswerSchema */
  commands: {
    send: '/api/commands/send',
    undo: '/api/commands/undo',
    /** POST takeBackCommandSchema -> commandAnswerSchema: a send, by its action id, before or after it came */
    takeBack: '/api/commands/take-back',
    cancel: '/api/commands/cancel',
    sendAgain: '/api/commands/send-again',
    markSent: '/api/commands/mark-sent',
    closeReview: '/api/commands/checked',
    /** POST findOutsideSchema -> outsideFoundSchema */
    findOutside: '/api/commands/find-outside',
    attach: '/api/commands/attach',
    enterResult: '/api/commands/enter-result',
    resend: '/api/commands/resend',
    extend: '/api/commands/extend',
    extraTime: '/api/commands/extra-time',
    correctEmail: '/api/commands/correct-email',
    move: '/api/commands/move',
    change: '/api/commands/change',
    /** POST { applicationKey } -> panelViewSchema, after a fresh look at the ATS */
    checkAgain: '/api/commands/check-again',
    /** POST invitationCommandSchema -> { link } */
    copyLink: '/api/commands/copy-link',
  },
  /** GET -> waitingSchema */
  waiting: '/api/waiting',
  /** GET -> text/event-stream of streamEventSchema; takes Last-Event-ID */
  stream: '/api/stream',

  /** Admins only from here. GET -> overviewSchema */
  overview: '/api/overview',
  /** GET -> { connections: connectionViewSchema[] }; POST newConnectionSchema -> connectionViewSchema (201) */
  connections: '/api/connections',
  /** GET, PATCH changeConnectionSchema -> connectionViewSchema; DELETE (204) */
  connection: '/api/connections/{id}',
  /** POST -> checkAnswerSchema */
  connectionCheck: '/api/connections/{id}/check',
  /** POST tryEndpointSchema -> tryEndpointAnswerSchema */
  tryEndpoint: '/api/connections/{id}/try-endpoint',
  /** POST accessRequestSchema -> accessReportSchema; GET -> lastAccessReportSchema */
  connectionAccess: '/api/connections/{id}/access',
  /** POST -> consentAddressSchema; DELETE forgets the consent here (204) */
  connectionConsent: '/api/connections/{id}/consent',
  /** DELETE -> setUpKeyAnswerSchema */
  setUpKey: '/api/connections/{id}/set-up-key',
  /** POST makes and repairs, DELETE removes the webhooks at the ATS -> arrangedWebhooksSchema */
  managedWebhooks: '/api/connections/{id}/managed-webhooks',
  /** GET -> fieldsViewSchema */
  connectionFields: '/api/connections/{id}/fields',
  /** GET -> feedbackFormsViewSchema */
  feedbackForms: '/api/connections/{id}/feedback-forms',
  /** GET -> stagesViewSchema */
  stages: '/api/connections/{id}/stages',
  /** PUT { roles: stageRoleSchema[] } -> stagesViewSchema */
  stageRoles: '/api/connections/{id}/stage-roles',
  /** GET -> reasonsViewSchema */
  reasons: '/api/connections/{id}/reasons',
  /** PUT reasonMeaningsSchema -> reasonsViewSchema */
  reasonMeanings: '/api/connections/{id}/reason-meanings',
  /** GET -> vendorCatalogueSchema */
  catalogue: '/api/connections/{id}/catalogue',
  /** POST { secret?: string } -> { webhook: webhookViewSchema, secret: string | null }: `secret` only when we made it */
  webhookSecrets: '/api/webhooks/{id}/secrets',
  /** DELETE -> webhookViewSchema */
  webhookSecret: '/api/webhooks/{id}/secrets/{secretId}',
  /** GET -> { assessments: assessmentViewSchema[] }; POST assessmentInputSchema -> assessmentViewSchema (201) */
  assessments: '/api/assessments',
  /** PATCH partial assessmentInputSchema -> assessmentViewSchema; DELETE archives it (204) */
  assessment: '/api/assessments/{id}',
  /** GET -> poolSchema; POST addPoolLinksSchema -> poolAddedSchema; DELETE forgets the unused ones -> poolSchema */
  assessmentLinks: '/api/assessments/{id}/links',
  /** GET, PUT rulesSchema -> rulesSchema */
  rules: '/api/rules',
  /** GET, PUT mailSettingsSchema -> mailViewSchema */
  mail: '/api/mail',
  /** POST testMailSchema -> testMailAnswerSchema */
  mailTest: '/api/mail/test',
  /** GET -> { hooks: outgoingHookSchema[] }; POST newOutgoingHookSchema -> madeOutgoingHookSchema (201) */
  outgoingHooks: '/api/outgoing-hooks',
  /** PATCH partial newOutgoingHookSchema -> outgoingHookSchema; DELETE (204) */
  outgoingHook: '/api/outgoing-hooks/{id}',
  /** POST -> madeOutgoingHookSchema: another secret takes the place of the one before */
  outgoingHookSecret: '/api/outgoing-hooks/{id}/secret',
  /** POST -> testMailAnswerSchema: sends an event of the type "test" */
  outgoingHookTest: '/api/outgoing-hooks/{id}/test',
  /** GET -> { members: memberRowSchema[] } */
  members: '/api/members',
  /** PATCH changeMemberSchema -> memberRowSchema; DELETE revokes every token of the member (204) */
  member: '/api/members/{id}',
  /** PUT mapMemberSchema -> memberRowSchema; DELETE: the e-mail decides again -> memberRowSchema */
  memberAtsUser: '/api/members/{id}/ats-users/{connectionId}',
  /** GET -> atsUserListSchema */
  connectionUsers: '/api/connections/{id}/users',
  /** GET -> { codes: codeSchema[] }; POST newCodeSchema -> codeSchema with `code` (201) */
  codes: '/api/codes',
  /** DELETE (204) */
  code: '/api/codes/{id}',
  /** GET failuresQuerySchema -> failuresViewSchema */
  failures: '/api/failures',
  /** POST closeFailuresSchema -> failuresClosedSchema: tries these again, or all open ones */
  failuresRetry: '/api/failures/retry',
  /** POST closeFailuresSchema with a comment -> failuresClosedSchema */
  failuresDiscard: '/api/failures/discard',
  /** GET deliveriesQuerySchema -> deliveriesViewSchema: webhooks as received, newest first */
  deliveries: '/api/deliveries',
  /** POST { dryRun: boolean } -> replayAnswerSchema */
  deliveryReplay: '/api/deliveries/{id}/replay',
  /** GET activityQuerySchema -> activityViewSchema */
  activity: '/api/activity',
  /** GET activityExportQuerySchema -> the found entries as a file, text/csv or application/x-ndjson; with `limit` activityPartSchema */
  activityExport: '/api/activity/export',
  /** POST eraseSchema -> erasureSchema (202); GET -> erasuresSchema */
  erasures: '/api/erasures',
  /** GET -> erasureSchema */
  erasure: '/api/erasures/{id}',
  /** GET erasedQuerySchema -> erasedSchema: keys under which a browser keeps nothing any more; for every member */
  erased: '/api/erased',

  /** POST: webhooks of ATS and vendors; the token is unguessable and one per connection and event */
  hook: '/hooks/{token}',
  /** GET: where Lever sends the person who gave consent; a page for them */
  leverCallback: '/oauth/lever/callback',
  health: '/health',
  /** GET -> Prometheus text; wants METRICS_TOKEN as the bearer, and is not there without one */
  metrics: '/metrics',
  ready: '/ready',
  openapi: '/openapi.json',
} as const;
