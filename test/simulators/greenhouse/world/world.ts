import type { GreenhouseSettings } from '../settings.ts';
import type * as records from './records.ts';
import { type Stamped, Table } from './table.ts';

/** Everything one Greenhouse company holds, and the one way in which anything learns that it changed. */
export class World {
  readonly settings: GreenhouseSettings;
  readonly now: () => Date;
  /** Where its candidate pages are, for the urls inside webhooks. */
  readonly pagesUrl: string;
  /** Set by the webhook sender. */
  send: (action: string, payload: Record<string, unknown>) => void = () => {};

  readonly users: Table<records.User>;
  readonly jobs: Table<records.Job>;
  readonly stages: Table<records.Stage>;
  readonly candidates: Table<records.Candidate>;
  readonly applications: Table<records.Application>;
  readonly stageRows: Table<records.StageRow>;
  readonly reasons: Table<records.Reason>;
  readonly rejectionDetails: Table<records.RejectionDetail>;
  readonly notes: Table<records.Note>;
  readonly activities: Table<records.Activity>;
  readonly tags: Table<records.Tag>;
  readonly appliedTags: Table<records.AppliedTag>;
  readonly attachments: Table<records.Attachment>;
  readonly openings: Table<records.Opening>;
  readonly jobPosts: Table<records.JobPost>;
  readonly customFields: Table<records.CustomField>;
  readonly customFieldOptions: Table<records.CustomFieldOption>;
  readonly webhooks: Table<records.Webhook>;
  readonly credentials: Table<records.Credential>;

  constructor({ now, settings, pagesUrl }: { now: () => Date; settings: GreenhouseSettings; pagesUrl: string }) {
    this.now = now;
    this.settings = settings;
    this.pagesUrl = pagesUrl;
    // Different beginnings, so that an id of one kind given where another is wanted finds nothing.
    const table = <Row extends Stamped>(name: string, first: number) => new Table<Row>({ name, first, now });
    this.users = table('User', 4_511_077);
    this.jobs = table('Job', 5_031_725);
    this.stages = table('Stage', 7_120_044);
    this.candidates = table('Candidate', 259_096_501);
    this.applications = table('Application', 273_686_618);
    this.stageRows = table('Application stage', 1_192_555_900);
    this.reasons = table('Rejection reason', 14_803_310);
    this.rejectionDetails = table('Rejection detail', 88_120_471);
    this.notes = table('Note', 610_433_209);
    this.activities = table('Activity', 930_117_800);
    this.tags = table('Tag', 16_044_902);
    this.appliedTags = table('Applied tag', 344_901_177);
    this.attachments = table('Attachment', 505_660_021);
    this.openings = table('Opening', 9_400_318);
    this.jobPosts = table('Job post', 8_200_640);
    this.customFields = table('Custom field', 19_300_555);
    this.customFieldOptions = table('Custom field option', 77_310_482);
    this.webhooks = table('Webhook', 6_600_120);
    this.credentials = table('Credential', 6_110_043);
  }

  /** The stages of a job that are in use, first to last. */
  stagesOf(jobId: number): records.Stage[] {
    return this.stages.list((stage) => stage.jobId === jobId && stage.active).sort((a, b) => a.sortOrder - b.sortOrder);
  }

  currentRow(application: records.Application): records.StageRow | undefined {
    return this.stageRows.find(application.stageRowId);
  }

  currentStage(application: records.Application): records.Stage | undefined {
    return this.stages.find(this.currentRow(application)?.stageId);
  }

  tagsOf(candidateId: number): string[] {
    return this.appliedTags.list((row) => row.candidateId === candidateId).map((row) => this.tags.get(row.tagId).name);
  }

  applicationsOf(candidateId: number): records.Application[] {
    return this.applications.list((row) => row.candidateId === candidateId);
  }
}
