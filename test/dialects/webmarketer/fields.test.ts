import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { useApp } from '../../helpers/app.ts';
import { field, WebmarketerClient } from './client.ts';

const test = await useApp();
const client = new WebmarketerClient(test);

const fields = (path = '') => `/projects/${client.projectId}/fields${path}`;

const lastname = {
  entity: 'user',
  type: 'string',
  key: 'lastname',
  label: 'Last name',
  isPii: true,
  discriminant: false,
  metadata: { from: 'plugin' },
};

async function list(path: string): Promise<Record<string, unknown>[]> {
  const reply = await client.get(path);
  assert.equal(reply.status, 200, reply.text);
  const listed = reply.body;
  assert.ok(Array.isArray(listed), 'a bare array');
  return listed;
}

async function keys(path: string): Promise<string[]> {
  return (await list(path)).map(({ entity, key }) => `${entity}/${key}`);
}

async function refuse(body: unknown, message: RegExp, statusCode = 400): Promise<void> {
  const before = await list('/fields');
  const reply = await client.request('POST', fields(), body);
  assert.equal(reply.status, statusCode, reply.text);
  assert.match(reply.body.message, message);
  assert.equal(reply.body.statusCode, statusCode);
  assert.equal(reply.body.error, statusCode === 409 ? 'Conflict' : 'Bad Request');
  assert.deepEqual(await list('/fields'), before, 'nothing was written');
}

