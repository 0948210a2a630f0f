import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { addCounts } from '../../src/core/accounting/accounting-store.ts';
import { assertAccessible, useConsole } from '../helpers/console.ts';
import { bearer, inject } from '../helpers/vendor-client.ts';
import { sendWebengage, submit } from '../native/helpers.ts';

const { test, open } = await useConsole();
const hostile = '<img src=x onerror="document.title=`taken`">';

async function sendOrder(eventType: string, data: Record<string, unknown>): Promise<string> {
  const { projectId, accessToken } = test.workspace.credentials.webmarketer;
  const body = { projectId, eventType, nonce: randomUUID(), data };
  const url = '/api/v1/events';
  const reply = await inject(test, { method: 'POST', url, headers: bearer(accessToken), body });
  assert.equal(reply.status, 200, reply.text);
  return reply.body;
}

/** Declares a type of Webmarketer whose events must have a phone, and a number for an age. */
async function declareType(reference: string): Promise<void> {
  const { projectId, accessToken } = test.workspace.credentials.webmarketer;
  const field = { entity: 'event', type: 'string', storageKey: 'phone', ingestionKey: null, optional: false };
  const fields = [field, { ...field, type: 'number', storageKey: 'age', optional: false }];
  const body = { reference, name: reference, fields };
  const url = `/api/v1/projects/${projectId}/event-types`;
  const reply = await inject(test, { method: 'POST', url, headers: bearer(accessToken), body });
  assert.ok(reply.status < 300, reply.text);
}

describe('quarantine', () => {
  it('says that nothing waits', async () => {
    const { page, context, faults } = await open('/quarantine');
    await page.getByText('Nothing waits').waitFor();
    await assertAccessible(page, 'empty');
    assert.deepEqual(faults, []);
    await context.close();
  });

  it('shows an event with the places marked that are wrong, what to change, and tries and replays it, by mouse', async () => {
    await declareType('lead');
    const note = 'مرحبا 🎉'.repeat(60);
    await sendOrder('lead', {
      age: 'old',
      [hostile]: hostile,
      digits: 12345678901234567890n.toString(),
      note,
    });
    await sendOrder('order', { phone: '1', age: 2 });
    for (const scheme of ['light', 'dark'] as const) {
      const { page, context, faults } = await open('/quarantine', { scheme });
      await page.getByRole('link', { name: 'A mandatory field is missing.' }).waitFor();
      await assertAccessible(page, `groups, ${scheme}`);
      await page.getByRole('link', { name: 'A mandatory field is missing.' }).click();
      await page.getByRole('link', { name: 'Open the type “lead”' }).waitFor();
      await page.getByRole('table').getByRole('link').click();
      const panel = page.getByRole('dialog', { name: 'lead' });
      const marks = panel.locator('mark');
      await marks.nth(1).waitFor();
      const marked = (await marks.allTextContents()).map((text) => text.trim());
      assert.deepEqual(marked, ['Missing here: "phone"', 'Wrong here: "age": "old",']);
      assert.equal(await page.locator('img').count(), 0);
      assert.equal(await page.title(), 'Quarantine · Throughline');
      await assertAccessible(page, `the panel, ${scheme}`);
      await panel.getByRole('button', { name: 'Try' }).click();
      await panel.getByText('It would still be bad').waitFor();
      const link = panel.getByRole('link', { name: /Open the type “lead”, field phone/ });
      assert.match(
        (await link.getAttribute('href')) ?? '',
        /settings\/types\?type=[0-9a-f-]{36}&field=phone$/,
      );
      await assertAccessible(page, `tried, ${scheme}`);
      assert.deepEqual(faults, []);
      await context.close();
    }
    await declareType('order');
    const { page, context, faults } = await open(
      '/quarantine?api=webmarketer&rule=unknown-event-type&type=order',
    );
    await page.getByRole('table').getByRole('link').click();
    const panel = page.getByRole('dialog', { name: 'order' });
    await panel.getByRole('button', { name: 'Try' }).click();
    await panel.getByText('It would be stored.').waitFor();
    await panel.getByRole('button', { name: 'Replay' }).click();
    await panel.getByText('It is stored.').waitFor();
    await panel.getByRole('link', { name: 'Show it' }).first().click();
    const stored = page.getByRole('dialog', { name: 'order' });
    await stored.getByText('It was in quarantine before').waitFor();
    await stored.getByLabel('The body as it was sent').getByText('"nonce"').waitFor();
    assert.deepEqual(faults, []);
    await context.close();
  });

  it('replays a group and all by the keyboard alone, and shows how far it has come when it is opened again', async () => {
    for (let at = 0; at < 3; at++) await sendOrder('visit', { phone: '1', age: at });
    await sendOrder('other', {});
    const { page, context, faults } = await open(
      '/quarantine?api=webmarketer&rule=unknown-event-type&type=visit',
    );
    await page.getByRole('button', { name: 'Try these' }).press('Enter');
    await page.getByRole('heading', { name: 'Replays' }).waitFor();
    await page.goto('about:blank');
    await test.app.services.jobs.settle();
    await declareType('visit');
    await page.goBack();
    await page.getByText('3 would stay in quarantine (3 unknown-event-type)').waitFor();
    await page.getByRole('button', { name: 'Replay these' }).press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Replay 3 events?' });
    await dialog.getByRole('button', { name: 'Replay' }).press('Enter');
    await page.getByText('Nothing of this waits any more').waitFor();
    await page.getByText('3 stored').waitFor();
    await assertAccessible(page, 'replayed');
    await page.getByRole('link', { name: 'Show all that waits' }).press('Enter');
    await page.getByText(/2 events in 2 groups/).waitFor();
    await page.getByRole('button', { name: 'Replay all' }).press('Enter');
    await page.getByRole('dialog').getByRole('button', { name: 'Replay' }).press('Enter');
    await page.getByText('2 still in quarantine').waitFor();
    await page.getByLabel('API').focus();
    await page.keyboard.type('Octeth');
    await page.getByText('Nothing of this waits').waitFor();
    assert.match(page.url(), /api=octeth/);
    assert.deepEqual(faults, []);
    await context.close();
  });

  it('is read on a phone, with long bodies in part and hostile texts as the texts that they are', async () => {
    const data = Object.fromEntries(
      Array.from({ length: 900 }, (_, at) => [`member ${at}`, 'x'.repeat(500)]),
    );
    const raw = JSON.stringify({
      userId: 'ada',
      eventName: 'Paid',
      eventData: { ...data, [hostile]: hostile },
    });
    await submit(test, test.workspace, { violation: 'missing-field', raw });
    const { page, context, faults } = await open('/quarantine?api=webengage', {
      viewport: { width: 390, height: 760 },
    });
    await page.getByRole('table').getByRole('link').click();
    await page.getByRole('table').getByRole('link').click();
    const sent = page.getByLabel('The event as it was sent');
    await sent
      .getByText(/lines more are not shown/)
      .first()
      .waitFor();
    assert.ok((await sent.locator('.sent-line').count()) < 400);
    assert.equal(await page.locator('img').count(), 0);
    const width = await page.evaluate<number>('document.documentElement.scrollWidth');
    assert.ok(width <= 390, `the page is ${width} wide`);
    assert.deepEqual(faults, []);
    await context.close();
  });
});

