import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { assertAccessible, useConsole } from '../helpers/console.ts';
import { sendWebengage } from '../native/helpers.ts';

const { test, open } = await useConsole();
const run = promisify(execFile);

describe('the overview of an empty workspace', () => {
  it('has a command for each API that works as it stands, and a mark that turns when its event arrives', async () => {
    test.workspace = await test.addWorkspace();
    const { page, context, faults } = await open('/overview');
    const names = ['Octeth', 'WebEngage', 'Webmarketer', 'Signals', 'Contacthub'];
    for (const [index, name] of names.entries()) {
      const card = page
        .getByRole('listitem')
        .filter({ has: page.getByRole('heading', { name, exact: true }) });
      await card.getByText('Waiting for the first event').waitFor();
      const make = card.getByRole('button', { name: 'Make a key for it' });
      // One is done by the keyboard alone.
      if (index === 0) await make.press('Enter');
      else await make.click();
      await card.getByText('The key stands in the command').waitFor();
      const { stdout } = await run('sh', ['-c', await card.locator('pre').innerText()]);
      await card
        .getByText('The first event has arrived')
        .waitFor({ timeout: 8_000 })
        .catch(() => assert.fail(stdout));
    }
    await assertAccessible(page, 'arrived');
    await page.getByRole('button', { name: 'Show the overview' }).click();
    await page.getByText('Accounting closes.').waitFor();
    assert.deepEqual(faults, []);
    await context.close();
  });
});

describe('the overview', () => {
  it('shows what came in as it comes, by API, and how the server stands, in both schemes', async () => {
    test.workspace = await test.addWorkspace();
    await sendWebengage(test, test.workspace, { userId: 'ada', eventName: 'Paid' });
    for (const scheme of ['light', 'dark'] as const) {
      const { page, context, faults } = await open('/overview', { scheme });
      const figure = (name: string) =>
        page.locator('.figure').filter({ hasText: name }).locator('dd').first();
      await page.locator('.chart-place canvas').waitFor();
      const before = Number(await figure('Events').innerText());
      await sendWebengage(test, test.workspace, { userId: scheme, eventName: 'Paid' });
      await figure('Events')
        .getByText(String(before + 1), { exact: true })
        .waitFor();
      await page.getByText('It answers and takes writes.').waitFor();
      // The same figures, by keyboard, as a table.
      await page.getByText('As a table').press('Enter');
      await page.getByRole('columnheader', { name: 'WebEngage' }).waitFor();
      await assertAccessible(page, scheme);
      assert.deepEqual(faults, []);
      await context.close();
    }
  });

  it('says in red which hour does not close', async () => {
    const { page, context } = await open('/overview');
    const hour = { dialect: 'webengage', hour: '2026-01-01T10:00:00.000Z', received: 3, stored: 2 };
    await page.route('**/accounting', (route) =>
      route.fulfill({
        json: {
          since: '2026-01-01T00:00:00.000Z',
          until: '2026-01-02T00:00:00.000Z',
          closes: false,
          hours: [{ ...hour, duplicate: 0, quarantined: 0, dropped: 0, refused: 0, closes: false }],
        },
      }),
    );
    await page.getByRole('alert').filter({ hasText: 'Accounting does not close.' }).waitFor();
    await page.getByText('3 received, 2 accounted for').waitFor();
    await assertAccessible(page, 'at fault');
    await context.close();
  });
});