describe('fields of a project', () => {
  it('are none to begin with, as an empty array', async () => {
    assert.deepEqual(await list('/fields?'), []);
    assert.deepEqual(await list('/user-fields?'), []);
  });

  it('can be created: 201 with the whole field', async () => {
    const reply = await client.request('POST', fields(), { ...lastname, projectId: client.projectId });
    assert.equal(reply.status, 201, reply.text);
    const { _id, ...created } = reply.body;
    assert.match(_id, /^[0-9a-f]{24}$/);
    assert.deepEqual(created, { ...lastname, projectId: client.projectId, archivedAt: null });
    assert.deepEqual(await list('/fields'), [reply.body]);
  });

  it('are also those that event types declare, each once, and by entity', async () => {
    await client.defineType('order', [
      field('user', 'string', 'lastname'),
      field('user', 'email', 'email', { discriminant: true }),
      field('event', 'string', 'note'),
      field('statistic', 'currency', 'turnover'),
      field('state', 'state', 'paid', { ingestionKey: null }),
    ]);
    await client.defineType('lead', [field('user', 'email', 'email', { isPii: true })]);
    assert.deepEqual(await keys('/fields'), [
      'event/note',
      'state/paid',
      'statistic/turnover',
      'user/email',
      'user/lastname',
    ]);
    assert.deepEqual(await keys('/user-fields'), ['user/email', 'user/lastname']);
    assert.deepEqual(await keys('/state-fields'), ['state/paid']);
    assert.deepEqual(await keys('/statistic-fields?'), ['statistic/turnover']);
    const [email, created] = await list('/user-fields');
    assert.deepEqual(
      { ...email, _id: '' },
      {
        _id: '',
        entity: 'user',
        key: 'email',
        type: 'email',
        label: 'email',
        isPii: true,
        discriminant: true,
        metadata: {},
        projectId: client.projectId,
        archivedAt: null,
      },
    );
    assert.equal(created!.label, 'Last name', 'what was created says itself what it is');
  });

  it('are there once: one that exists, created or declared, is a conflict', async () => {
    await refuse(lastname, /user field with key lastname already exists/, 409);
    await refuse({ ...lastname, key: 'email' }, /already exists/, 409);
    const other = await client.request('POST', fields(), { ...lastname, entity: 'event-type', key: 'email' });
    assert.equal(other.status, 201, 'another entity has its own keys');
    assert.equal(other.body.entity, 'event');
  });

  it('are archived, unless an event type declares them, and can be created again', async () => {
    const [, declared] = await list('/user-fields');
    const conflict = await client.request('DELETE', fields(`/${declared!._id}`));
    assert.equal(conflict.status, 409, conflict.text);
    assert.match(conflict.body.message, /declared by event types: order/);
    const city = { entity: 'user', type: 'string', key: 'city' };
    const { _id } = (await client.request('POST', fields(), city)).body;
    const archived = await client.request('DELETE', fields(`/${_id}`));
    assert.equal(archived.status, 200, archived.text);
    assert.equal(new Date(archived.body.archivedAt).toISOString(), archived.body.archivedAt);
    assert.ok(!(await keys('/fields')).includes('user/city'));
    assert.deepEqual(await list('/user-fields?archived=1'), [archived.body]);
    assert.deepEqual((await client.request('DELETE', fields(`/${_id}`))).body, archived.body);
    const again = await client.request('POST', fields(), { ...city, label: 'Town' });
    assert.equal(again.status, 201, again.text);
    assert.equal(again.body._id, _id, 'entity and key name it');
    assert.equal(again.body.label, 'Town');
    assert.deepEqual(await list('/fields?archived=true'), []);
  });

  it('go with the event type that declared them', async () => {
    await client.defineType('brief', [field('user', 'number', 'age')]);
    assert.ok((await keys('/fields')).includes('user/age'));
    await client.request('DELETE', `/projects/${client.projectId}/event-types/brief`);
    assert.ok(!(await keys('/fields')).includes('user/age'));
  });

  it('are refused with a message where something is wrong', async () => {
    const good = { entity: 'user', type: 'string', key: 'fresh' };
    await refuse([1], /body must be an object/);
    await refuse({ ...good, entity: 'planet' }, /entity must be one of/);
    await refuse({ ...good, type: 'colour' }, /type must be one of/);
    await refuse({ ...good, key: 7 }, /key must be a string/);
    await refuse({ ...good, key: 'a b' }, /^key must be/);
    await refuse({ ...good, key: '__proto__' }, /^key must be/);
    await refuse({ ...good, isPii: 'perhaps' }, /isPii must be a boolean/);
    await refuse({ ...good, metadata: { a: 'x'.repeat(10_001) } }, /metadata/);
    await refuse({ ...good, label: '\u0000' }, /label must be well-formed/);
    await refuse({ ...good, entity: 'state', type: 'number' }, /type must be state/);
    await refuse({ ...good, entity: 'statistic' }, /type must be number or currency/);
    await refuse({ ...good, entity: 'statistic', type: 'number', key: 'event-count' }, /built in/);
    await refuse({ ...good, projectId: 'another' }, /projectId must be the one in the path/);
    const bad = await client.get('/fields?archived=perhaps');
    assert.equal(bad.status, 400, bad.text);
  });

  it('that there are not are 404', async () => {
    for (const id of ['0123456789abcdef01234567', 'none', '__proto__']) {
      const reply = await client.request('DELETE', fields(`/${id}`));
      assert.equal(reply.status, 404, reply.text);
      assert.deepEqual(reply.body, { statusCode: 404, message: 'Field not found', error: 'Not Found' });
    }
  });

  it('are for who has a key of the project', async () => {
    const foreign = new WebmarketerClient(test, await test.addWorkspace());
    const octeth = test.workspace.credentials.octeth.apiKey;
    const [shown] = await list('/fields');
    for (const [method, path] of [
      ['GET', fields()],
      ['POST', fields()],
      ['DELETE', fields(`/${shown!._id}`)],
      ['GET', `/projects/${client.projectId}/user-fields`],
      ['GET', `/projects/${client.projectId}/state-fields`],
      ['GET', `/projects/${client.projectId}/statistic-fields`],
    ] as const) {
      const body = method === 'POST' ? lastname : undefined;
      assert.equal((await client.request(method, path, body, '')).status, 401);
      assert.equal((await client.request(method, path, body, 'wrong')).status, 401);
      assert.equal((await client.request(method, path, body, octeth)).status, 401);
      assert.equal((await foreign.request(method, path, body)).status, 403);
    }
    assert.deepEqual((await foreign.get('/fields')).body, []);
  });
});
