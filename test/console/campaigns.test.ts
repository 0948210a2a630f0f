import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { assertAccessible, useConsole } from '../helpers/console.ts';
import { arabic, hostile, openAttributedShop } from './attributed-shop.ts';

const { test, open } = await useConsole();
let orders: Record<string, string> = {};

before(async () => {
  orders = await openAttributedShop(test);
});

const row = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text });

/** The cents of a column, and those of the last row beneath, which is the total. */
async function centsOf(page: Page, head: string): Promise<{ sum: number; total: number }> {
  const heads = await page.getByRole('columnheader').allInnerTexts();
  const place = heads.findIndex((one) => one.trim() === head);
  assert.ok(place > 0, `${head} is none of ${heads.join(', ')}`);
  const rows = await page.locator('.results tbody tr, .results tfoot tr').all();
  const cents: number[] = [];
  for (const one of rows) {
    const cells = await one.locator('th, td').allInnerTexts();
    const amount = Number((cells[place] ?? '').replaceAll(/[^\d.-]/g, ''));
    cents.push(Math.round((Number.isNaN(amount) ? 0 : amount) * 100));
  }
  return { sum: cents.slice(0, -1).reduce((sum, one) => sum + one, 0), total: cents.at(-1) ?? Number.NaN };
}

/** Once everything is shown that is asked for. */
async function assertShownAccessible(page: Page, what: string): Promise<void> {
  await page.locator('.state-loading').first().waitFor({ state: 'detached' });
  await assertAccessible(page, what);
}

/** How many pixels the page is wider than its window. */
const overflowOf = (page: Page) => page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');

