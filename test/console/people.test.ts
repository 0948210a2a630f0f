import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { clientsOf } from '../erasure/person.ts';
import { assertAccessible, useConsole } from '../helpers/console.ts';
import { sendWebengage } from '../native/helpers.ts';

const { test, open } = await useConsole();
const hostile = '<img src=x onerror="document.title=1">';
const long = `عربي 👩‍👩‍👧 ${'x'.repeat(480)}`;

const send = (body: Record<string, unknown>) => sendWebengage(test, test.workspace, body);
const find = async (text: string) => {
  const { people } = await test.native.read(`/people?search=${encodeURIComponent(text)}`);
  return people[0].id as string;
};

before(async () => {
  await send({ userId: 'ada', email: 'ada@example.com', firstName: 'Ada', lastName: 'Lovelace' });
  await send({ userId: 'ada-2', email: 'ada@example.com', firstName: hostile });
  for (const userId of ['ada', 'ada-2'])
    await send({ userId, eventName: `${userId} paid`, eventData: { note: hostile, عربي: 'مرحبا' } });
  await send({ userId: 'bob', firstName: 'Bob', email: 'bob@example.com' });
});

describe('people', () => {
  it('are found by name and by a whole address, by mouse and by keyboard, and a part of an address finds nobody', async () => {
    const { page, context, faults } = await open('/people');
    await page.getByText('Whom do you look for?').waitFor();
    await page.getByLabel('Name, e-mail address').fill('ada@ex');
    await page.getByRole('button', { name: 'Find', exact: true }).last().click();
    await page.getByText('Nobody is known by this').waitFor();
    await page.getByLabel('Name, e-mail address').fill('ada@example.com');
    await page.keyboard.press('Enter');
    await page.getByText('1 person is known by this.').waitFor();
    assert.equal(new URL(page.url()).search, '?find=ada%40example.com');
    await page.getByLabel('Name, e-mail address').fill('lÓve');
    await page.keyboard.press('Enter');
    await page.getByText('1 person is known by this.').waitFor();
    await assertAccessible(page, 'found');
    await page.getByRole('link', { name: 'Ada Lovelace' }).press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Ada Lovelace' }).waitFor();
    assert.deepEqual(faults, []);
    await context.close();
  });

  it('are found by name from wherever one is', async () => {
    const { page, context, faults } = await open('/overview');
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('lovel');
    await page.getByRole('option', { name: 'Ada Lovelace · ada@example.com' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Ada Lovelace' }).waitFor();
    assert.deepEqual(faults, []);
    await context.close();
  });
});

describe('a person', () => {
  const tab = (page: Page, name: string) => page.getByRole('tab', { name });

  it('is shown with what happened by day and what each API knows, whatever it is, in both schemes', async () => {
    const id = await find('ada@example.com');
    for (const scheme of ['light', 'dark'] as const) {
      const { page, context, faults } = await open(`/people/${id}`, { scheme });
      await page.getByRole('row').filter({ hasText: 'ada-2 paid' }).waitFor();
      assert.equal(await page.getByRole('row').count(), 4, 'a head, a day and two events');
      await page.getByText('2 events in all').waitFor();
      await page.locator('.person-facts').getByText('Last seen').waitFor();
      await assertAccessible(page, `${scheme} timeline`);
      await tab(page, 'In figures').click();
      await page.getByRole('row').filter({ hasText: 'ada-2 paid' }).waitFor();
      await assertAccessible(page, `${scheme} figures`);
      await tab(page, 'Profiles').click();
      await page.getByText('ada-2', { exact: true }).first().waitFor();
      for (const summary of await page.locator('summary').all()) await summary.click();
      await page.getByText(hostile).first().waitFor();
      await assertAccessible(page, `${scheme} profiles`);
      assert.equal(await page.title(), 'Ada Lovelace · Throughline');
      assert.deepEqual(faults, []);
      await context.close();
    }
  });

  it('is looked at by one type of event, from its figures and by the filters, as the address has it', async () => {
    const { page, context, faults } = await open(`/people/${await find('ada@example.com')}?side=figures`);
    await page.getByRole('link', { name: 'ada-2 paid' }).press('Enter');
    await page.getByText('1 event in all').waitFor();
    assert.equal(new URL(page.url()).search, '?api=webengage&type=ada-2+paid');
    await page.reload();
    await page.getByText('1 event in all').waitFor();
    await page.getByLabel('Event').selectOption('ada paid');
    await page.getByRole('link', { name: 'ada paid' }).waitFor();
    await page.getByLabel('Event').selectOption('');
    await page.getByText('2 events in all').waitFor();
    await page.getByRole('link', { name: 'ada paid' }).press('Enter');
    await page.getByRole('dialog', { name: 'ada paid' }).waitFor();
    assert.deepEqual(faults, []);
    await context.close();
  });

  it('is shown with what it agreed to, and with names of 500 characters at 390 pixels', async () => {
    await clientsOf(test).contacthub.create('grace@example.com', {
      base: { firstName: long.slice(0, 255), lastName: 'Hopper' },
      consents: { marketing: { automatic: { email: { status: true } } } },
    });
    const id = await find('grace@example.com');
    await send({ userId: 'grace', email: 'grace@example.com', firstName: long });
    await send({ userId: 'grace', eventName: 'عربي 👩‍👩‍👧', eventData: { [long.slice(0, 90)]: long } });
    const { page, context, faults } = await open(`/people/${id}`, { viewport: { width: 390, height: 760 } });
    await page.getByRole('link', { name: 'عربي 👩‍👩‍👧' }).waitFor();
    for (const name of ['Timeline', 'In figures', 'Profiles', 'Consents', 'Why one person']) {
      await tab(page, name).click();
      await page.getByRole('tabpanel', { name }).waitFor();
      await page.locator('.spinner').waitFor({ state: 'detached' });
      const width = await page.evaluate<number>('document.documentElement.scrollWidth');
      assert.ok(width <= 390, `${name} is ${width} wide`);
      await assertAccessible(page, name);
    }
    await tab(page, 'Consents').click();
    await page.getByText('A consent was given or taken back').first().waitFor();
    assert.deepEqual(faults, []);
    await context.close();
  });

  it('says why its profiles are one, and parts them after saying what moves, by the keyboard alone', async () => {
    const { page, context, faults } = await open(`/people/${await find('ada@example.com')}`);
    await tab(page, 'Timeline').press('ArrowLeft');
    await tab(page, 'Why one person').and(page.locator('[aria-selected=true]')).waitFor();
    await page.getByText('they have a key in common').waitFor();
    // The drawing says the same as the list, and leads to it.
    await page.getByRole('button', { name: '1: they have a key in common (email)' }).press('Enter');
    await page.locator('li[aria-current]').getByText('they have a key in common').waitFor();
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
    await page.getByText('Somebody else').waitFor();
    assert.deepEqual(faults, []);
    await context.close();
  });

  it('is joined with another after saying what moves, by the keyboard alone', async () => {
    const { page, context, faults } = await open(`/people/${await find('ada')}?side=why`);
    await page.getByRole('button', { name: 'Join …' }).press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Join with whom?' });
    await dialog.getByLabel('Name, e-mail address').waitFor();
    await page.keyboard.type('ada lovelace');
    await page.keyboard.press('Enter');
    await dialog.getByText('That is this very person').waitFor();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('bob');
    await page.keyboard.press('Enter');
    await dialog.getByRole('button', { name: 'Join with Bob' }).waitFor();
    await assertAccessible(page, 'whom');
    await dialog.getByRole('button', { name: 'Join with Bob' }).press('Enter');
    const confirm = page.getByRole('dialog', { name: 'Join the two?' });
    await confirm.getByText('1 profile would be the other’s').waitFor();
    await assertAccessible(page, 'what would move');
    await confirm.getByRole('button', { name: 'Join them' }).press('Enter');
    await page.getByText('somebody joined them by hand').waitFor();
    assert.equal(await find('bob'), await find('ada'));
    assert.deepEqual(faults, []);
    await context.close();
  });

  it('is exported as a file with all that is kept, to its end', async () => {
    const { page, context, faults } = await open(`/people/${await find('bob')}`);
    await page.getByRole('button', { name: 'Export …' }).click();
    await assertAccessible(page, 'export');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download', exact: true }).click(),
    ]);
    await page.getByText(/^Saved: /).waitFor();
    const lines = (await readFile(await download.path(), 'utf8')).trimEnd().split('\n');
    assert.match(download.suggestedFilename(), /^person-.*\.ndjson$/);
    assert.equal(JSON.parse(lines.at(-1) ?? '').record, 'end');
    assert.ok(lines.some((line) => line.includes('bob@example.com')));
    assert.deepEqual(faults, []);
    await context.close();
  });

  it('is erased after it was counted what goes and the word was written, and leaves a receipt', async () => {
    const id = await find('bob');
    const { page, context, faults } = await open(`/people/${id}`);
    await page.getByRole('button', { name: 'Erase …' }).press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Erase this person?' });
    await dialog.getByText('profiles that become empty').waitFor();
    await assertAccessible(page, 'erase');
    const button = dialog.getByRole('button', { name: 'Erase for good' });
    assert.ok(await button.isDisabled());
    await dialog.getByLabel('Write “erase” to confirm').fill('erase');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'A forgotten person' }).waitFor();
    await test.app.services.jobs.settle();
    await page.getByText('The receipt, whose very text is signed').waitFor();
    await assertAccessible(page, 'receipt');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download with signature and key' }).click(),
    ]);
    const { receipt, signature } = JSON.parse(await readFile(await download.path(), 'utf8'));
    assert.ok(receipt.includes('counts') && signature.length > 80);
    // The browser tells of each 404; that the person is gone is what was wanted.
    assert.ok(
      faults.every((fault) => fault.includes('404')),
      faults.join('\n'),
    );
    await page.getByRole('link', { name: 'People' }).click();
    await page.getByRole('heading', { name: 'Forgotten' }).waitFor();
    await page.getByText('Done', { exact: true }).waitFor();
    await assertAccessible(page, 'forgotten');
    await page.getByLabel('Name, e-mail address').fill('bob');
    await page.keyboard.press('Enter');
    await page.getByText('Nobody is known by this').waitFor();
    await context.close();
  });

  it('that nobody is says so', async () => {
    const { page, context } = await open('/people/01a00000-0000-7000-8000-000000000000');
    await page.getByText('There is no such thing here').waitFor();
    await context.close();
  });
});
