import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { migrate } from '../../../src/store/migrate.ts';
import { useApp } from '../../helpers/app.ts';
import { verifyWorkspace } from '../../helpers/derived.ts';
import { ContacthubClient } from './client.ts';

const test = await useApp();
const client = new ContacthubClient(test);
const other = new ContacthubClient(test, await test.addWorkspace());

const indexed = true;
const properties = {
  points: { type: 'number', indexed },
  size: { type: 'object', properties: { height: { type: 'integer', indexed }, unit: { type: 'string' } } },
  joined: { type: 'string', format: 'date-time', indexed },
  story: { type: 'string', maxLength: 6000, indexed },
  plain: { type: 'number' },
};

/** Sets the schema; what follows from it is left to its job. */
async function mark(extendedProperties: object, of = client): Promise<void> {
  const reply = await of.native.call('PATCH', '', {
    body: { dialects: { contacthub: { extendedProperties } } },
  });
  assert.equal(reply.status, 200, JSON.stringify(reply.body));
}

const atomic = (attribute: string, operator: string, value?: unknown) => ({
  type: 'atomic',
  attribute: `extended.${attribute}`,
  operator,
  value,
});

async function search(condition: object | undefined, sort = 'externalId', of = client): Promise<string> {
  const query = condition && JSON.stringify({ query: { type: 'simple', are: { condition } } });
  const asked = new URLSearchParams({ nodeId: of.nodeId, sort, ...(query ? { query } : {}) });
  const reply = await of.call('GET', `/customers?${asked}`);
  assert.equal(reply.status, 200, JSON.stringify(reply.body));
  return reply.body.elements.map(({ externalId }: { externalId: string }) => externalId).join('');
}

async function expectVerified(): Promise<void> {
  const { checks } = await verifyWorkspace(test.database, test.workspace.created.id);
  assert.deepEqual(
    checks.filter(({ ok }) => !ok),
    [],
  );
}

const exact = '9007199254740993';
const ids: Record<string, string> = {};
const long = 'x'.repeat(700);

before(async () => {
  await mark(properties);
  const people: Record<string, object> = {
    a: {
      points: 5,
      size: { height: 180, unit: 'cm' },
      joined: '2026-01-01T12:00:00+02:00',
      story: `${long}b`,
    },
    b: { points: 50, size: { height: 90 }, joined: '2026-01-01T10:00:00.001Z', story: 'short', plain: 1 },
    c: { points: -1.5, joined: '2026-01-01T10:00:00Z', story: `${long}a` },
    d: { size: { unit: 'm' }, points: null },
  };
  for (const [externalId, extended] of Object.entries(people))
    ids[externalId] = (await client.create(`${externalId}@x.example`, { externalId, extended })).id;
  await test.app.services.jobs.settle();
});

