import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { assertAccessible, forgive, useConsole } from '../helpers/console.ts';
import { ask } from '../helpers/native-client.ts';
import { workspaceKey } from '../native/helpers.ts';

const { test, open } = await useConsole();

function button(page: Page, name: string) {
  return page.getByRole('button', { name, exact: true });
}

describe('keys in the settings', () => {
  it('are made by the keyboard, shown once, rotated, and revoked behind a question', async () => {
    const { page, context, faults } = await open('/settings/keys');
    await button(page, 'Make a key').press('Enter');
    const dialog = page.getByRole('dialog');
    await button(page, 'Make it').press('Enter');
    await dialog.getByText('body/name').waitFor();
    forgive(faults, 400);
    await dialog.getByLabel('Name').fill('<img src=x onerror=alert(1)> مفتاح');
    await dialog.getByLabel('API').selectOption({ label: 'Octeth' });
    await dialog.getByLabel('Role').selectOption('admin');
    await assertAccessible(page, 'making a key');
    await button(page, 'Make it').press('Enter');
    await page.getByRole('dialog', { name: 'The key is made' }).waitFor();
    const secret = await dialog.locator('pre').innerText();
    await assertAccessible(page, 'a secret');
    await button(page, 'I have kept it').press('Enter');
    const row = page.getByRole('row').filter({ hasText: 'onerror' });
    await row.waitFor();
    assert.ok(!(await page.content()).includes(secret));
    await row.getByRole('button', { name: 'Rotate' }).click();
    await dialog.getByLabel('The old one stays valid for').selectOption('0');
    await button(page, 'Make a new secret').click();
    await page.getByRole('dialog', { name: 'The new secret' }).waitFor();
    assert.notEqual(await dialog.locator('pre').first().innerText(), secret);
    await button(page, 'I have kept it').click();
    await row.first().waitFor();
    await row.getByRole('button', { name: 'Revoke' }).first().click();
    await page.getByRole('dialog', { name: 'Revoke this?' }).waitFor();
    await assertAccessible(page, 'revoking');
    await button(page, 'Revoke it').click();
    await row.waitFor({ state: 'detached' });
    await page.getByLabel('Show what has ended').check();
    await row.getByText('Revoked').first().waitFor();
    await page.getByRole('radio', { name: 'Administrators' }).click();
    await page.getByText('admin ·').first().waitFor();
    assert.deepEqual(faults, []);
    await context.close();
  });

  it('show a workspace’s key nothing that is above workspaces', async () => {
    const key = await workspaceKey(test, test.workspace);
    const { page, context, faults } = await open('/settings/keys?of=installation', { key });
    await page.getByRole('row').filter({ hasText: 'Octeth' }).first().waitFor();
    assert.equal(await page.getByRole('radio', { name: 'Administrators' }).count(), 0);
    assert.equal(await page.getByRole('link', { name: 'Workspaces' }).count(), 0);
    await page.getByRole('link', { name: 'Exchange rates' }).click();
    await page.getByText('The administrator’s key sets them').waitFor();
    await page.getByRole('link', { name: 'APIs' }).click();
    await page.getByRole('heading', { name: 'WebEngage' }).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Free it' }).count(), 0);
    assert.deepEqual(faults, []);
    await context.close();
  });
});

describe('APIs in the settings', () => {
  it('give a command that really sends, and a name that clients have', async () => {
    const { page, context, faults } = await open('/settings/apis');
    const card = page.getByRole('region', { name: 'WebEngage' });
    await card.getByText('https://api.webengage.com', { exact: true }).waitFor();
    await card.getByRole('button', { name: 'Make a key for it' }).click();
    await card.getByText('is shown here this once').waitFor();
    const command = await card.locator('pre').innerText();
    const { stdout } = await promisify(execFile)('sh', ['-c', command]);
    assert.match(stdout, /"queued"/);
    const { dialects } = await test.native.read('/dialects');
    const [webengage] = dialects.filter(({ name }: { name: string }) => name === 'webengage');
    assert.equal(webengage.stored, 1);
    await card.getByLabel('A license that clients have already').fill('not a code');
    await card.getByRole('button', { name: 'Take it over' }).click();
    await card.getByText('body/externalId').or(card.getByText('no license')).first().waitFor();
    forgive(faults, 400);
    await card.getByLabel('A license that clients have already').fill('~2024b707');
    await card.getByRole('button', { name: 'Take it over' }).click();
    await card.getByText('~2024b707', { exact: true }).waitFor();
    await assertAccessible(page, 'APIs');
    await card.getByRole('button', { name: /Free it.*~2024b707/ }).click();
    await page.getByLabel('Write ~2024b707 to go on').fill('~2024b707');
    await page.getByRole('dialog').getByRole('button', { name: 'Free it' }).click();
    await card.getByText('~2024b707', { exact: true }).waitFor({ state: 'detached' });
    assert.deepEqual(faults, []);
    await context.close();
  });

  it('give the tracker’s snippet, which follows its switches', async () => {
    const { page, context, faults } = await open('/settings/tracker', { scheme: 'dark' });
    const snippet = page.locator('pre').first();
    await snippet.waitFor();
    assert.doesNotMatch(await snippet.innerText(), /data-consent|data-lobj/);
    await page.getByLabel('Wait for consent').check();
    await page.getByLabel('Name of the global object').fill('track');
    assert.match(await snippet.innerText(), /data-lobj="track"\s+data-consent="required"/);
    await page.getByLabel('Name of the global object').fill('"><script>');
    await page.getByText('It has to be a name of JavaScript').waitFor();
    assert.doesNotMatch(await snippet.innerText(), /"><script>/);
    const address = /src="([^"]+)"/.exec(await snippet.innerText())?.[1] ?? '';
    const script = await fetch(address);
    assert.equal(script.status, 200);
    await assertAccessible(page, 'tracker');
    assert.deepEqual(faults, []);
    await context.close();
  });
});

describe('workspaces in the settings', () => {
  it('are created with keys that are shown once, suspended, and deleted behind their slug', async () => {
    const { page, context, faults } = await open('/settings/workspaces');
    await button(page, 'Create a workspace').click();
    await page.getByLabel('Slug').fill('No Slug');
    await button(page, 'Create it').click();
    await page.getByText('is no slug').waitFor();
    forgive(faults, 400);
    await page.getByLabel('Slug').fill('fresh');
    await button(page, 'Create it').click();
    const made = page.getByRole('dialog', { name: 'fresh is made' });
    const credentials = JSON.parse(await made.locator('pre').innerText());
    assert.equal((await ask(test, 'GET', '/workspaces/fresh', { key: credentials.admin.token })).status, 200);
    await assertAccessible(page, 'made');
    await made.getByRole('link', { name: 'Go there' }).click();
    await page.waitForURL(/\/fresh\/overview/);
    await page.getByRole('link', { name: 'Settings' }).click();
    await button(page, 'Suspend it').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Suspend it' }).click();
    await page.getByText('Suspended', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'Workspaces' }).click();
    await button(page, 'Delete fresh').click();
    await page.getByLabel('Write fresh to go on').fill('fresh');
    await assertAccessible(page, 'deleting');
    await button(page, 'Delete for good').click();
    await page.waitForURL(/\/test-1\/settings\/workspaces/);
    await page.getByRole('row').filter({ hasText: 'test-1' }).waitFor();
    assert.equal((await ask(test, 'GET', '/workspaces/fresh', { key: credentials.admin.token })).status, 401);
    assert.deepEqual(faults, []);
    await context.close();
  });
});
