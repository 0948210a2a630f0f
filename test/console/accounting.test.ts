import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assertAccessible, useConsole } from '../helpers/console.ts';
import { inject } from '../helpers/vendor-client.ts';
import { sendWebengage } from '../native/helpers.ts';

const { test, open } = await useConsole();

describe('accounting', () => {
  it('says that nothing came in, and where to begin', async () => {
    const { page, context, faults } = await open('/accounting');
    await page.getByText('Nothing came in').waitFor();
    await assertAccessible(page, 'empty');
    assert.deepEqual(faults, []);
    await context.close();
  });

  it('shows what became of each hour’s events by API, and why, in both schemes', async () => {
    for (const userId of ['ada', 'bob'])
      await sendWebengage(test, test.workspace, { userId, eventName: 'Paid' });
    const { licenseCode } = test.workspace.credentials.webengage;
    await inject(test, { method: 'POST', url: `/v1/accounts/${licenseCode}/events`, body: {} });
    for (const scheme of ['light', 'dark'] as const) {
      const { page, context, faults } = await open('/accounting', { scheme });
      const row = page.getByRole('row').filter({ hasText: 'WebEngage' });
      await row.waitFor();
      const cells = await row.getByRole('cell').allInnerTexts();
      assert.deepEqual(cells.slice(2, 7), ['2', '2', '0', '0', '0']);
      await page.getByText('Closes', { exact: true }).waitFor();
      await assertAccessible(page, scheme);
      assert.deepEqual(faults, []);
      await context.close();
    }
  });

  it('verifies on request, by the keyboard alone, and keeps what came of it in sight', async () => {
    const { page, context, faults } = await open('/accounting?span=week');
    await page.getByText('Nobody has asked yet').waitFor();
    await page.getByRole('button', { name: 'Verify now' }).press('Enter');
    await page.getByRole('button', { name: 'Verifying …' }).waitFor();
    await test.app.services.jobs.settle();
    await page.getByText('Everything held').waitFor();
    await page.getByText('order-gapless').waitFor();
    await assertAccessible(page, 'verified');
    await page.reload();
    await page.getByText('Everything held').waitFor();
    assert.equal(await page.getByRole('radio', { name: '7 days' }).getAttribute('aria-checked'), 'true');
    await page.getByRole('radio', { name: '24 hours' }).click();
    await page.waitForURL((url) => url.search === '');
    assert.deepEqual(faults, []);
    await context.close();
  });
});
