import { describe, expect, it } from 'vitest';
import { invitationMail } from '../../../server/effects/invitation-mail.ts';
import { makeOrder } from '../../support/make-order.ts';

const link = 'https://vendor.example/take?a=1&b="2"';
const given = { order: makeOrder(), link, company: 'Acme', expiresAt: '2026-11-28T12:00:00.000Z' };

describe('an invitation by e-mail', () => {
  it('in the company’s own words, as text and as HTML', () => {
    const template = {
      subject: '{company}: {assessment} for {name}',
      text: 'Dear {name},\n\n{message}\n\nBegin <here>: {link}\nuntil {deadline}.',
    };
    expect(invitationMail({ ...given, template })).toMatchObject({
      to: 'ada+jobs@example.com',
      subject: 'Acme: Senior SWE for Ada',
      text: `Dear Ada,\n\nSee you soon\n\nBegin <here>: ${link}\nuntil Saturday, November 28, 2026.`,
      html:
        '<!doctype html><html><body><p>Dear Ada,</p><p>See you soon</p><p>Begin &lt;here&gt;: ' +
        '<a href="https://vendor.example/take?a=1&amp;b=&quot;2&quot;">https://vendor.example/take?a=1&amp;b=&quot;2&quot;</a>' +
        '<br>until Saturday, November 28, 2026.</p></body></html>',
    });
  });

  it('lets nothing that people wrote become markup or another header', () => {
    const order = makeOrder({}, { candidateName: '<img/src=x>\r\nBcc: x@y.example', message: '<script>alert(1)</script>' });
    const mail = invitationMail({
      ...given,
      order,
      template: { subject: '{name} {assessment}', text: '{name} {message} {link}' },
    });
    expect(mail.html).not.toMatch(/<(img|script)/);
    expect(mail.html).toContain('&lt;script&gt;');
    expect(mail.subject).toBe('<img/src=x> Senior SWE');
  });

  it('addresses somebody without a name', () => {
    const order = makeOrder({}, { candidateName: null });
    const template = { subject: 'For {name}', text: 'Hello {name}, {link}' };
    expect(invitationMail({ ...given, order, template }).text).toBe(`Hello there, ${link}`);
  });

  it('has words of ours while the company has none', () => {
    const mail = invitationMail({ ...given, template: null });
    expect(mail.subject).toBe('Acme: your assessment "Senior SWE"');
    expect(mail.text).toContain(link);
  });
});
