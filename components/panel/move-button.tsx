import { ArrowRight } from 'lucide-react';
import { Button } from '../ui/button.tsx';
import { t } from '../ui/t.ts';
import type { ApplicationView } from './panel-commands.ts';
import { usePanel } from './panel-context.ts';

export interface MoveButtonProps {
  view: ApplicationView;
  /** Named on the button; null where the page's address tells who is shown. */
  person: string | null;
  isLoud: boolean;
}

/** On to the stage that an admin named for it. */
export function MoveButton({ view: { moveTarget, may }, person, isLoud }: MoveButtonProps) {
  const { commands } = usePanel();
  if (!moveTarget || !may.send) return null;
  return (
    <Button
      look={isLoud ? 'primary' : 'secondary'}
      isBusy={commands.busy === 'move'}
      onClick={() => commands.move(moveTarget.stageId)}
      className="max-w-52"
    >
      <span className="truncate">
        {person ? t('panel.action.movePerson', person, moveTarget.name) : t('panel.action.move', moveTarget.name)}
      </span>
      <ArrowRight aria-hidden size={14} className="shrink-0 rtl:rotate-180" />
    </Button>
  );
}
