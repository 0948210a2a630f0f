import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { delivery, textMessage } from '../dialects/signals/client.ts';
import { field, WebmarketerClient } from '../dialects/webmarketer/client.ts';
import { clientsOf } from '../erasure/person.ts';
import { useApp } from '../helpers/app.ts';
import { ask, at } from '../helpers/native-client.ts';
import { sendWebengage, workspaceKey } from './helpers.ts';

const test = await useApp();
const { native } = test;

interface Found {
  readonly id: string;
  readonly title: string;
  readonly name: string | null;
  readonly key: { readonly kind: string; readonly value: string } | null;
}

async function search(text: string): Promise<readonly Found[]> {
  return (await native.read(`/people?search=${encodeURIComponent(text)}`)).people;
}
const titles = async (text: string) => (await search(text)).map(({ title }) => title);

/** Somebody of each name, by an API that has a field for it. */
before(async () => {
  const clients = clientsOf(test);
  const webengage = (userId: string, firstName: string, lastName: string) =>
    sendWebengage(test, test.workspace, { userId, firstName, lastName });
  await webengage('angele', 'Angèle', "O'Brien-Čapek");
  await webengage('ivan', 'Иван', 'Грозный');
  await webengage('layla', 'أحمد', 'مُحَمَّد');
  await webengage('mei', '梅', '林');
  await webengage('angel', 'Who is called so by a key', 'too');
  await clients.contacthub.create('grace@example.com', {
    base: { firstName: 'Grace Brewster', lastName: 'Hopper' },
  });
  await new WebmarketerClient(test).defineType('order', [
    field('user', 'email', 'email', { discriminant: true }),
    field('user', 'string', 'first_name', { optional: true }),
    field('user', 'string', 'last_name', { optional: true }),
  ]);
  await clients.webmarketer.sendFine({
    eventType: 'order',
    nonce: randomUUID(),
    data: { email: 'katherine@example.com', first_name: 'Katherine', last_name: 'Johnson' },
  });
  const message = textMessage('wamid.1', '33612345678', Math.floor(Date.now() / 1000), {
    text: { body: 'Hi' },
  });
  await clients.signals.deliver(delivery(message));
});

describe('people are found by name', () => {
  it('by the beginnings of its words, in any order, in whichever API it is kept, without case and accents', async () => {
    for (const [text, title] of [
      ['ange', "Angèle O'Brien-Čapek"],
      ['ÁNGELE', "Angèle O'Brien-Čapek"],
      ['brien', "Angèle O'Brien-Čapek"],
      ['capek angèle', "Angèle O'Brien-Čapek"],
      ["o'brien", "Angèle O'Brien-Čapek"],
      ['гроз', 'Иван Грозный'],
      ['احمد محمد', 'أحمد مُحَمَّد'],
      ['林', '梅 林'],
      ['hopper gra', 'Grace Brewster Hopper'],
      ['brewster', 'Grace Brewster Hopper'],
      ['johns', 'Katherine Johnson'],
      ['lovelace', 'Ada Lovelace'],
    ] as const)
      assert.ok((await titles(text)).includes(title), text);
  });

  it('behind those who have the text as a key, and with another key by which each is known', async () => {
    const found = await search('angel');
    assert.deepEqual(
      found.map(({ name, key }) => [name, key?.value]),
      [
        ['Who is called so by a key too', 'angel'],
        ["Angèle O'Brien-Čapek", 'angele'],
      ],
    );
    assert.deepEqual((await search('katherine'))[0]?.key, { kind: 'email', value: 'katherine@example.com' });
  });

  it('by no middle of a word, no word that another lacks, no letter alone, and no sign that means something', async () => {
    for (const text of [
      'ngèle',
      'angele nobody',
      'a',
      'a b',
      '%',
      "':*",
      '\\',
      '|',
      '& !ange',
      "' | ''",
      '__',
    ])
      assert.deepEqual(await titles(text), text === '& !ange' ? ["Angèle O'Brien-Čapek"] : [], text);
    const long = await native.call('GET', `/people?search=${'ange%20'.repeat(70)}`);
    assert.equal(long.status, 200);
    assert.equal((await native.call('GET', `/people?search=${'x'.repeat(513)}`)).status, 400);
    assert.equal((await native.call('GET', '/people?search=%00')).status, 400);
  });

  it('by the new one once it has changed, as one person once two are joined, and in their own workspace alone', async () => {
    await sendWebengage(test, test.workspace, { userId: 'ivan', firstName: 'Ivo', lastName: 'Грозный' });
    assert.deepEqual(await titles('иван'), []);
    assert.deepEqual(await titles('ivo'), ['Ivo Грозный']);
    for (const [userId, lastName] of [
      ['another', 'the second'],
      ['ivan', 'the first'],
    ])
      await sendWebengage(test, test.workspace, {
        userId,
        firstName: 'Ivo',
        lastName,
        email: 'ivo@example.com',
      });
    assert.deepEqual(await titles('ivo'), ['Ivo the first']);
    const other = await test.addWorkspace();
    const key = await workspaceKey(test, other);
    assert.deepEqual((await ask(test, 'GET', at(other, '/people?search=ivo'), { key })).body.people, []);
    assert.equal((await ask(test, 'GET', at(test.workspace, '/people?search=ivo'), { key })).status, 404);
  });

  it('whatever a name is, and it stops nothing', async () => {
    for (const [index, firstName] of [
      'ﷺ'.repeat(500),
      'x'.repeat(5000),
      '\'\\":*&|!()<>',
      '\u0301'.repeat(300),
      '👩‍👩‍👧',
    ].entries())
      await sendWebengage(test, test.workspace, { userId: `odd-${index}`, firstName, lastName: 'Oddity' });
    assert.equal((await titles('oddity')).length, 5);
    assert.equal((await titles('👩‍👩‍👧')).length, 1);
    assert.equal((await titles('xxxxxx')).length, 1);
  });

  it('until they are forgotten', async () => {
    const [grace] = await search('grace');
    assert.ok(grace);
    await native.call('POST', `/people/${grace.id}/erase`, { body: {} });
    assert.deepEqual(await titles('grace'), []);
    const { erasures } = await native.read(`/erasures?person=${grace.id}`);
    assert.deepEqual([erasures.length, erasures[0].personId], [1, grace.id]);
    assert.deepEqual((await native.read(`/erasures?person=${randomUUID()}`)).erasures, []);
    assert.equal((await native.call('GET', '/erasures?person=x')).status, 400);
  });

  it('by an index, however many there are', async () => {
    assert.match(await test.store.explainNameSearch('angele'), /Bitmap Index Scan on profile_name_words/);
  });
});

