import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillLink } from '../../../server/vendors/fill-link.ts';
import { inviteByLink } from '../../../server/vendors/invite-by-link.ts';
import { INVITATION_ID, makeOrder } from '../../support/make-order.ts';

const withTemplate = (linkTemplate: string | null) => makeOrder({ linkTemplate });

describe('the link of an invitation', () => {
  it('is the template with address, name and our id filled in, percent-encoded', () => {
    expect(fillLink(makeOrder())).toEqual({
      ok: true,
      value: `https://vendor.example/start?who=ada%2Bjobs%40example.com&name=Ada%20Lovelace&ref=${INVITATION_ID}`,
    });
  });

  it('keeps a gap empty when the name is not known', () => {
    const order = makeOrder({ linkTemplate: 'https://vendor.example/?n={name}' }, { candidateName: null });
    expect(fillLink(order)).toEqual({ ok: true, value: 'https://vendor.example/?n=' });
  });

  it.each([
    ['no template', null],
    ['an empty template', ' '],
    ['plain http', 'http://vendor.example/{email}'],
    ['a script', 'javascript:alert("{name}")'],
    ['a gap that has no meaning', 'https://vendor.example/{phone}'],
    ['a gap that every object has', 'https://vendor.example/{constructor}'],
    ['a gap with blanks', 'https://vendor.example/{ name }'],
    ['credentials', 'https://user:secret@vendor.example/{email}'],
    ['a gap in the host', 'https://{invitation}.vendor.example/'],
    ['a gap for the host', 'https://{name}/'],
    ['a gap in the credentials', 'https://{name}@vendor.example/'],
    ['a gap in the port', 'https://vendor.example:{name}/'],
  ])('is not made from %s', (_what, template) => {
    expect(fillLink(withTemplate(template))).toMatchObject({ ok: false, kind: 'misconfigured' });
  });

  it('leads to the template’s host and path whatever a candidate is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (candidateName) => {
        const order = makeOrder({ linkTemplate: 'https://vendor.example/t/{name}/start' }, { candidateName });
        const link = fillLink(order);
        if (!link.ok) throw new Error(link.detail);
        const url = new URL(link.value);
        expect(url.host).toBe('vendor.example');
        expect(url.pathname).toMatch(/^\/t\/[^/]*\/start$/);
      }),
      { examples: [['..'], ['.'], ['../../admin'], ['\\..\\'], ['@evil.example'], ['\ud800'], ['?x#y']] },
    );
  });
});

describe('an invitation by link', () => {
  it.each([
    ['our e-mail', 'us'],
    ['copy link', 'nobody'],
  ] as const)('with %s is handed over by %s', async (handover, emailedBy) => {
    expect(await inviteByLink(makeOrder({ handover }))).toMatchObject({
      ok: true,
      value: { externalId: null, emailedBy, expiresAt: '2026-11-28T12:00:00.000Z' },
    });
  });

  it('cannot be left to an e-mail of the vendor', async () => {
    expect(await inviteByLink(makeOrder({ handover: 'vendor e-mail' }))).toMatchObject({ ok: false, kind: 'misconfigured' });
  });
});
