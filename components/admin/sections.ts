import {
  ArrowLeftRight,
  ClipboardCheck,
  Eraser,
  History,
  Info,
  LayoutList,
  type LucideIcon,
  Mail,
  Milestone,
  Tags,
  TriangleAlert,
  Users,
  Workflow,
} from 'lucide-react';

/** The entries of the list at the left, in the order in which an admin needs them. Also the page's addresses: `#rules`. */
export const SECTION_IDS = [
  'overview',
  'greenhouse',
  'lever',
  'vendors',
  'assessments',
  'stages',
  'rules',
  'mail',
  'people',
  'failures',
  'activity',
  'erasure',
  'about',
] as const;
export type SectionId = (typeof SECTION_IDS)[number];

export const SECTION_ICONS: Record<SectionId, LucideIcon> = {
  overview: LayoutList,
  greenhouse: ArrowLeftRight,
  lever: ArrowLeftRight,
  vendors: ClipboardCheck,
  assessments: Tags,
  stages: Milestone,
  rules: Workflow,
  mail: Mail,
  people: Users,
  failures: TriangleAlert,
  activity: History,
  erasure: Eraser,
  about: Info,
};

/** The section an address means; the first one where it means none. */
export function sectionOfHash(hash: string): SectionId {
  const name = hash.replace(/^#/, '');
  return SECTION_IDS.find((id) => id === name) ?? 'overview';
}
