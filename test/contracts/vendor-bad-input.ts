/**
 * The bad input of a vendor, played through the whole server: each case is clear to who reads it, nothing goes out twice, and what cannot
 * be known is "unconfirmed". A vendor writes a BadInputVendor (how it is connected, and the verbs that go wrong there) and calls
 * `describeVendorBadInput`. The candidates are Lever's.
 */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { InvitationView } from '../../lib/contract/panel.ts';
import { PATHS } from '../../lib/contract/paths.ts';
import {
  type AssessmentView,
  type ConnectionView,
  checkAnswerSchema,
  connectionViewSchema,
} from '../../lib/contract/settings.ts';
import type { WorldOptions } from '../simulators/world.ts';
import { leverPage, type Recruiter, type TestServer, useTestServer } from '../support/test-server.ts';
import { wakeQueue } from '../support/wake-queue.ts';

/** What an admin has set up. */
export interface ConnectedVendor {
  connection: ConnectionView;
  /** Sent by the vendor's own e-mail. */
  assessment: AssessmentView;
}

export interface BadInputVendor extends ConnectedVendor {
  /** Invitations of this person that the vendor has, whatever became of them. */
  invitations(email: string): number;
  /** E-mails that the vendor has written to this person. */
  mails(email: string): number;
  /** How many calls of ours it has answered. */
  answers(): number;
  /** How the vendor calls this person. */
  nameOf(email: string): string;
  /** What opens something without signing in: the personal link, the token in the address of the report. */
  secretsOf(email: string): string[];

  /** As from now, until `mend`. */
  spoil: Record<'revoked key' | 'no API in the plan' | 'assessment gone', () => void>;
  mend(): Promise<void>;
  /** Every call is answered with HTML and status 200, before or after it was carried out; until `mend`. */
  answerHtml(when: 'before' | 'after'): void;
  /** The next invitation is refused, because of its address. */
  refuseNextAddress(): void;
  /** The next invitation is made, and its answer waits for `release`. */
  holdNextAnswer(): void;
  release(): void;

  inviteByHand(email: string): void;
  /** The candidate begins; webhooks are on their way, and arrive with `deliver`. */
  start(email: string): void;
  /** Good work is handed in by a candidate who has begun, and the vendor is done with it. */
  finish(email: string): void;
  /** The same, of a test of whose points the vendor knows no maximum (or none above zero). */
  finishWithoutMaximum(email: string): void;
  /** Whatever waits has been sent. */
  deliver(): Promise<void>;
  /** The vendor's last message comes once more, to the letter. Answers its status. */
  repeatLast(): Promise<number | null>;
  /** A well-signed message that names neither invitation nor id. Answers its status; the same each time. */
  sendNameless(): Promise<number | null>;
}

export interface BadInputSetUp {
  name: string;
  world: Omit<WorldOptions, 'now'>;
  /** Connects the vendor as an admin does, with webhooks; then the verbs. */
  connect(server: TestServer): Promise<BadInputVendor>;
}

const HOSTILE = '"><script>alert(1)</script> https://evil.example/x {email} \u202eDrop';

