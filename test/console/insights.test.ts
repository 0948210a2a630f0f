import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { ContacthubClient } from '../dialects/contacthub/client.ts';
import { assertAccessible, useConsole } from '../helpers/console.ts';
import { inject } from '../helpers/vendor-client.ts';
import { sendWebengage } from '../native/helpers.ts';

const { test, open } = await useConsole();
const hostile = '<img src=x onerror="document.title=`taken`">';
const formula = '=HYPERLINK("https://evil.example","total")';
const day = 24 * 60 * 60 * 1000;

async function send(eventName: string, daysAgo: number): Promise<void> {
  const eventTime = new Date(Date.now() - daysAgo * day).toISOString().replace('Z', '+0000');
  await sendWebengage(test, test.workspace, { userId: 'ada', eventName, eventTime });
}

async function fill(): Promise<void> {
  for (const [name, daysAgo] of [
    ['Paid', 0],
    ['Paid', 3],
    ['Paid', 3],
    ['Seen', 3],
    [hostile, 5],
    [formula, 5],
    ['مرحبا بالعالم', 6],
    ['Paid', 40],
  ] as const)
    await send(name, daysAgo);
  const { apiKey, listId } = test.workspace.credentials.octeth;
  const body = {
    APIKey: apiKey,
    ListID: Number(listId),
    Event: `opened-${'x'.repeat(80)}`,
    Email: 'ada@example.com',
  };
  const reply = await inject(test, { method: 'POST', url: '/api/v1/event', body });
  assert.ok(reply.status < 300, reply.text);
  const client = new ContacthubClient(test);
  const customer = await client.create('grace@example.com');
  const properties = { orderId: '1', amount: { total: 12.5, revenue: 12.5 } };
  await client.view({ customerId: customer.id }, { type: 'completedOrder', context: 'RETAIL', properties });
}

/** The whole number of a chart's legend, by the name of its line. */
function figureOf(page: Page, name: string) {
  return page.locator('.chart-legend li').filter({ hasText: name }).locator('.insights-figure');
}

