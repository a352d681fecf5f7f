import { vendorNameOfAssessment } from '../../lib/domain/assessment.ts';
import { say } from '../say.ts';
import { afterFailedLook, afterFailure, done, failed, systemName, withAts } from './ats-write.ts';
import { noteReference } from './note-reference.ts';
import type { EffectContext, EffectOutcome, EffectRunner } from './runner.ts';
import { failedBecause, givenOf, readWriteBack, switchedOff, unconfirmed } from './write-back.ts';

/**
 * Story: look before writing. Neither ATS knows idempotency keys, so the file has a name that is ours and used once, by which it is
 * looked for first. Where the credential may not list files and an earlier run may have written, nobody can be asked: then it is
 * unconfirmed and not written again.
 */
export const attachReport: EffectRunner<'attach-report'> = {
  async run(effect, context, interrupted) {
    const given = givenOf(effect, context);
    return await withAts(context, { ...given, mayHaveHappened: interrupted }, async (adapter): Promise<EffectOutcome> => {
      const set = await readWriteBack(context);
      if (!set?.writeBack.reportFile) return switchedOff(given, interrupted);
      const system = systemName(adapter);
      const { findFile, attachFile } = adapter.operations;
      if (!findFile || !attachFile) return failedBecause(given, say('server.write-back.not-possible', { system }), interrupted);
      const name = fileName(effect.key, context);
      const found = await findFile(context.target, name);
      if (!found.ok) return afterFailedLook(found, { ...given, system, mayHaveHappened: interrupted });
      if (found.value === 'found') return attached(given);
      if (found.value === 'cannot-look' && interrupted) return unconfirmed(given);
      const read = await readReport(context);
      // Looked for and absent, or never tried: nothing has happened yet.
      if (!read.ok) return afterFailure(read, { ...given, system: vendorName(context), mayHaveHappened: false });
      if (read.value === null) return done(given);
      const { bytes } = read.value;
      if (!isPdf(bytes)) return failedBecause(given, say('server.write-back.no-pdf', { vendor: vendorName(context) }));
      const file = { name, contentType: 'application/pdf' as const, bytes };
      const written = await attachFile(context.target, file);
      return written.ok ? attached(given) : afterFailure(written, { ...given, system, mayHaveHappened: false });
    });
  },
  giveUp: (effect, context, { why, mayHaveHappened }) => failed(givenOf(effect, context), why, mayHaveHappened),
};

function attached(given: Parameters<typeof done>[0]): EffectOutcome {
  return done({ ...given, values: { ...given.values, attached: 'yes' } });
}

/** Null where the vendor has none: some have no such file at all. */
async function readReport({ connector, invitation }: EffectContext) {
  if (!invitation) return { ok: true, value: null } as const;
  const vendor = await connector.vendor(invitation.vendorConnectionId);
  if (!vendor.ok) return vendor;
  const { readReportFile } = vendor.value.operations;
  return readReportFile ? await readReportFile(invitation) : ({ ok: true, value: null } as const);
}

/** Ends in our reference. What file systems and the two ATSs might change in a name is left out of it. */
function fileName(effectKey: string, { invitation }: EffectContext): string {
  const assessment = (invitation?.assessmentName ?? '')
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9]+/g, ' ')
    .trim()
    .slice(0, 60);
  return `${assessment || 'Assessment'} report ${noteReference(effectKey)}.pdf`;
}

/** https://pdfa.org/resource/iso-32000-2/ : a PDF says so at its beginning. */
function isPdf(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, 1024)).includes('%PDF-');
}

function vendorName({ assessment }: EffectContext): string {
  return assessment ? vendorNameOfAssessment(assessment) : say('server.write-back.the-vendor');
}