describe('the campaigns page', () => {
  it('says first what counts: a conversion is made by a form, by the keyboard alone', async () => {
    const { page, context, faults } = await open('/campaigns');
    await page.getByText('What counts as success?').waitFor();
    await assertShownAccessible(page, 'nothing counts');
    await page.getByRole('button', { name: 'New conversion' }).press('Enter');
    const form = page.getByRole('dialog', { name: 'New conversion' });
    await form.getByLabel('Name').fill('Orders: all');
    await form.getByLabel('Event').focus();
    await page.keyboard.type('Webmarketer: order');
    await form
      .getByLabel('Worth')
      .getByRole('option', { name: 'turnover (an amount)' })
      .waitFor({ state: 'attached' });
    await form.getByLabel('Worth').focus();
    await page.keyboard.type('turnover');
    await form.getByLabel('Looks back, in days').fill('20');
    await assertShownAccessible(page, 'the form');
    await form.getByLabel('Name').fill('Orders');
    await page.keyboard.press('Enter');
    await form.waitFor({ state: 'detached' });
    await page.getByRole('tab', { name: 'Results' }).waitFor();
    const { conversions } = await test.native.read('/conversions');
    const [{ name, event, metric, lookbackDays, excludedReferrers }] = conversions;
    assert.deepEqual([name, event, metric, lookbackDays], ['Orders', 'webmarketer:order', 'turnover', 20]);
    assert.ok(excludedReferrers.includes('paypal.com'));
    await test.app.services.jobs.settle();
    assert.deepEqual(faults, []);
    await context.close();
  });

  it('shows what campaigns of all APIs brought and cost, in rows that add up to the cent, in both schemes', async () => {
    for (const scheme of ['light', 'dark'] as const) {
      const { page, context, faults } = await open('/campaigns', { scheme });
      await row(page, 'spring').waitFor();
      await row(page, 'Messages').getByText('Signals').waitFor();
      await row(page, arabic).waitFor();
      await row(page, hostile).waitFor();
      await assertShownAccessible(page, scheme);
      assert.deepEqual(await centsOf(page, 'Value'), { sum: 14_134, total: 14_134 });
      const spend = await centsOf(page, 'Spend');
      assert.equal(spend.sum, spend.total);
      assert.equal(await row(page, 'idle').count(), 0);
      await page.getByRole('button', { name: 'Show 1 campaign that brought and cost nothing' }).click();
      await row(page, 'idle').waitFor();
      // Each model hands out the same conversions.
      await page.getByLabel('Model').selectOption('First touch');
      await page.waitForURL(/model=first/);
      await row(page, 'spring').getByText('€133.33').waitFor();
      assert.deepEqual(await centsOf(page, 'Value'), { sum: 14_134, total: 14_134 });
      await page.getByRole('button', { name: 'Conversions', exact: true }).click();
      await page.waitForURL(/sort=-conversions/);
      await page.reload();
      await row(page, 'idle').waitFor();
      assert.equal(
        await page.getByRole('columnheader', { name: 'Conversions' }).getAttribute('aria-sort'),
        'descending',
      );
      assert.deepEqual(faults, []);
      await context.close();
    }
  });

  it('leads from a number to its conversions and from there to the credit of one, touch by touch', async () => {
    const { page, context, faults } = await open('/campaigns');
    await row(page, 'spring').getByRole('link', { name: '1.33' }).click();
    await page.getByText('2 conversions in all').waitFor();
    await row(page, 'ada@example.com').getByText('€33.34').waitFor();
    await assertShownAccessible(page, 'conversions of a campaign');
    await page.getByRole('button', { name: 'Take the filter away: spring' }).press('Enter');
    await page.getByText('4 conversions in all').waitFor();
    await row(page, 'ada@example.com').getByRole('link').first().press('Enter');
    const panel = page.getByRole('dialog', { name: 'What led to it' });
    await panel.getByText('3 touches of 7 count').waitFor();
    for (const rule of [
      'one of the same campaign counted in the 30 minutes before',
      'checkout.paypal.com is the site itself, or one where one pays',
      'it is a direct visit, and a touch that is not counts',
      'it came after the conversion',
    ])
      await panel.getByText(rule).waitFor();
    await panel.getByText('33.3% · €33.34').waitFor();
    await assertShownAccessible(page, 'the credit of one');
    await panel.getByLabel('Model').focus();
    await page.keyboard.type('Last touch');
    await panel.getByText('100% · €100.00').waitFor();
    assert.match(page.url(), new RegExp(`model=last.*event=${orders.ada}|event=${orders.ada}.*model=last`));
    await page.reload();
    await panel.getByText('100% · €100.00').waitFor();
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    assert.deepEqual(faults, []);
    await context.close();
  });

  it('shows what no touch led to, and the paths before a conversion, on a phone', async () => {
    const { page, context, faults } = await open('/campaigns', { viewport: { width: 390, height: 844 } });
    await row(page, 'spring').waitFor();
    assert.ok((await overflowOf(page)) <= 0, 'the page is as wide as the window');
    await row(page, 'Unattributed').getByRole('link').click();
    await page.getByText('1 conversion in all').waitFor();
    await row(page, 'No touch counts').getByText('€8.00').waitFor();
    await page.getByRole('tab', { name: 'Paths' }).click();
    await row(page, '4 paths').getByText('€141.34').waitFor();
    await page.getByLabel('Told by').selectOption('Channel');
    await row(page, 'custom-ads').filter({ hasText: 'email' }).waitFor();
    await assertShownAccessible(page, 'paths');
    await page.getByLabel('Span').selectOption('Other days …');
    const days = page.getByRole('dialog', { name: 'Which days?' });
    await days.getByLabel('First day').fill('2020-01-01');
    await days.getByLabel('Last day').fill('2020-01-31');
    await days.getByRole('button', { name: 'Show' }).click();
    await page.getByText('Nothing converted in these days').waitFor();
    assert.match(page.url(), /from=2020-01-01.*to=2020-01-31/);
    assert.deepEqual(faults, []);
    await context.close();
  });

  it('has a data-driven model computed, by a job that goes on when nobody looks', async () => {
    const { page, context } = await open('/campaigns?model=shapley&by=channel');
    await page.getByRole('button', { name: 'Compute it' }).press('Enter');
    await page
      .getByText(/Shapley is computed|Unattributed/)
      .first()
      .waitFor();
    await context.close();
    await test.app.services.jobs.settle();
    const again = await open('/campaigns?model=shapley&by=channel');
    await row(again.page, 'custom-ads').waitFor();
    assert.deepEqual(await centsOf(again.page, 'Value'), { sum: 14_134, total: 14_134 });
    await assertShownAccessible(again.page, 'shapley');
    assert.deepEqual(again.faults, []);
    await again.context.close();
  });

  it('edits and deletes what counts', async () => {
    const made = await test.native.call('POST', '/conversions', {
      body: { name: 'Seconds', event: 'webmarketer:order' },
    });
    assert.equal(made.status, 201);
    await test.app.services.jobs.settle();
    const { page, context, faults } = await open('/campaigns?side=rules');
    await page.getByRole('button', { name: 'Edit Seconds' }).click();
    const form = page.getByRole('dialog', { name: 'Edit “Seconds”' });
    await form.getByLabel('Name').fill('Orders');
    await form.getByRole('button', { name: 'Save' }).click();
    await form.getByText('has a conversion of this name already').waitFor();
    await form.getByLabel('Name').fill(`${hostile.slice(0, 40)}`);
    await form.getByLabel('Direct visits count only').uncheck();
    await form.getByRole('button', { name: 'Save' }).click();
    await form.waitFor({ state: 'detached' });
    await page.getByText('direct visits always').waitFor();
    await assertShownAccessible(page, 'rules');
    await test.app.services.jobs.settle();
    await page.getByRole('button', { name: `Delete … ${hostile.slice(0, 40)}` }).click();
    await page.getByRole('button', { name: 'Delete it' }).press('Enter');
    await page.getByText('direct visits always').waitFor({ state: 'detached' });
    const { conversions } = await test.native.read('/conversions');
    assert.deepEqual(
      conversions.map(({ name }: { name: string }) => name),
      ['Orders'],
    );
    assert.notEqual(await page.title(), 'taken');
    // The refusal of a name is one that the test has provoked.
    assert.deepEqual(
      faults.filter((fault) => !fault.includes('409')),
      [],
    );
    await context.close();
  });
});

