import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { assertAccessible, forgive, useConsole } from '../helpers/console.ts';
import { inject } from '../helpers/vendor-client.ts';
import { trackOcteth } from '../jobs/retention/retention.ts';

const { test, open } = await useConsole();

describe('policies in the settings', () => {
  it('say what is due before a run, and run it', async () => {
    test.time.now = Date.UTC(2026, 0, 10, 12);
    await trackOcteth(test, test.workspace, { Event: 'opened', Email: 'ada@example.com' });
    test.time.now = 0;
    const { page, context, faults } = await open('/settings/retention');
    const policy = page.getByRole('region', { name: 'Octeth’s website events are deleted' });
    await policy.getByLabel('After days').fill('0');
    await policy.getByRole('button', { name: 'Save' }).press('Enter');
    await policy.getByText('eventRetentionDays').waitFor();
    forgive(faults, 400);
    await policy.getByLabel('After days').fill('90');
    await policy.getByRole('button', { name: 'Save' }).press('Enter');
    await policy.getByText('Saved.').waitFor();
    assert.deepEqual((await test.native.read('')).dialects.octeth, { eventRetentionDays: 90 });
    const due = page.getByRole('region', { name: 'What is due' });
    await due.getByRole('button', { name: 'Count it' }).press('Enter');
    await due.getByText('Octeth’s website events, deleted').waitFor();
    await assertAccessible(page, 'counted');
    await due.getByRole('button', { name: 'Run now' }).press('Enter');
    await page.getByRole('dialog').getByRole('button', { name: 'Run now' }).press('Enter');
    await due.getByText('Count first').waitFor();
    await test.app.services.jobs.settle();
    await due.getByText('The last run ended').waitFor();
    const hub = page.getByRole('region', { name: 'Contacthub’s events are deleted' });
    await hub.getByRole('button', { name: 'Add a type' }).click();
    await hub.getByLabel('Event type').fill('viewedPage');
    await hub.getByLabel('After months').fill('12');
    await hub.getByRole('button', { name: 'Save' }).click();
    await hub.getByText('Saved.').waitFor();
    const { dialects } = await test.native.read('');
    assert.deepEqual(dialects.contacthub.retention, { viewedPage: { months: 12 } });
    await page.getByRole('link', { name: 'Jobs' }).click();
    await page.getByText('Anonymize and delete what is due').waitFor();
    assert.deepEqual(faults, []);
    await context.close();
  });

  it('limit request rates by group, and refuse what is no number', async () => {
    const { page, context, faults } = await open('/settings/limits', { scheme: 'dark' });
    await page.getByLabel('event.track').fill('-5');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('body/rateLimits/octeth:event.track').waitFor();
    forgive(faults, 400);
    await page.getByLabel('event.track').fill('600');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').waitFor();
    assert.deepEqual((await test.native.read('')).rateLimits, { 'octeth:event.track': 600 });
    await assertAccessible(page, 'limits');
    assert.deepEqual(faults, []);
    await context.close();
  });

  it('take exchange rates by hand and by the bank’s file', async () => {
    const { page, context, faults } = await open('/settings/exchange-rates');
    await page.getByText('There is no rate yet').waitFor();
    await assertAccessible(page, 'no rates');
    await page.getByLabel('Currency').fill('USD');
    await page.getByLabel('Day').fill('2026-01-02');
    await page.getByLabel('For a euro').fill('much');
    await page.getByRole('button', { name: 'Set the rate' }).click();
    await page.getByText('body/rates/0/perEuro').waitFor();
    forgive(faults, 400);
    await page.getByLabel('For a euro').fill('1.25');
    await page.getByRole('button', { name: 'Set the rate' }).click();
    await page.getByText('The rate is set.').waitFor();
    const csv = Buffer.from('Date,USD,JPY,\n2026-01-05,1.5,160.25,\n');
    await page
      .getByLabel('A file of the European Central Bank')
      .setInputFiles({ name: 'eurofxref.csv', mimeType: 'text/csv', buffer: csv });
    await page.getByText('2 rates of 1 day').waitFor();
    await page.getByRole('button', { name: 'USD' }).click();
    await page.getByRole('dialog', { name: 'Rates of USD' }).getByText('1.25').waitFor();
    await assertAccessible(page, 'rates');
    assert.deepEqual(faults, []);
    await context.close();
  });

  it('add lists and numbers, whose secrets are shown once', async () => {
    const { page, context, faults } = await open('/settings/sources');
    await page.getByRole('button', { name: 'Add one' }).press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Kind').selectOption({ label: 'app of Signals' });
    await dialog.getByLabel('Name').fill('Sales');
    await dialog.getByRole('button', { name: 'Add it' }).press('Enter');
    await dialog.getByText('App secret:').first().waitFor();
    await assertAccessible(page, 'secrets');
    await dialog.getByRole('button', { name: 'I have kept it' }).press('Enter');
    await page.getByRole('row').filter({ hasText: 'Sales' }).waitFor();
    const { sources } = await test.native.read('/sources');
    const { clientId } = test.workspace.credentials.signals;
    assert.equal(sources.find(({ name }: { name: string }) => name === 'Sales').settings.clientId, clientId);
    assert.deepEqual(faults, []);
    await context.close();
  });

  it('rename a source, archive it when it is said what that does, and take it back', async () => {
    const { apiKey, listId } = test.workspace.credentials.octeth;
    const event = { APIKey: apiKey, ListID: listId, Event: 'opened', UUID: randomUUID() };
    const track = async () =>
      (await inject(test, { method: 'POST', url: '/api/v1/event', body: event })).status;
    assert.equal(await track(), 200);
    await test.native.call('POST', '/sources', { body: { dialect: 'octeth', name: 'Spare' } });
    const { page, context, faults } = await open('/settings/sources');
    const row = (name: string) => page.getByRole('row').filter({ hasText: name });
    const dialog = page.getByRole('dialog');
    await page.getByRole('button', { name: 'Rename Default list' }).press('Enter');
    await dialog.getByLabel('Name').fill('News');
    await dialog.getByLabel('Name').press('Enter');
    await row('News').getByText('In use').waitFor();
    await page.getByRole('button', { name: 'Archive News' }).click();
    await dialog.getByText('(1 event)').waitFor();
    await assertAccessible(page, 'what archiving does');
    await dialog.getByRole('button', { name: 'Archive it' }).click();
    await row('News').getByText('Archived').waitFor();
    assert.equal(await track(), 422);
    await page.getByRole('button', { name: 'Archive Spare' }).click();
    await dialog.getByRole('button', { name: 'Archive it' }).click();
    await dialog.getByText('add another one first').waitFor();
    forgive(faults, 409);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Take back News' }).press('Enter');
    await dialog.getByRole('button', { name: 'Take it back' }).press('Enter');
    await row('News').getByText('In use').waitFor();
    assert.equal(await track(), 200);
    await page.getByRole('button', { name: 'Archive News' }).click();
    await dialog.getByText('(2 events)').waitFor();
    await page.route('**/sources/*', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...(await response.json()), events: null } });
    });
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await page.reload();
    await page.getByRole('button', { name: 'Archive News' }).click();
    await dialog.getByText('What came in by it stays, under its name').waitFor();
    assert.deepEqual(faults, []);
    await context.close();
  });

  it('change by what a node finds its customers, and delete one that is empty', async () => {
    const { page, context, faults } = await open('/settings/nodes');
    await page.getByRole('button', { name: 'Make a node' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Shop');
    await dialog.getByLabel('Found again by').fill('base.nothing');
    await dialog.getByRole('button', { name: 'Make it' }).click();
    await dialog.getByText('is no property with one value').waitFor();
    forgive(faults, 400);
    await dialog.getByLabel('Found again by').fill('externalId');
    await dialog.getByRole('button', { name: 'Make it' }).click();
    const row = page.getByRole('row').filter({ hasText: 'Shop' });
    await row.getByText('externalId').waitFor();
    await row.getByRole('button', { name: 'Change' }).click();
    await dialog.getByLabel('Capital letters make another').check();
    await dialog.getByText('the keys of the node’s customers are made anew').waitFor();
    await assertAccessible(page, 'a node');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    await test.app.services.jobs.settle();
    await row.getByRole('button', { name: 'Empty or delete' }).click();
    await dialog.getByLabel('What').selectOption('node');
    await dialog.getByLabel('Write Shop to go on').fill('Shop');
    await dialog.getByRole('button', { name: 'Delete for good' }).click();
    await row.waitFor({ state: 'detached' });
    assert.deepEqual(faults, []);
    await context.close();
  });
});
