import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { assertAccessible, useConsole } from '../helpers/console.ts';
import { sendWebengage } from '../native/helpers.ts';
import { fillWorkspace } from './busy-workspace.ts';

const { test, open } = await useConsole();
const hostile = '<img src=x onerror="document.title=1">';
const long = `عربي 👩‍👩‍👧 ${'x'.repeat(480)}`;

before(async () => {
  await fillWorkspace(test, { people: 20, hours: 5, atNoon: 6 });
  for (const [userId, firstName, eventName] of [
    ['hostile', hostile, hostile],
    ['long', long, `عربي 👩‍👩‍👧 ${'y'.repeat(30)}`],
  ])
    for (const body of [
      { userId, firstName, email: `${userId}@example.com` },
      { userId, eventName, eventData: { [hostile]: hostile, note: long, nested: { [hostile]: [long] } } },
    ])
      await sendWebengage(test, test.workspace, body);
});

/** What a page has loaded is there: nothing waits to be shown. */
async function settle(page: Page): Promise<void> {
  await page.locator('main h1').waitFor();
  await page.locator('.state-loading').first().waitFor({ state: 'detached' });
}

/** The pages that the navigation leads to, whichever there are. */
async function linksOf(page: Page): Promise<readonly string[]> {
  await settle(page);
  const links = await page.getByRole('navigation', { name: 'Pages' }).getByRole('link').allInnerTexts();
  assert.ok(links.length >= 5, links.join(', '));
  return links;
}

/** Walks all pages by the keyboard, in one scheme. */
async function walk(page: Page, visit: (name: string) => Promise<void>): Promise<void> {
  for (const name of await linksOf(page)) {
    await page
      .getByRole('navigation', { name: 'Pages' })
      .getByRole('link', { name, exact: true })
      .press('Enter');
    await page.getByRole('heading', { level: 1 }).filter({ hasText: name }).waitFor();
    await settle(page);
    await visit(name);
  }
}

describe('every page that the navigation leads to', () => {
  for (const scheme of ['light', 'dark'] as const)
    it(`is accessible, shows others’ texts as texts, and has no fault, in the ${scheme} scheme`, async () => {
      const { page, context, faults } = await open('/overview', { scheme });
      await walk(page, async (name) => {
        await assertAccessible(page, `${name}, ${scheme}`);
        assert.match(await page.title(), /· Throughline$/, name);
        assert.equal(await page.locator('main img').count(), 0, name);
        assert.deepEqual(faults, [], name);
      });
      await context.close();
    });

  it('is no wider than 390 pixels there, and is reached by its menu', async () => {
    const wide = await open('/overview');
    const names = await linksOf(wide.page);
    await wide.context.close();
    const { page, context, faults } = await open('/overview', { viewport: { width: 390, height: 760 } });
    await settle(page);
    for (const name of names) {
      await page.getByRole('button', { name: 'Menu' }).click();
      await page.getByRole('link', { name, exact: true }).click();
      await page.getByRole('heading', { level: 1 }).filter({ hasText: name }).waitFor();
      await settle(page);
      const width = await page.evaluate<number>('document.documentElement.scrollWidth');
      assert.ok(width <= 390, `${name} is ${width} wide`);
      await assertAccessible(page, `${name}, narrow`);
    }
    assert.deepEqual(faults, []);
    await context.close();
  });

  it('says what to do where there is nothing yet', async () => {
    const busy = test.workspace;
    test.workspace = await test.addWorkspace();
    const { page, context, faults } = await open('/overview');
    await walk(page, async (name) => {
      await assertAccessible(page, `${name}, empty`);
      assert.equal(await page.locator('.state-failure').count(), 0, name);
    });
    assert.deepEqual(faults, []);
    await context.close();
    test.workspace = busy;
  });

  it('says that the server is away, and shows itself when it is back', async () => {
    const { page, context } = await open('/overview');
    const names = await linksOf(page);
    for (const name of names) {
      await page.route('**/throughline/**', (route) => route.abort());
      await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name, exact: true }).click();
      await page.getByText('The server does not answer').first().waitFor();
      await page.unroute('**/throughline/**');
      await page.getByText('The server does not answer').first().waitFor({ state: 'detached' });
      await page.getByRole('heading', { level: 1 }).filter({ hasText: name }).waitFor();
      await settle(page);
      await page.locator('.state-failure').first().waitFor({ state: 'detached' });
    }
    await context.close();
  });
});