describe('extended properties that are marked as indexed', () => {
  it('are found by ranges of numbers, of those inside of objects, of instants and of texts', async () => {
    const cases: [condition: object, found: string][] = [
      [atomic('points', 'GT', 5), 'b'],
      [atomic('points', 'GTE', 5), 'ab'],
      [atomic('points', 'LT', 5), 'c'],
      [atomic('points', 'LTE', 5), 'ac'],
      [atomic('points', 'BETWEEN', [-2, 5]), 'ac'],
      [atomic('points', 'GT', '5'), 'b'],
      [atomic('points', 'GT', 'a'), ''],
      [atomic('points', 'EQUALS', 50), 'b'],
      [atomic('size.height', 'GTE', 90), 'ab'],
      [atomic('size.height', 'EQUALS', 90), 'b'],
      [atomic('size.height', 'IN', [90, 180]), 'ab'],
      [atomic('size.height', 'NOT_EQUALS', 90), 'acd'],
      [atomic('size.height', 'IS_NULL'), 'cd'],
      [atomic('joined', 'GT', '2026-01-01T10:00:00.000+0000'), 'b'],
      [atomic('joined', 'LTE', '2026-01-01T11:00:00.000+01:00'), 'ac'],
      [atomic('joined', 'EQUALS', '2026-01-01T10:00:00Z'), 'ac'],
      [atomic('story', 'GTE', 'sh'), 'abc'],
      [atomic('story', 'LT', long.slice(0, 499)), 'b'],
      [atomic('story', 'GT', `${long}a`), 'a'],
      [atomic('plain', 'GTE', 1), 'b'],
      [
        {
          type: 'composite',
          conjunction: 'or',
          conditions: [atomic('points', 'GT', 5), atomic('size.height', 'GT', 100)],
        },
        'ab',
      ],
    ];
    for (const [condition, found] of cases)
      assert.equal(await search(condition), found, JSON.stringify(condition));
  });

  it('are sorted by, those without a value last either way', async () => {
    assert.equal(await search(undefined, 'extended.points'), 'cabd');
    assert.equal(await search(undefined, 'extended.points,desc'), 'bacd');
    assert.equal(await search(undefined, 'extended.size.height,asc'), 'badc');
    assert.equal(await search(undefined, 'extended.joined,desc').then((found) => found[0]), 'b');
  });

  it('show instants in the form of all others', async () => {
    const { body } = await client.call('GET', `/customers/${ids.a}`);
    assert.equal(body.extended.joined, '2026-01-01T10:00:00.000+0000');
    const again = await client.call('PUT', `/customers/${ids.a}`, body);
    assert.equal(again.body.version, body.version, 'what was shown is no change');
  });

  it('keep the digits of numbers, and follow writes and deletions', async () => {
    const number = (text: string) => JSON.rawJSON(text);
    await client.call('PATCH', `/customers/${ids.d}`, { extended: { points: number(exact) } });
    assert.equal(await search(atomic('points', 'GT', number('9007199254740992'))), 'd');
    assert.equal(await search(atomic('points', 'GT', number(exact))), '');
    await client.call('PATCH', `/customers/${ids.d}`, { extended: { points: null } });
    assert.equal(await search(atomic('points', 'GTE', 50)), 'b');
    await expectVerified();
    const gone = await client.create('e@x.example', { externalId: 'e', extended: { points: 60 } });
    assert.equal(await search(atomic('points', 'GTE', 50)), 'be');
    await client.call('DELETE', `/customers/${gone.id}`);
    assert.equal(await search(atomic('points', 'GTE', 50)), 'b');
    await expectVerified();
  });

  it('are found whole before and after they are made anew for another mark', async () => {
    const { points, ...rest } = properties;
    await mark({ ...rest, points: { type: 'number' } });
    assert.equal(await search(atomic('points', 'GTE', 5)), 'ab');
    await client.call('PATCH', `/customers/${ids.a}`, { extended: { points: 7 } });
    await test.app.services.jobs.settle();
    await expectVerified();
    await client.call('PATCH', `/customers/${ids.a}`, { extended: { points: 8 } });
    await mark({ ...rest, points });
    assert.equal(await search(atomic('points', 'GTE', 8)), 'ab', 'before the job');
    assert.equal(await search(undefined, 'extended.points'), 'cabd');
    await test.app.services.jobs.settle();
    await expectVerified();
    assert.equal(await search(atomic('points', 'GTE', 8)), 'ab');
  });

  it('are of one workspace alone', async () => {
    await mark({ points: { type: 'number', indexed } }, other);
    await test.app.services.jobs.settle();
    await other.create('z@x.example', { externalId: 'z', extended: { points: 50 } });
    assert.equal(await search(atomic('points', 'GTE', 50), 'extended.points', other), 'z');
    assert.equal(await search(atomic('points', 'GTE', 50), 'extended.points'), 'b');
  });

  it('are found by ranges where they were marked before the upgrade', async () => {
    await test.database.query(`
      drop table customer_value;
      delete from schema_migration where name like '000044_%';
    `);
    const { applied } = await migrate(test.database);
    assert.equal(applied[0], '000044_customer_values');
    assert.equal(await search(atomic('points', 'GTE', 50)), 'b', 'before the job');
    // The job is due by the clock of the database.
    test.time.now = 0;
    await test.app.services.jobs.settle();
    await expectVerified();
    assert.equal(await search(atomic('points', 'GTE', 50)), 'b');
  });

  it('leave nothing behind of who is deleted while nothing is marked any more', async () => {
    await mark({ points: { type: 'number' } });
    assert.equal((await client.call('DELETE', `/customers/${ids.b}`)).status, 200);
    await test.app.services.jobs.settle();
    await expectVerified();
    assert.equal(await search(atomic('points', 'GTE', -5)), 'ac');
  });
});
