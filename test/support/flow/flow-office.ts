import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { pino } from 'pino';
import { byteboardSettingsSchema, greenhouseSettingsSchema } from '../../../lib/contract/settings.ts';
import { sealConnectionSecrets, sealWebhookSecret } from '../../../server/storage/connection-secrets.ts';
import { openDatabase } from '../../../server/storage/open-database.ts';
import { assessments, connections, webhookEndpoints } from '../../../server/storage/schema.ts';
import { createSealer } from '../../../server/storage/seal.ts';
import { type AcceptOffice, startAcceptOffice } from '../accept/accept-office.ts';
import type { NoteWritten } from './instant-ats.ts';
import { type Planting, plantPeople } from './plant-people.ts';

/** The real server as a company starts it, on its own database, between an ATS and a vendor that answer at once. */
export interface FlowOffice {
  office: AcceptOffice;
  atsPort: number;
  /** The vendor's webhook: where to, and its secret. */
  hook: { path: string; secret: string };
  ids: Pick<Planting, 'atsConnectionId' | 'vendorConnectionId' | 'endpointId' | 'assessmentId'>;
  /** Called for every note that the ATS takes, whoever writes it. */
  onNote(listener: (note: NoteWritten) => void): void;
  plant(people: Omit<Planting, keyof FlowOffice['ids']>): Promise<void>;
  close(): Promise<void>;
}

export async function startFlowOffice({ name }: { name: string }): Promise<FlowOffice> {
  const stack = new AsyncDisposableStack();
  try {
    const ats = fork(new URL('./instant-ats.ts', import.meta.url));
    stack.defer(() => void ats.kill());
    const atsPort = await portOf(ats);
    const office = await startAcceptOffice({ name, environment: { TEST_HOSTS: `127.0.0.1:${atsPort}` } });
    stack.defer(() => office.close());
    const { ids, hook } = await plantConnections(office, atsPort);
    const listeners: ((note: NoteWritten) => void)[] = [];
    ats.on('message', (note: NoteWritten) => {
      for (const listener of listeners) listener(note);
    });
    const whole = stack.move();
    return {
      ...{ office, atsPort, ids, hook },
      onNote: (listener) => void listeners.push(listener),
      plant: (people) => plantPeople((sql) => office.ask(sql), { ...ids, ...people }),
      close: () => whole.disposeAsync(),
    };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

/** What a process of ours tells first. */
export async function portOf(child: ChildProcess): Promise<number> {
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return port;
}

/** What an admin enters. */
async function plantConnections(office: AcceptOffice, atsPort: number): Promise<Pick<FlowOffice, 'ids' | 'hook'>> {
  const { database } = await office.postmaster();
  const store = await openDatabase({ address: database, log: pino({ level: 'silent' }), poolSize: 1 });
  const sealer = createSealer(office.masterKey);
  const now = new Date();
  const [atsConnectionId, vendorConnectionId, endpointId, assessmentId] = [
    randomUUID(),
    randomUUID(),
    randomUUID(),
    randomUUID(),
  ];
  const address = `http://127.0.0.1:${atsPort}`;
  const common = { enabled: true, automaticSince: now, createdAt: now, updatedAt: now };
  const secret = `whsec_${randomBytes(24).toString('base64')}`;
  const token = randomBytes(32).toString('base64url');
  try {
    await store.db.insert(connections).values([
      {
        ...{ ...common, id: atsConnectionId, kind: 'greenhouse', side: 'ats', name: 'Greenhouse' },
        settings: greenhouseSettingsSchema.parse({ kind: 'greenhouse', apiUrl: address, authUrl: address }),
        secrets: sealConnectionSecrets(sealer, atsConnectionId, { clientId: 'instant', clientSecret: 'instant' }),
      },
      {
        ...{ ...common, id: vendorConnectionId, kind: 'byteboard', side: 'vendor', name: 'Byteboard', secrets: {} },
        settings: byteboardSettingsSchema.parse({ kind: 'byteboard' }),
      },
    ]);
    await store.db.insert(assessments).values({
      ...{ id: assessmentId, vendorConnectionId, externalId: 'backend-take-home', name: 'Backend take-home' },
      ...{ kind: 'take-home project', durationMinutes: null, tag: 'Backend take-home', passMark: null, deadlineDays: 7 },
      ...{ linkTemplate: 'https://byteboard.dev/i/{invitation}', handover: 'our e-mail', createdAt: now },
    });
    const sealed = { id: randomUUID(), addedAt: now.toISOString(), ...sealWebhookSecret(sealer, endpointId, secret) };
    await store.db
      .insert(webhookEndpoints)
      .values({ id: endpointId, connectionId: vendorConnectionId, event: 'result', token, secrets: [sealed] });
  } finally {
    await store.close();
  }
  return {
    ids: { atsConnectionId, vendorConnectionId, endpointId, assessmentId },
    hook: { path: `/hooks/${token}`, secret },
  };
}