describe('a campaign', () => {
  it('is found by the palette, and shows its days, outlays and touchpoints with their persons', async () => {
    const { page, context, faults } = await open('/overview');
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('spri');
    await page.getByRole('option', { name: 'Spring Campaign' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Spring' }).waitFor();
    await page.getByRole('img', { name: 'Touchpoints and conversions a day' }).waitFor();
    await page
      .getByRole('region', { name: 'Its days, newest first' })
      .getByRole('row')
      .filter({ hasText: 'Total' })
      .getByText('€66.67')
      .waitFor();
    await page.getByRole('region', { name: 'Its outlays' }).getByText('€90.00').waitFor();
    await page.getByText('4 touchpoints in all').waitFor();
    await assertShownAccessible(page, 'a campaign');
    await page
      .getByRole('region', { name: 'Its touchpoints' })
      .getByRole('link', { name: 'bob@example.com' })
      .press('Enter');
    await page.getByRole('heading', { level: 1, name: 'bob@example.com' }).waitFor();
    assert.deepEqual(faults, []);
    await context.close();
  });

  it('of an advertising platform shows its ads, in both schemes and on a phone', async () => {
    for (const options of [{ scheme: 'dark' }, { viewport: { width: 390, height: 844 } }] as const) {
      const { page, context, faults } = await open('/campaigns/77', options);
      await page.getByRole('heading', { level: 1, name: 'Messages' }).waitFor();
      const ads = page.getByRole('region', { name: 'Its ads' });
      await ads.getByText(hostile).waitFor();
      await ads.getByText('€7.50').waitFor();
      await page.getByText('Nobody has come by it yet').waitFor();
      await assertShownAccessible(page, 'ads');
      assert.ok((await overflowOf(page)) <= 0, 'the page is as wide as the window');
      assert.deepEqual(faults, []);
      await context.close();
    }
  });

  it('leads back: an event that counts leads to what led to it', async () => {
    const { page, context, faults } = await open(`/live?event=${orders.bob}`);
    await page.getByRole('link', { name: 'Orders: what led to it' }).click();
    const panel = page.getByRole('dialog', { name: 'What led to it' });
    await panel.getByText('1 touch of 1 counts').waitFor();
    await panel.getByRole('link', { name: 'spring' }).click();
    await page.getByRole('heading', { level: 1, name: 'Spring' }).waitFor();
    assert.deepEqual(faults, []);
    await context.close();
  });

  it('that there is not says so', async () => {
    const { page, context } = await open('/campaigns/none');
    await page.getByText('There is no such thing here').waitFor();
    await context.close();
  });
});
