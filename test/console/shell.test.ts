import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assertAccessible, useConsole } from '../helpers/console.ts';
import { workspaceKey } from '../native/helpers.ts';

const served = await useConsole();
const { test, open } = served;
const administrator = () => test.workspace.credentials.admin.token;
const slug = () => test.workspace.credentials.workspace.slug;

describe('signing in', () => {
  it('asks for a key, says what is wrong with another, and goes where one wanted to go', async () => {
    for (const scheme of ['light', 'dark'] as const) {
      const { page, context, faults } = await open('/live?type=Paid', { key: null, scheme });
      await page.getByLabel('Key').fill('nonsense');
      await assertAccessible(page, scheme);
      assert.deepEqual(faults, []);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByText('This is no key of the native API').waitFor();
      await assertAccessible(page, scheme);
      await page.getByLabel('Key').fill(administrator());
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Live' }).waitFor();
      assert.equal(new URL(page.url()).search, '?type=Paid');
      await context.close();
    }
  });

  it('follows a link of the start once, and keeps it in no address', async () => {
    const key = await test.app.services.authenticator.findCredential('native', administrator());
    assert.ok(key);
    const link = await test.app.services.signInLinks.make(key.id);
    const first = await open(`/sign-in#${link}`, { key: null });
    await first.page.getByRole('heading', { name: 'Overview' }).waitFor();
    assert.ok(!first.page.url().includes('tl_link'));
    assert.deepEqual(first.faults, []);
    await first.context.close();
    const second = await open(`/sign-in#${link}`, { key: null });
    await second.page.getByText('This link was used').waitFor();
    await second.context.close();
  });

  it('leads to no other site afterwards', async () => {
    const { page, context } = await open(`/sign-in?next=//evil.example/`, { key: null });
    await page.getByLabel('Key').fill(administrator());
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    assert.ok(page.url().startsWith(served.origin));
    await context.close();
  });

  it('is asked for again when the session has ended, and goes on where one was', async () => {
    const key = await workspaceKey(test, test.workspace);
    const { page, context } = await open('/overview', { key });
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    const { body } = await test.native.call('GET', '/keys?kind=session&limit=1');
    await test.native.call('DELETE', `/keys/${body.keys[0].id}`);
    await page.keyboard.press('Control+k');
    await page.keyboard.type('ada@example.com');
    await page.getByText('Your session has ended').waitFor();
    await page.getByLabel('Key').fill(key);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await context.close();
  });
});

describe('the shell', () => {
  it('is walked by the keyboard alone', async () => {
    const { page, context, faults } = await open('/overview');
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate('document.activeElement?.id'), 'main');
    await page.keyboard.press('Control+k');
    const palette = page.getByRole('dialog', { name: 'Find' });
    await assertAccessible(page, 'the palette');
    await page.keyboard.type('liv');
    await palette.getByRole('option', { name: 'Live' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Live' }).waitFor();
    assert.equal(await palette.count(), 0);
    assert.deepEqual(faults, []);
    await context.close();
  });

  it('switches the theme and keeps it, and signs out', async () => {
    const { page, context, faults } = await open('/overview');
    const ground = () => page.evaluate<string>('getComputedStyle(document.documentElement).backgroundColor');
    const light = await ground();
    await page.getByRole('button', { name: 'Colours' }).click();
    await page.getByRole('menuitemradio', { name: 'Dark' }).click();
    const dark = await ground();
    assert.notEqual(dark, light);
    await page.reload();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    assert.equal(await ground(), dark);
    assert.deepEqual(faults, []);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Key').waitFor();
    await page.goto(`${served.origin}/console/${slug()}/live`);
    await page.getByLabel('Key').waitFor();
    await context.close();
  });

  it('lets an administrator switch workspaces, and shows a workspace’s key its own alone', async () => {
    const other = await test.addWorkspace({ name: 'Another one' });
    const { page, context } = await open('/overview');
    await page.getByRole('button', { name: /^Switch workspace/ }).click();
    await page.getByRole('menuitemradio', { name: 'Another one' }).click();
    await page.waitForURL(`**/${other.credentials.workspace.slug}/overview`);
    await context.close();
    const own = await open('/overview', { key: await workspaceKey(test, test.workspace) });
    await own.page.getByRole('heading', { name: 'Overview' }).waitFor();
    assert.equal(await own.page.getByRole('button', { name: /^Switch workspace/ }).count(), 0);
    await own.page.goto(`${served.origin}/console/${other.credentials.workspace.slug}/overview`);
    await own.page.getByText('There is no such workspace for this key').waitFor();
    await own.context.close();
  });

  it('is of use at 390 pixels', async () => {
    const { page, context, faults } = await open('/overview', { viewport: { width: 390, height: 760 } });
    await page.getByRole('button', { name: 'Menu' }).click();
    await assertAccessible(page, 'the menu');
    await page.getByRole('link', { name: 'Live' }).click();
    await page.getByRole('heading', { name: 'Live' }).waitFor();
    assert.equal(await page.getByRole('dialog').count(), 0);
    const width = await page.evaluate<number>('document.documentElement.scrollWidth');
    assert.ok(width <= 390, `the page is ${width} wide`);
    assert.deepEqual(faults, []);
    await context.close();
  });

  it('says that the server is away, keeps what it shows, and goes on when it is back', async () => {
    const { page, context } = await open('/overview');
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await page.route('**/*', (route) => route.abort());
    await page.getByRole('link', { name: 'Live' }).hover();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('ada@example.com');
    await page.getByText('The server does not answer.').waitFor();
    assert.equal(await page.getByRole('heading', { name: 'Overview', includeHidden: true }).count(), 1);
    await page.unroute('**/*');
    await page.getByText('The server does not answer.').waitFor({ state: 'detached' });
    await context.close();
  });
});
