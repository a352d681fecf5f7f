import { Plus, X } from 'lucide-react';
import { RATINGS } from '../../lib/domain/result.ts';
import { Button } from '../ui/button.tsx';
import { INPUT_LOOK } from '../ui/field.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { t } from '../ui/t.ts';
import type { ResultDraft } from './entered-result.ts';

type Skills = ResultDraft['skills'];

export interface SkillRowsProps {
  skills: Skills;
  onChange(skills: Skills): void;
}

/** One line per skill: its name and how good. */
export function SkillRows({ skills, onChange }: SkillRowsProps) {
  const change = (key: number, part: Partial<Skills[number]>) =>
    onChange(skills.map((skill) => (skill.key === key ? { ...skill, ...part } : skill)));
  const add = () => onChange([...skills, { key: Math.max(0, ...skills.map((skill) => skill.key)) + 1, name: '', rating: '' }]);
  return (
    <fieldset className="grid grid-cols-1 gap-1">
      <legend className="mb-1 text-xs font-medium text-muted">{t('panel.enterResult.skills')}</legend>
      {skills.map((skill) => (
        <div key={skill.key} className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)_auto] items-center gap-1">
          <input
            aria-label={t('panel.enterResult.skillName')}
            dir="auto"
            maxLength={120}
            value={skill.name}
            onChange={(event) => change(skill.key, { name: event.target.value })}
            className={`${INPUT_LOOK} h-8`}
          />
          <select
            aria-label={t('panel.enterResult.skillRating')}
            value={skill.rating}
            onChange={(event) => change(skill.key, { rating: event.target.value })}
            className={`${INPUT_LOOK} h-8`}
          >
            <option value="">{t('panel.enterResult.choose')}</option>
            {RATINGS.map((rating) => (
              <option key={rating}>{rating}</option>
            ))}
          </select>
          <IconButton
            icon={X}
            label={t('panel.enterResult.removeSkill')}
            onClick={() => onChange(skills.filter((each) => each.key !== skill.key))}
          />
        </div>
      ))}
      <Button look="quiet" icon={Plus} className="justify-self-start" onClick={add}>
        {t('panel.enterResult.addSkill')}
      </Button>
    </fieldset>
  );
}
