import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formulaOf } from '../../../src/dialects/webmarketer/custom-column/custom-column.ts';
import { readCustomColumns } from '../../../src/dialects/webmarketer/custom-column/custom-column-store.ts';
import { evaluateFormula } from '../../../src/dialects/webmarketer/custom-column/formula.ts';
import { useApp } from '../../helpers/app.ts';
import { field, WebmarketerClient } from './client.ts';

const test = await useApp();
const client = new WebmarketerClient(test);

const columns = (path = '') => `/projects/${client.projectId}/custom-columns${path}`;

const basket = {
  key: 'average-basket',
  name: 'Average basket',
  format: 'currency',
  symbols: ['turnover', '/', 'event-count'],
};

async function list(): Promise<Record<string, unknown>[]> {
  const reply = await client.get('/custom-columns?');
  assert.equal(reply.status, 200, reply.text);
  assert.ok(Array.isArray(reply.body), 'a bare array');
  return reply.body;
}

async function refuse(body: unknown, message: RegExp, statusCode = 400): Promise<void> {
  const before = await list();
  const reply = await client.request('POST', columns(), body);
  assert.equal(reply.status, statusCode, reply.text);
  assert.match(reply.body.message, message);
  assert.deepEqual(await list(), before, 'nothing was written');
}

describe('custom columns', () => {
  it('are created, listed, read and deleted', async () => {
    assert.deepEqual(await list(), []);
    const created = await client.request('POST', columns(), basket);
    assert.equal(created.status, 201, created.text);
    const { id, ...rest } = created.body;
    assert.match(id, /^[0-9a-f]{24}$/);
    assert.deepEqual(rest, { ...basket, projectId: client.projectId });
    assert.deepEqual(await list(), [created.body]);
    const read = await client.get(`/custom-columns/${id}?`);
    assert.equal(read.status, 200);
    assert.deepEqual(read.body, created.body);
    const removed = await client.request('DELETE', columns(`/${id}`));
    assert.equal(removed.status, 200);
    assert.deepEqual(removed.body, created.body);
    assert.deepEqual(await list(), []);
    assert.equal((await client.get(`/custom-columns/${id}`)).status, 404);
    assert.equal((await client.request('DELETE', columns(`/${id}`))).status, 404);
  });

  it('keep a formula that can be evaluated over metrics', async () => {
    const body = { ...basket, key: 'margin', symbols: ['(turnover - cost)', '/', 'turnover', '*', 100] };
    const created = await client.request('POST', columns(), body);
    assert.equal(created.status, 201, created.text);
    assert.deepEqual(created.body.symbols, body.symbols);
    const stored = await readCustomColumns(test.database, test.workspace.created.id);
    const column = stored.find(({ key }) => key === 'margin')!;
    const metrics: Record<string, number> = { turnover: 400, cost: 300 };
    assert.equal(
      evaluateFormula(formulaOf(column), (key) => metrics[key] ?? 0),
      25,
    );
  });

  it('are refused with a message where something is wrong', async () => {
    const good = { ...basket, key: 'fresh' };
    await refuse('[]', /key must be a string/);
    await refuse({ ...good, key: undefined }, /key must be a string/);
    await refuse({ ...good, key: 'a b' }, /key must be 1 to 64/);
    await refuse({ ...good, key: '__proto__' }, /key must be 1 to 64/);
    await refuse({ ...good, name: '' }, /name should not be empty/);
    await refuse({ ...good, format: 'colour' }, /format must be one of .*: currency, number, percent, time/);
    await refuse({ ...good, symbols: 'turnover' }, /symbols must be an array/);
    await refuse({ ...good, symbols: [] }, /symbols must make a formula/);
    await refuse({ ...good, symbols: [{ type: 'metric' }] }, /symbols\.0 must be a string/);
    await refuse({ ...good, symbols: ['turnover', '/'] }, /lacks a value at part 3/);
    await refuse({ ...good, symbols: ['process.exit()'] }, /symbols must make a formula/);
    await refuse({ ...good, symbols: ['turnover', 'cost'] }, /something behind its end/);
    await refuse({ ...good, symbols: [`${'('.repeat(40)}a${')'.repeat(40)}`] }, /nested more than 32/);
    await refuse({ ...good, symbols: [1e21] }, /symbols\.0 is too large/);
    await refuse({ ...good, symbols: Array(101).fill('a') }, /at most 100 parts/);
    await refuse({ ...good, projectId: 'another' }, /projectId must be the one in the path/);
    await refuse({ ...basket, key: 'margin' }, /key margin already exists/, 409);
    await refuse('{"key":', /not valid JSON/);
  });

  it('share no key with a metric, whichever is there first', async () => {
    const state = field('state', 'state', 'won', { ingestionKey: null });
    await client.defineType('lead', [state]);
    for (const key of ['won', 'event-count', 'state-delay-won', 'state-delay-any'])
      await refuse({ ...basket, key }, /is the key of a metric; take another one/, 409);
    const types = `/projects/${client.projectId}/event-types`;
    const fields = [state, field('statistic', 'number', 'margin', { optional: true })];
    for (const [method, path, body] of [
      ['POST', types, { reference: 'order', name: 'Order', fields }],
      ['PATCH', `${types}/lead`, { fields }],
    ] as const) {
      const reply = await client.request(method, path, body);
      assert.equal(reply.status, 409, reply.text);
      assert.equal(reply.body.message, 'margin is the key of a custom column; take another one');
    }
    assert.equal((await client.get('/event-types/order')).status, 404);
    assert.equal((await client.get('/event-types/lead')).body.fields.length, 1);
  });

  it('that there are not are 404', async () => {
    for (const id of ['0123456789abcdef01234567', 'none', '__proto__']) {
      const reply = await client.get(`/custom-columns/${id}`);
      assert.equal(reply.status, 404);
      assert.equal(reply.body.message, 'Custom column not found');
    }
  });

  it('are for who has a key of the project', async () => {
    const foreign = new WebmarketerClient(test, await test.addWorkspace());
    const { token } = test.workspace.credentials.contacthub;
    const [{ id } = { id: '' }] = await list();
    for (const [method, path] of [
      ['GET', columns()],
      ['POST', columns()],
      ['GET', columns(`/${id}`)],
      ['DELETE', columns(`/${id}`)],
    ] as const) {
      const body = method === 'POST' ? { ...basket, key: 'theirs' } : undefined;
      assert.equal((await client.request(method, path, body, '')).status, 401);
      assert.equal((await client.request(method, path, body, 'wrong')).status, 401);
      assert.equal((await client.request(method, path, body, token)).status, 401);
      assert.equal((await foreign.request(method, path, body)).status, 403);
    }
    const own = `/projects/${foreign.projectId}/custom-columns/${id}`;
    assert.equal((await foreign.request('GET', own)).status, 404);
    assert.equal((await foreign.request('DELETE', own)).status, 404);
    assert.equal((await list()).length, 1);
  });
});
