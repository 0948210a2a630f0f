import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { assertAccessible, useConsole } from '../helpers/console.ts';
import { sendWebengage } from '../native/helpers.ts';

const { test, open } = await useConsole();
const hostile = '<img src=x onerror="document.title=1">';

before(async () => {
  const send = (body: Record<string, unknown>) => sendWebengage(test, test.workspace, body);
  await send({ userId: 'ada', email: 'ada@example.com' });
  await send({ userId: 'ada-2', email: 'ada@example.com', firstName: hostile });
  for (const userId of ['ada', 'ada-2'])
    await send({ userId, eventName: `${userId} paid`, eventData: { note: hostile, عربي: 'مرحبا' } });
});

describe('people', () => {
  it('are found by a whole address, by mouse and by keyboard, and a part of one finds nobody', async () => {
    const { page, context, faults } = await open('/people');
    await page.getByText('Whom do you look for?').waitFor();
    await page.getByLabel('E-mail address').fill('ada@');
    await page.getByRole('button', { name: 'Find', exact: true }).last().click();
    await page.getByText('Nobody is known by this').waitFor();
    await page.getByLabel('E-mail address').fill('ada@example.com');
    await page.keyboard.press('Enter');
    await page.getByText('1 person is known by this.').waitFor();
    assert.equal(new URL(page.url()).search, '?find=ada%40example.com');
    await assertAccessible(page, 'found');
    await page.locator('.people-found a').press('Enter');
    await page.getByRole('heading', { level: 1, name: 'ada@example.com' }).waitFor();
    assert.deepEqual(faults, []);
    await context.close();
  });
});

describe('a person', () => {
  const find = async () => {
    const { people } = await test.native.read('/people?search=ada%40example.com');
    return people[0].id as string;
  };

  it('is shown with what happened and what each API knows, whatever it is, in both schemes', async () => {
    const id = await find();
    for (const scheme of ['light', 'dark'] as const) {
      const { page, context, faults } = await open(`/people/${id}`, { scheme });
      await page.getByRole('row').filter({ hasText: 'ada-2 paid' }).waitFor();
      assert.equal(await page.getByRole('row').count(), 3);
      await page.getByText('2 events in all').waitFor();
      await assertAccessible(page, `${scheme} timeline`);
      await page.getByRole('tab', { name: 'Profiles' }).click();
      await page.getByText('ada-2', { exact: true }).first().waitFor();
      for (const summary of await page.locator('summary').all()) await summary.click();
      await page.getByText(hostile).waitFor();
      await assertAccessible(page, `${scheme} profiles`);
      assert.equal(await page.title(), 'ada@example.com · Throughline');
      assert.deepEqual(faults, []);
      await context.close();
    }
  });

  it('says why its profiles are one, and parts them after saying what moves, by the keyboard alone', async () => {
    const { page, context, faults } = await open(`/people/${await find()}`);
    await page.getByRole('tab', { name: 'Timeline' }).press('ArrowRight');
    await page.getByRole('tab', { name: 'Profiles', selected: true }).press('ArrowRight');
    await page.getByText('they have a key in common').waitFor();
    await assertAccessible(page, 'why');
    await page.getByRole('button', { name: 'Undo …' }).press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Undo this link?' });
    await dialog.getByText('1 profile would be somebody else’s').waitFor();
    await assertAccessible(page, 'preview');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Undo …' }).press('Enter');
    await dialog.getByText('1 profile would be somebody else’s').waitFor();
    await dialog.getByRole('button', { name: 'Undo it' }).press('Enter');
    await page.getByText('Undone at').waitFor();
    await page.getByText('1 profile ·').waitFor();
    assert.deepEqual(faults, []);
    await context.close();
  });

  it('that nobody is says so', async () => {
    const { page, context } = await open('/people/01a00000-0000-7000-8000-000000000000');
    await page.getByText('There is no such thing here').waitFor();
    await context.close();
  });
});