export function describeVendorBadInput({ name, world, connect }: BadInputSetUp): void {
  describe(`${name}: bad input`, () => {
    const server = useTestServer({ world });
    let vendor: BadInputVendor;
    let ben: Recruiter;
    beforeAll(async () => {
      ben = await server().join('Ben');
      vendor = await connect(server());
    });
    afterEach(() => vendor.mend());

    const lever = () => server().world.lever;
    /** Somebody new, before the stage in which assessments go out by themselves. */
    const arrive = ({ who = 'Ada Moreno', email = `${randomUUID()}@mail.example`, contact = '' } = {}) => {
      const contactId = contact || lever().play.createContact({ name: who, emails: [email] }).id;
      const { postings, stages } = server().world.seeds.lever;
      const wanted = { contactId, postingId: postings.backend, stageId: stages.phoneScreen, tags: [] };
      const { id: opportunityId } = lever().play.createOpportunity(wanted);
      return { email, contact: contactId, opportunityId, page: leverPage(opportunityId) };
    };
    type Person = ReturnType<typeof arrive>;
    const click = async ({ page }: Person) => {
      const answer = await ben.send(await ben.open(page), { assessmentId: vendor.assessment.id });
      server().clock.advance(11);
      return answer;
    };
    const invitation = async ({ page }: Person): Promise<InvitationView> => {
      const [first] = (await ben.open(page)).invitations;
      if (!first) throw new Error('nobody was invited');
      return first;
    };
    const reaches = (person: Person, expected: object) =>
      server().until(async () => expect(await invitation(person)).toMatchObject(expected));
    const invited = async (person = arrive()) => {
      expect(await click(person)).toMatchObject({ outcome: 'done' });
      await reaches(person, { state: 'sent' });
      await server().settle();
      return person;
    };
    const deliver = async () => {
      await vendor.deliver();
      await server().settle();
    };
    const later = async (seconds: number) => {
      server().clock.advance(seconds);
      await server().settle();
    };
    const notes = ({ opportunityId }: Person) =>
      [...lever().account.notes.values()]
        .filter((note) => note.createdByApi && note.opportunityId === opportunityId)
        .map((note) => note.comments.map(({ value }) => value).join(' / '));
    const check = () =>
      server().company.api.call(checkAnswerSchema, 'POST', PATHS.connectionCheck.replace('{id}', vendor.connection.id), {});
    /** Failed in words, and nobody heard of it. */
    const expectFailed = async (person: Person, { out = 0 } = {}) => {
      await reaches(person, { state: 'failed', trouble: expect.stringMatching(/\w+ \w+/) });
      await server().settle();
      expect(vendor.invitations(person.email)).toBe(out);
      expect(notes(person)).toEqual([]);
    };

    test('a wrong key is said when it is checked, and invites nobody', async () => {
      const path = PATHS.connection.replace('{id}', vendor.connection.id);
      const apiKey = 'never-a-key-of-theirs';
      await server().company.api.call(connectionViewSchema, 'PATCH', path, { secrets: { apiKey } });
      expect(await check()).toMatchObject({ ok: false, message: expect.stringMatching(/key|credential/i) });
      const ada = arrive();
      await click(ada);
      await expectFailed(ada);
      await vendor.mend();
      expect(await check()).toMatchObject({ ok: true });
      expect(JSON.stringify(server().log)).not.toContain(apiKey);
    });

    test.each(['revoked key', 'no API in the plan'] as const)('%s: said when it is checked, and invites nobody', async (how) => {
      vendor.spoil[how]();
      expect(await check()).toMatchObject({ ok: false, message: expect.stringMatching(/\w+ \w+/) });
      const ada = arrive();
      await click(ada);
      await expectFailed(ada);
      await vendor.mend();
      expect(await check()).toMatchObject({ ok: true });
    });

    test('an assessment that is gone at the vendor invites nobody', async () => {
      vendor.spoil['assessment gone']();
      const ada = arrive();
      await click(ada);
      await expectFailed(ada);
    });

    test('a candidate who was invited by hand gets no second invitation', async () => {
      const ada = arrive();
      vendor.inviteByHand(ada.email);
      const before = vendor.mails(ada.email);
      await click(ada);
      await server().until(async () => expect(['failed', 'sent']).toContain((await invitation(ada)).state));
      await server().settle();
      expect(vendor.invitations(ada.email)).toBe(1);
      expect(vendor.mails(ada.email)).toBe(before);
      const { state, trouble } = await invitation(ada);
      if (state === 'failed') expect(trouble).toMatch(/already|there|own|by hand/i);
    });

    test('an address that the vendor refuses is said, so that it can be corrected', async () => {
      vendor.refuseNextAddress();
      const ada = arrive();
      await click(ada);
      await expectFailed(ada);
      expect((await invitation(ada)).trouble).toMatch(/address|e-?mail/i);
    });

    test('what opens something by itself reaches neither note, nor log, nor viewer', async () => {
      const ada = await invited();
      vendor.start(ada.email);
      vendor.finish(ada.email);
      await deliver();
      await reaches(ada, { state: 'scored' });
      await server().settle();
      const secrets = vendor.secretsOf(ada.email);
      expect(secrets.length).toBeGreaterThan(0);
      const viewer = await server().join('Vera', 'viewer');
      const seen = JSON.stringify([await viewer.open(ada.page), notes(ada), server().log]);
      expect(notes(ada)).toHaveLength(2);
      for (const secret of secrets) expect(seen).not.toContain(secret);
    });

    test('a score without a maximum is no percentage, in the panel and in the note', async () => {
      const ada = await invited();
      vendor.start(ada.email);
      vendor.finishWithoutMaximum(ada.email);
      await deliver();
      await reaches(ada, { state: 'scored', result: { percent: null } });
      await server().settle();
      await vendor.mend();
      expect((await invitation(ada)).result?.score?.max ?? null).toBeNull();
      expect(notes(ada).join()).not.toMatch(/\d ?%/);
    });

    test.each(['before', 'after'] as const)('HTML for an answer, %s it was done: never two invitations', async (when) => {
      const ada = arrive();
      const before = vendor.answers();
      vendor.answerHtml(when);
      await click(ada);
      await server().until(() => expect(vendor.answers()).toBeGreaterThan(before));
      const isOut = () => vendor.invitations(ada.email) === 1;
      if (when === 'after') await server().until(() => expect(isOut()).toBe(true));
      await server().until(async () => expect((await invitation(ada)).state).toMatch(/sending|unconfirmed/));
      await vendor.mend();
      // All comes to rest before the clock goes on: leases last a while by it, and lanes would be taken from those who are at them.
      for (let minute = 0; minute < 30 && (await invitation(ada)).state === 'sending'; minute += 1) {
        server().clock.advance(60);
        await wakeQueue(server());
        await server().settle();
      }
      expect((await invitation(ada)).state).toMatch(/^(sent|unconfirmed)$/);
      // A message may have settled it, while what was asked for still waits.
      await wakeQueue(server());
      await server().settle();
      const { state, trouble } = await invitation(ada);
      if (state === 'unconfirmed') expect(trouble).toMatch(/\w+ \w+/);
      expect(vendor.invitations(ada.email)).toBe(when === 'after' || state === 'sent' ? 1 : 0);
      expect(vendor.mails(ada.email)).toBe(vendor.invitations(ada.email));
    });

    test('a hostile name arrives as plain text, and in no note', async () => {
      const ada = await invited(arrive({ who: HOSTILE }));
      expect(vendor.nameOf(ada.email)).not.toMatch(/<|\u202e|https?:/);
      expect(notes(ada)).toHaveLength(1);
      expect(notes(ada).join()).not.toMatch(/script|evil/);
    });

    test('a message that comes twice, and one that names nobody, change nothing', async () => {
      const ada = await invited();
      vendor.start(ada.email);
      await deliver();
      await reaches(ada, { state: 'started' });
      expect([await vendor.repeatLast(), await vendor.sendNameless(), await vendor.sendNameless()]).toEqual([200, 200, 200]);
      await server().settle();
      expect(await invitation(ada)).toMatchObject({ state: 'started', trouble: null });
      expect(notes(ada)).toHaveLength(1);
      expect(vendor.invitations(ada.email)).toBe(1);
    });

    test('a message that is faster than the answer to the invitation: one invitation, begun, one note', async () => {
      const ada = arrive();
      vendor.holdNextAnswer();
      await click(ada);
      await server().until(() => expect(vendor.invitations(ada.email)).toBe(1));
      vendor.start(ada.email);
      await vendor.deliver();
      await server().until(async () => expect(['sending', 'sent', 'started']).toContain((await invitation(ada)).state));
      vendor.release();
      await server().settle();
      await server().until(async () => {
        await later(61);
        expect(await invitation(ada)).toMatchObject({ state: 'started', trouble: null });
      });
      expect(notes(ada)).toHaveLength(1);
      expect(vendor.invitations(ada.email)).toBe(1);
    });

    test('a test that was begun unseen is not taken back, and its result is kept', async () => {
      const ada = await invited();
      vendor.start(ada.email);
      const { id: invitationId } = await invitation(ada);
      await ben.command(PATHS.commands.cancel, await ben.open(ada.page), { invitationId });
      await server().settle();
      vendor.finish(ada.email);
      await deliver();
      await server().until(async () => {
        await later(61);
        expect(await invitation(ada)).toMatchObject({ state: 'scored', result: { verified: true } });
      });
      expect(vendor.invitations(ada.email)).toBe(1);
    });

    test('the same person in two applications: one invitation, and the second click says why', async () => {
      const ada = await invited();
      const again = arrive({ email: ada.email, contact: ada.contact });
      const answer = await click(again);
      expect(answer).toMatchObject({ outcome: 'refused', message: expect.stringMatching(/\w+ \w+/) });
      await server().settle();
      expect((await ben.open(again.page)).invitations).toEqual([]);
      expect(vendor.invitations(ada.email)).toBe(1);
      expect(notes(again)).toEqual([]);
    });
  });
}