describe('the page of insights', () => {
  it('says what to do where nothing has come in yet', async () => {
    const { page, context, faults } = await open('/insights');
    await page.getByText('Nothing has come in yet').waitFor();
    await assertAccessible(page, 'empty');
    await page.getByRole('link', { name: 'Send a first event' }).click();
    await page.waitForURL(/\/overview/);
    assert.deepEqual(faults, []);
    await context.close();
  });

  describe('of what has come in', () => {
    before(fill);

    it('shows metrics by group beside the span before, and a point with its rows, by mouse and in both schemes', async () => {
      for (const scheme of ['light', 'dark'] as const) {
        const { page, context, faults } = await open('/insights', { scheme });
        await page.getByRole('button', { name: 'Explain the sum: 10' }).waitFor();
        await page.getByLabel('Grouped by').selectOption({ label: 'Event type' });
        await figureOf(page, 'Paid').getByText('3').waitFor();
        await page.getByLabel('Compare with the span before').check();
        await page.getByText('+200 %').waitFor();
        await page.getByText(/before: \d{4}-\d\d-\d\d up to/).waitFor();
        await page.getByText(hostile).first().waitFor();
        await assertAccessible(page, scheme);
        await page.getByRole('radio', { name: 'Bars' }).click();
        const canvas = page.locator('.insights-chart .u-over');
        await canvas.waitFor();
        const box = (await canvas.boundingBox()) ?? assert.fail('the chart has a place');
        await canvas.click({ position: { x: box.width - 4, y: box.height - 4 } });
        const panel = page.getByRole('dialog', { name: 'Events' });
        await panel.getByText(/rows?, as the chart shows/).waitFor();
        await panel
          .getByText(/T00:00:00\+0[12]:00/)
          .first()
          .waitFor();
        await assertAccessible(page, `explained, ${scheme}`);
        await page.reload();
        await panel.getByText(/rows?, as the chart shows/).waitFor();
        await page.keyboard.press('Escape');
        await panel.waitFor({ state: 'detached' });
        assert.ok(!page.url().includes('explain='));
        assert.notEqual(await page.title(), 'taken');
        assert.deepEqual(faults, []);
        await context.close();
      }
    });

    it('is built, explained, and left for an event, by the keyboard alone', async () => {
      const { page, context, faults } = await open('/insights?shape=table&days=7');
      await page.getByRole('button', { name: 'Add a metric' }).press('Enter');
      const second = page.getByRole('group', { name: 'Metric 2' });
      await second.getByLabel('API').selectOption('contacthub');
      await second.getByLabel('Measure').selectOption({ label: 'Sum of revenue' });
      await page.getByRole('heading', { name: 'Sum of revenue' }).waitFor();
      await page
        .getByRole('button', { name: /^Explain €12\.50/ })
        .first()
        .focus();
      await page.keyboard.press('Enter');
      const panel = page.getByRole('dialog', { name: /Sum of revenue/ });
      await panel.getByText('their sum, as the chart shows').waitFor();
      await panel.getByRole('link', { name: 'completedOrder' }).press('Enter');
      await page.waitForURL(/\/live\?event=/);
      await page.getByRole('dialog', { name: 'completedOrder' }).waitFor();
      await page.goBack();
      await panel.getByText('their sum, as the chart shows').waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Leave out metric 2' }).press('Enter');
      await second.waitFor({ state: 'detached' });
      await page.getByRole('radio', { name: 'Own' }).press('Space');
      await page.getByLabel('First day').fill('2020-01-01');
      await page.getByLabel('Last day').fill('2020-01-31');
      await page.getByText('Nothing of this in these days').waitFor();
      assert.deepEqual(faults, []);
      await context.close();
    });

    it('is saved as a view, opened, renamed and deleted', async () => {
      const { page, context, faults } = await open('/insights?by=api&days=7&shape=bar');
      await page.getByRole('button', { name: 'Save view …' }).click();
      await page.getByRole('textbox', { name: 'Name' }).fill(` ${hostile} `);
      await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click();
      await page.getByLabel('Saved view').waitFor();
      await page.getByLabel('Grouped by').selectOption({ label: 'Nothing' });
      await page.getByRole('button', { name: 'Save changes' }).click();
      await page.getByRole('button', { name: 'Save changes' }).waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'Rename …' }).press('Enter');
      await page.getByRole('textbox', { name: 'Name' }).fill('Week');
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await page.getByLabel('Saved view').selectOption({ label: 'None' });
      await page.getByRole('radio', { name: '30 days' }).and(page.locator('[data-state=on]')).waitFor();
      await page.getByLabel('Saved view').selectOption({ label: 'Week' });
      await page.getByRole('radio', { name: '7 days' }).and(page.locator('[data-state=on]')).waitFor();
      await page.reload();
      await page.getByRole('button', { name: 'Delete …' }).click();
      await assertAccessible(page, 'asked whether to delete');
      await page.getByRole('button', { name: 'Delete it' }).click();
      await page.getByLabel('Saved view').waitFor({ state: 'detached' });
      assert.deepEqual(faults, []);
      await context.close();
    });

    it('is downloaded as CSV, in which nothing is a formula', async () => {
      const { page, context, faults } = await open('/insights?by=type&days=7');
      await figureOf(page, 'Paid').waitFor();
      const downloading = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Download CSV' }).click();
      const download = await downloading;
      assert.match(download.suggestedFilename(), /^insights \d{4}-\d\d-\d\d to \d{4}-\d\d-\d\d\.csv$/);
      const text = await readFile(await download.path(), 'utf8');
      const [head = '', ...rows] = text.trimEnd().split('\r\n');
      assert.ok(head.startsWith('\uFEFFinterval,from,until,'), head);
      assert.equal(rows.length, 7);
      for (const cell of text.split(/[,\r\n]+/))
        assert.match(cell.replace(/^"/, ''), /^(?:[^=+@-]|$|-?\d)/, cell);
      assert.deepEqual(faults, []);
      await context.close();
    });
  });
});
