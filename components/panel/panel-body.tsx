import { CircleAlert, PlugZap, Unplug, WifiOff } from 'lucide-react';
import type { PanelState } from '../../lib/contract/messages.ts';
import type { PanelView } from '../../lib/contract/panel.ts';
import { Button } from '../ui/button.tsx';
import { t } from '../ui/t.ts';
import { ApplicationPanel } from './application-panel.tsx';
import { ChooserPanel } from './chooser-panel.tsx';
import { LoadingView } from './loading-view.tsx';
import { MendButton } from './mend-button.tsx';
import { MessageView } from './message-view.tsx';
import { NoticeStack } from './notice-stack.tsx';
import type { ApplicationView } from './panel-commands.ts';
import { usePanel } from './panel-context.ts';
import { useChooser } from './use-chooser.ts';

export interface PanelBodyProps {
  state: PanelState;
  onChoose(applicationId: string): void;
}

/** What the state calls for: connect, wait, choose, the reason why nothing can be shown, or the application. */
export function PanelBody({ state, onChoose }: PanelBodyProps) {
  const { shown, hasOthers, setIsChoosing } = useChooser(state);
  if (state.link === 'not-connected') return <NotConnected isRevoked={state.trouble?.code === 'revoked'} />;
  if (state.contradiction)
    return <MessageView icon={CircleAlert} title={t('panel.contradiction.title')} text={t('panel.contradiction.text')} />;
  if (shown?.kind === 'application') {
    return (
      <ApplicationPanel
        key={shown.key}
        view={shown}
        naming={state.isHint ? 'fully' : state.page?.kind === 'person' ? 'by first name' : null}
        onOthers={hasOthers ? () => setIsChoosing(true) : undefined}
      >
        <NoticeStack state={state} troubles={shown.troubles} />
      </ApplicationPanel>
    );
  }
  const choose = (applicationId: string) => {
    setIsChoosing(false);
    onChoose(applicationId);
  };
  return (
    <>
      <NoticeStack state={state} />
      <OtherView view={shown} isOffline={state.link === 'offline'} onChoose={choose} />
    </>
  );
}

interface OtherViewProps {
  view: Exclude<PanelView, ApplicationView> | null;
  isOffline: boolean;
  onChoose(applicationId: string): void;
}

function OtherView({ view, isOffline, onChoose }: OtherViewProps) {
  if (view?.kind === 'chooser') return <ChooserPanel view={view} onChoose={onChoose} />;
  if (view) {
    return (
      <MessageView
        icon={CircleAlert}
        title={t('panel.unavailable.title')}
        text={view.text}
        action={view.mend && <MendButton mend={view.mend} look="primary" />}
      />
    );
  }
  if (isOffline) return <MessageView icon={WifiOff} title={t('panel.offline.title')} text={t('panel.offline.text')} />;
  return <LoadingView />;
}

function NotConnected({ isRevoked }: { isRevoked: boolean }) {
  const { commands } = usePanel();
  return (
    <MessageView
      icon={isRevoked ? Unplug : PlugZap}
      title={isRevoked ? t('panel.revoked.title') : t('panel.notConnected.title')}
      text={isRevoked ? t('panel.revoked.text') : t('panel.notConnected.text')}
      action={
        <Button look="primary" onClick={() => commands.openOptions()}>
          {t('panel.notConnected.button')}
        </Button>
      }
    />
  );
}
