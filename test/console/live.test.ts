import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assertAccessible, useConsole } from '../helpers/console.ts';
import { inject } from '../helpers/vendor-client.ts';
import { sendWebengage, workspaceKey } from '../native/helpers.ts';

const { test, open } = await useConsole({
  settings: { dialects: { webengage: { identifyingAttributes: ['email', 'phone'] } } },
});
const hostile = '<img src=x onerror="document.title=`taken`">';

function send(eventName: string, eventData: Record<string, unknown> = {}, userId = 'ada') {
  return sendWebengage(test, test.workspace, { userId, eventName, eventData });
}

async function sendOcteth(event: string): Promise<void> {
  const { apiKey, listId } = test.workspace.credentials.octeth;
  const body = { APIKey: apiKey, ListID: Number(listId), Event: event, Email: 'ada@example.com' };
  const reply = await inject(test, { method: 'POST', url: '/api/v1/event', body });
  assert.ok(reply.status < 300, reply.text);
}

describe('the live page', () => {
  it('shows what was stored last and what comes, and an event with all that is known of it, by mouse and in both schemes', async () => {
    await send('Signed up', { email: 'ada@example.com' });
    await sendOcteth('newsletter-opened');
    await send('Paid', { Price: 12.5, Note: 'مرحبا 🎉', Long: 'x'.repeat(500), Wrong: { deep: [1] } });
    for (const scheme of ['light', 'dark'] as const) {
      const { page, context, faults } = await open('/live', { scheme });
      await page.getByText('Live', { exact: true }).and(page.locator('.status')).waitFor();
      await page.getByRole('link', { name: 'newsletter-opened' }).first().waitFor();
      await send(`Came in ${scheme}`);
      await page.getByRole('link', { name: `Came in ${scheme}` }).waitFor();
      await assertAccessible(page, scheme);
      await page.getByRole('link', { name: 'Paid' }).click();
      const panel = page.getByRole('dialog', { name: 'Paid' });
      await panel.getByRole('link', { name: 'ada@example.com' }).waitFor();
      await panel.getByText('2 profiles that are one person').waitFor();
      await panel.getByText('مرحبا 🎉').waitFor();
      await panel.getByText(/the day \d{4}-\d\d-\d\d \(Europe\/Paris\)/).waitFor();
      await assertAccessible(page, `the panel, ${scheme}`);
      // What happened before, over another API.
      await panel.getByRole('link', { name: 'newsletter-opened' }).click();
      await page
        .getByRole('dialog', { name: 'newsletter-opened' })
        .getByText('Default list (list 1)')
        .waitFor();
      await page.reload();
      await page.getByRole('dialog', { name: 'newsletter-opened' }).waitFor();
      assert.deepEqual(faults, []);
      await context.close();
    }
  });

  it('is filtered, paused and read by the keyboard alone', async () => {
    await send('Before');
    const { page, context, faults } = await open('/live');
    await page.getByRole('link', { name: 'Before' }).waitFor();
    await page.getByLabel('API').focus();
    await page.keyboard.type('Octeth');
    await page.getByRole('link', { name: 'Before' }).waitFor({ state: 'detached' });
    assert.match(page.url(), /api=octeth/);
    await page.keyboard.press('Home');
    await page.getByRole('link', { name: 'Before' }).waitFor();
    await page.getByRole('button', { name: 'Pause' }).press('Space');
    await send('While paused');
    await page.getByRole('button', { name: 'Show 1 new event' }).waitFor();
    assert.equal(await page.getByRole('link', { name: 'While paused' }).count(), 0);
    await page.getByRole('button', { name: 'Show 1 new event' }).press('Enter');
    const link = page.getByRole('link', { name: 'While paused' });
    await link.press('Enter');
    await page.getByRole('dialog', { name: 'While paused' }).waitFor();
    await page.keyboard.press('Escape');
    assert.equal(await page.getByRole('dialog').count(), 0);
    assert.ok(!page.url().includes('event='));
    assert.deepEqual(faults, []);
    await context.close();
  });

  it('shows one person’s events alone, found by the palette', async () => {
    await send('Hers', { email: 'grace@example.com' }, 'grace');
    const { page, context, faults } = await open('/overview');
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('grace@example.com');
    await page.getByRole('option', { name: 'grace@example.com' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Follow live' }).press('Enter');
    await page.getByRole('link', { name: 'Hers' }).waitFor();
    await send('His', {}, 'ada');
    await send('Hers again', {}, 'grace');
    await page.getByRole('link', { name: 'Hers again' }).waitFor();
    assert.equal(await page.getByRole('link', { name: 'His' }).count(), 0);
    assert.deepEqual(faults, []);
    await context.close();
  });

  it('shows hostile names and values as the texts that they are', async () => {
    await send(hostile, { [hostile]: hostile });
    const { page, context, faults } = await open('/live', { viewport: { width: 390, height: 760 } });
    await page.getByRole('link', { name: hostile }).first().click();
    await page.getByRole('dialog', { name: hostile }).waitFor();
    assert.equal(await page.locator('img').count(), 0);
    assert.equal(await page.title(), 'Live · Throughline');
    const width = await page.evaluate<number>('document.documentElement.scrollWidth');
    assert.ok(width <= 390, `the page is ${width} wide`);
    assert.deepEqual(faults, []);
    await context.close();
  });

  it('goes on when the server is back, and asks for a key when the session has ended meanwhile', async () => {
    const { page, context } = await open('/live', { key: await workspaceKey(test, test.workspace) });
    await page.getByText('Live', { exact: true }).and(page.locator('.status')).waitFor();
    await page.route('**/throughline/**', (route) => route.abort());
    test.app.http.server.closeAllConnections();
    await page.getByText(/Connecting …|Trying again …/).waitFor();
    await send('Meanwhile');
    await page.unroute('**/throughline/**');
    await page.getByRole('link', { name: 'Meanwhile' }).waitFor();
    const { body } = await test.native.call('GET', '/keys?kind=session&limit=1');
    await test.native.call('DELETE', `/keys/${body.keys[0].id}`);
    test.app.http.server.closeAllConnections();
    await page.getByText('Your session has ended').waitFor();
    await context.close();
  });
});
