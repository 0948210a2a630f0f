import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { field, WebmarketerClient } from '../dialects/webmarketer/client.ts';
import { assertAccessible, forgive, useConsole } from '../helpers/console.ts';

const { test, open } = await useConsole();

describe('settings', () => {
  it('begins with the workspace, and says what another time zone causes before and while it is done', async () => {
    const { page, context, faults } = await open('/settings');
    await page.getByRole('heading', { name: 'Workspace', exact: true }).waitFor();
    await page.getByLabel('Time zone').fill('Asia/Tokyo');
    await page.getByText('counted by day is counted anew').waitFor();
    await page.getByRole('button', { name: 'Save' }).press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Change this?' });
    await dialog.waitFor();
    await assertAccessible(page, 'asking');
    await dialog.getByRole('button', { name: 'Change it' }).press('Enter');
    await page.getByText('Saved.').waitFor();
    assert.equal((await test.native.read('')).timezone, 'Asia/Tokyo');
    await page.getByLabel('Time zone').fill('Mars/Base');
    await page.getByRole('button', { name: 'Save' }).click();
    await dialog.getByRole('button', { name: 'Change it' }).click();
    await page.getByText('"Mars/Base" is no time zone').waitFor();
    forgive(faults, 400);
    await page.getByLabel('Time zone').fill('Europe/Paris');
    await page.getByRole('link', { name: 'Jobs' }).click();
    await page.getByText('Make what is counted anew').first().waitFor();
    await page.getByText('Done', { exact: true }).first().waitFor();
    await test.database.query(
      `update job set state = 'waiting', attempts = 2, error = '<b>no room</b>', due_at = now() + interval '1 hour', finished_at = null
        where workspace_id = $1 and kind = 'rebuild'`,
      [test.workspace.created.id],
    );
    await page.reload();
    const row = page.getByRole('row').filter({ hasText: 'Make what is counted anew' });
    await row.getByText('2 times in a row').waitFor();
    await row.getByText('<b>no room</b>').waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('request rates');
    await page.getByRole('option', { name: 'Settings: Request rates' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Request rates' }).waitFor();
    await page.goBack();
    await assertAccessible(page, 'jobs');
    assert.deepEqual(faults, []);
    await context.close();
  });

  it('declares an event type by the keyboard, changes it, and shows its versions', async () => {
    const { page, context, faults } = await open('/settings/types');
    await page.getByText('There is no event type yet').waitFor();
    await page.getByRole('button', { name: 'Declare a type' }).press('Enter');
    const panel = page.getByRole('dialog');
    await panel.getByLabel('Reference').fill('signup');
    await panel.getByRole('button', { name: 'Add a field' }).press('Enter');
    await panel.getByLabel('Kept as').fill('not a key');
    await panel.getByRole('button', { name: 'Declare it' }).press('Enter');
    await panel.getByText('body/fields/0/storageKey must be').waitFor();
    forgive(faults, 400);
    await panel.getByLabel('Kept as').fill('email');
    await panel.getByLabel('Whose').selectOption('user');
    await panel.getByLabel('Type').selectOption('email');
    await panel.getByLabel('Tells users apart').check();
    await assertAccessible(page, 'declaring');
    await panel.getByRole('button', { name: 'Declare it' }).press('Enter');
    await panel.getByText('declared with 1 fields').waitFor();
    await panel.getByRole('button', { name: 'Add a field' }).press('Enter');
    await panel.getByLabel('Kept as').last().fill('plan');
    await panel.getByLabel('May be left out').last().check();
    await panel.getByText('It becomes version 2').waitFor();
    await panel.getByRole('button', { name: 'Save version 2' }).press('Enter');
    await panel.getByText('plan added').waitFor();
    await assertAccessible(page, 'open');
    const client = new WebmarketerClient(test);
    assert.equal((await client.get('/event-types/signup')).body.fields.length, 2);
    await page.keyboard.press('Escape');
    await page.getByRole('row').filter({ hasText: 'signup' }).waitFor();
    assert.deepEqual(faults, []);
    await context.close();
  });

  it('archives a type and deletes one with its events, behind its name', async () => {
    const client = new WebmarketerClient(test);
    const name = '<img src=x onerror=alert(1)>';
    await client.defineType('doomed', [field('user', 'email', 'email', { discriminant: true })], { name });
    await client.sendFine({ eventType: 'doomed', nonce: '1', data: { email: 'ada@example.com' } });
    const { page, context, faults } = await open('/settings/types', { scheme: 'dark' });
    await page.getByRole('button', { name: 'doomed' }).click();
    const panel = page.getByRole('dialog', { name: 'doomed' });
    assert.equal(await panel.getByLabel('Name', { exact: true }).inputValue(), name);
    await panel.getByRole('button', { name: 'Archive it' }).click();
    await page
      .getByRole('dialog', { name: 'Archive this type?' })
      .getByRole('button', { name: 'Archive it' })
      .click();
    await panel.getByText('Archived since').waitFor();
    await panel.getByRole('button', { name: 'Delete it with its events' }).click();
    const asking = page.getByRole('dialog', { name: 'Delete this type' });
    assert.ok(await asking.getByRole('button', { name: 'Delete for good' }).isDisabled());
    await asking.getByLabel('Write doomed to go on').fill('doomed');
    await assertAccessible(page, 'deleting');
    await asking.getByRole('button', { name: 'Delete for good' }).click();
    await page.getByRole('row').filter({ hasText: 'doomed' }).waitFor({ state: 'detached' });
    assert.deepEqual(faults, []);
    await context.close();
  });

  it('have sections that are accessible in both schemes, no wider than a phone, and show others’ texts as texts', async () => {
    const hostile = `<img src=x onerror="document.title=1"> عربي ${'x'.repeat(150)}`;
    await test.native.call('POST', '/keys', { body: { dialect: 'native', name: hostile } });
    await test.native.call('POST', '/sources', { body: { dialect: 'octeth', name: hostile } });
    await test.native.call('POST', '/contacthub/nodes', { body: { name: hostile } });
    await test.native.call('PATCH', '', { body: { name: hostile } });
    for (const [scheme, width] of [
      ['light', 1280],
      ['dark', 390],
    ] as const) {
      const { page, context, faults } = await open('/settings', {
        scheme,
        viewport: { width, height: 800 },
      });
      const sections = page.getByRole('navigation', { name: 'Settings' }).getByRole('link');
      await sections.first().waitFor();
      const names = await sections.allInnerTexts();
      assert.equal(names.length, 12, names.join(', '));
      for (const name of names) {
        await sections.filter({ hasText: new RegExp(`^${name}$`) }).press('Enter');
        await page.getByRole('heading', { level: 2, name, exact: true }).waitFor();
        await page.locator('.state-loading').first().waitFor({ state: 'detached' });
        await assertAccessible(page, `${name}, ${scheme}`);
        const wide = await page.evaluate<number>('document.documentElement.scrollWidth');
        assert.ok(wide <= width, `${name} is ${wide} wide`);
        assert.equal(await page.locator('main img').count(), 0, name);
        assert.match(await page.title(), /· Settings · Throughline$/, name);
      }
      assert.deepEqual(faults, []);
      await context.close();
    }
  });
});