describe('an hour that does not close', () => {
  it('is led to from the overview’s red line, marked in Accounting and in sight', async () => {
    test.workspace = await test.addWorkspace();
    await sendWebengage(test, test.workspace, { userId: 'ada', eventName: 'Paid' });
    const hour = 60 * 60 * 1000;
    const now = Date.now();
    const count = { dialect: 'webengage', outcome: 'received', reason: '', total: 1 } as const;
    const counts = Array.from({ length: 20 }, (_, ago) => ({
      ...count,
      receivedAt: now - (now % hour) - ago * hour,
    }));
    const stored = counts.map((one) => ({ ...one, outcome: 'stored' as const }));
    // One is counted as received that became nothing.
    const fault = { ...count, receivedAt: now - (now % hour) - 19 * hour };
    await addCounts(test.database, test.workspace.created.id, [...counts, ...stored.slice(0, -1)]);
    const { page, context, faults } = await open('/overview');
    await page
      .getByRole('alert')
      .getByRole('link', { name: /WebEngage at/ })
      .click();
    const row = page.locator('tr[aria-current]');
    await row.waitFor();
    assert.equal(
      await row.locator('time').getAttribute('datetime'),
      new Date(fault.receivedAt).toISOString(),
    );
    await row.getByText('No', { exact: true }).waitFor();
    await page.waitForFunction(
      `(({ top, bottom }) => top >= 0 && bottom <= innerHeight)(document.querySelector('tr[aria-current]').getBoundingClientRect())`,
    );
    assert.match(page.url(), /accounting\?hour=/);
    await assertAccessible(page, 'the hour');
    await page.reload();
    await row.waitFor();
    assert.deepEqual(faults, []);
    await context.close();
  });
});
