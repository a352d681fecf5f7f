import { expect } from '@playwright/test';
import { connectCodesignal } from '../support/connect-codesignal.ts';
import { createLeverCandidate } from './office/candidates.ts';
import { test } from './office/office.ts';
import { chooseAssessment, invitationIn, openPanel, sendButton, stepDone } from './office/panel.ts';
import { lookAt } from './office/screens.ts';
import { noteOn } from './office/vendor-journal.ts';

test('CodeSignal: from the tag that is picked to the result in the panel, one invitation in all', async ({ office }) => {
  const { world, stage } = office;
  await office.holdFor(0);
  const vendor = await connectCodesignal({ world, company: stage.company });
  const { codesignal, assessment } = vendor;
  const ada = createLeverCandidate(world, { name: 'Cody Signal', tags: [] });
  const page = await office.rosa.context.newPage();
  await page.goto(ada.url);
  const panel = await openPanel(page);
  await chooseAssessment(panel, assessment.name);
  await sendButton(panel).click();
  await expect(stepDone(panel, 'Sent', assessment.name)).toBeVisible();
  expect(await noteOn(world, ada.email)).toContain(assessment.name);
  expect(world.lever.account.opportunities.get(ada.opportunityId)?.tags).toContain(assessment.tag);

  const [session, ...others] = vendor.sessionsOf(ada.email);
  expect(others).toEqual([]);
  const sessionId = session?.id ?? '';
  codesignal.play.start({ sessionId });
  await vendor.deliver();
  await expect(stepDone(panel, 'Started', assessment.name)).toBeVisible();
  codesignal.play.submit({ sessionId, share: 0.8 });
  await vendor.deliver();
  await expect(stepDone(panel, 'Result', assessment.name)).toBeVisible();
  const card = invitationIn(panel, assessment.name);
  await expect(card.getByText('480 / 600')).toBeVisible();
  await expect(card.getByText('Passed')).toBeVisible();
  await lookAt(page, { name: 'panel-codesignal', panel });
  expect(vendor.sessionsOf(ada.email)).toHaveLength(1);
  await page.close();
  // Others look at a company without it.
  await stage.api('DELETE', `/api/assessments/${assessment.id}`);
  await stage.api('DELETE', `/api/connections/${vendor.connection.id}`);
});
