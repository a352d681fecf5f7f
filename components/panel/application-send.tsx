import { isOpen } from '../../lib/domain/invitation.ts';
import { Button } from '../ui/button.tsx';
import { Disclosure } from '../ui/disclosure.tsx';
import { t } from '../ui/t.ts';
import type { ApplicationView } from './panel-commands.ts';
import { usePanel } from './panel-context.ts';
import type { PrimaryAction } from './primary-action.ts';
import { Section } from './section.tsx';
import { SendForm } from './send-form.tsx';
import type { SendForming } from './use-send-form.ts';

export interface ApplicationSendProps {
  view: ApplicationView;
  form: SendForming;
  primary: PrimaryAction;
  /** Named on the button; null where the page's address tells who is shown. */
  person: string | null;
}

/** The send form where it is the main thing, folded where it is not, or why there is none. */
export function ApplicationSend({ view, form, primary, person }: ApplicationSendProps) {
  const { commands, mayAdminister } = usePanel();
  // One send at a time: while it is held, the way back is what matters.
  if (commands.justClicked || view.invitations.some((each) => each.state === 'held' && isOpen(each.state))) return null;
  if (!view.may.send) return form.stands ? <Section className="text-muted">{t('panel.send.mayNot')}</Section> : null;
  if (view.assessments.length === 0) {
    return (
      <Section>
        <p className="font-medium">{t('panel.noAssessments.title')}</p>
        <p className="text-muted">{mayAdminister ? t('panel.noAssessments.admin') : t('panel.noAssessments.other')}</p>
        {mayAdminister && (
          <Button look={primary ? 'secondary' : 'primary'} className="mt-2" onClick={() => commands.openOptions('assessments')}>
            {t('panel.noAssessments.button')}
          </Button>
        )}
      </Section>
    );
  }
  const sendForm = (
    <SendForm
      view={view}
      draft={form.draft}
      onChange={form.change}
      onSent={form.settle}
      person={person}
      isLoud={primary?.kind === 'send'}
      pickerRef={form.picker}
      emailRef={form.email}
    />
  );
  return (
    <Section label={t('panel.send.section')} isLow={!form.stands}>
      {form.stands ? (
        sendForm
      ) : (
        <Disclosure label={t('panel.send.another')} isOpen={form.isUnfolded} onToggle={form.fold}>
          {sendForm}
        </Disclosure>
      )}
    </Section>
  );
}