describe('what happened to a person', () => {
  const paid = (note: string, amount: number, currency = 'EUR') =>
    clientsOf(test).webmarketer.sendFine({
      eventType: 'bought',
      nonce: randomUUID(),
      data: { email: 'sum@example.com', note, price: { amount, currency } },
    });
  let id: string;

  before(async () => {
    await new WebmarketerClient(test).defineType('bought', [
      field('user', 'email', 'email', { discriminant: true }),
      field('event', 'string', 'note', { optional: true }),
      field('statistic', 'currency', 'price', { optional: true }),
    ]);
    await paid('one', 10.25);
    await paid('two', 20.5);
    await paid('three', 7, 'XAF');
    for (const day of ['05', '07'])
      await sendWebengage(test, test.workspace, {
        userId: 'sum',
        eventName: 'Seen',
        eventTime: `2026-01-${day}T10:00:00+0000`,
      });
    await sendWebengage(test, test.workspace, { userId: 'sum', email: 'sum@example.com' });
    id = (await search('sum@example.com'))[0]!.id;
  });

  it('is summed up: first and last, by type of event, and what its amounts come to by currency', async () => {
    const { personId, events, firstAt, types, amounts } = await native.read(`/people/${id}/summary`);
    assert.deepEqual([personId, events, firstAt], [id, 5, '2026-01-05T10:00:00.000Z']);
    assert.deepEqual(
      types.map(({ dialect, type, events: count }: Record<string, unknown>) => [dialect, type, count]),
      [
        ['webmarketer', 'bought', 3],
        ['webengage', 'Seen', 2],
      ],
    );
    assert.deepEqual(
      [types[1].firstAt, types[1].lastAt],
      ['2026-01-05T10:00:00.000Z', '2026-01-07T10:00:00.000Z'],
    );
    assert.deepEqual(
      amounts.map(({ metric, currency, sum, events: count, counted }: Record<string, unknown>) => [
        metric,
        currency,
        sum,
        count,
        counted,
      ]),
      [
        ['price', 'EUR', '30.75', 2, true],
        ['price', 'XAF', '7', 1, false],
      ],
    );
  });

  it('is nothing where nothing happened, and nobody’s where nobody is', async () => {
    await sendWebengage(test, test.workspace, { userId: 'quiet' });
    const quiet = (await search('quiet'))[0]!.id;
    assert.deepEqual(await native.read(`/people/${quiet}/summary`), {
      personId: quiet,
      events: 0,
      firstAt: null,
      lastAt: null,
      types: [],
      amounts: [],
    });
    assert.equal((await native.call('GET', `/people/${randomUUID()}/summary`)).status, 404);
    const key = await workspaceKey(test, await test.addWorkspace());
    assert.equal((await ask(test, 'GET', at(test.workspace, `/people/${id}/summary`), { key })).status, 404);
  });

  it('is told of one API, or of one type of event, in pages too', async () => {
    const of = async (query: string) => {
      const { events, next } = await native.read(`/people/${id}/timeline?${query}`);
      return { types: events.map(({ type }: { type: string }) => type), next };
    };
    assert.deepEqual((await of('dialect=webengage')).types, ['Seen', 'Seen']);
    assert.deepEqual((await of('type=bought')).types, ['bought', 'bought', 'bought']);
    assert.deepEqual((await of('type=bought&dialect=webengage')).types, []);
    assert.deepEqual((await of('type=nothing')).types, []);
    const first = await of('type=Seen&limit=1');
    assert.deepEqual((await of(`type=Seen&limit=1&next=${first.next}`)).types, ['Seen']);
  });
});
