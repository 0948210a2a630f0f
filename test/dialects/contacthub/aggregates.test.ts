import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { buildJob } from '../../../src/dialects/contacthub/aggregate/build-job.ts';
import { changeAggregate } from '../../../src/dialects/contacthub/aggregate/change-aggregate.ts';
import { JobRunner } from '../../../src/jobs/run-jobs.ts';
import { useApp } from '../../helpers/app.ts';
import { verifyWorkspace } from '../../helpers/derived.ts';
import { bearer, inject } from '../../helpers/vendor-client.ts';
import { AggregateClient } from './aggregate-client.ts';

const test = await useApp({ freshWorkspace: true });

let client: AggregateClient;

beforeEach(async () => {
  client = await new AggregateClient(test, test.workspace).setUp();
});

const nobody = '00000000-0000-4000-8000-000000000000';

/** A customer of a node; answers its id. */
async function customer(nodeId: string, externalId: string, body: object): Promise<string> {
  const reply = await client.call('POST', '/customers', { nodeId, externalId, ...body });
  assert.equal(reply.status, 201, reply.text);
  return reply.body.id;
}

const ann = (more: object = {}) => ({ base: { contacts: { email: 'Ann@x.example' }, ...more } });

async function expectVerified(): Promise<void> {
  const { checks } = await verifyWorkspace(test.database, client.workspace.created.id);
  assert.deepEqual(
    checks.filter(({ ok }) => !ok),
    [],
  );
}

describe('an aggregate node', () => {
  it('is made NEW, shown as it was sent, listed, changed, and gone when it is deleted', async () => {
    const filter = {
      type: 'simple',
      are: {
        condition: { type: 'atomic', attribute: 'base.address.city', operator: 'EQUALS', value: 'Roma' },
      },
    };
    const sent = {
      name: 'All shops',
      description: 'Of the shops',
      imageUrl: 'https://x.example/a.png',
      entryNodes: [client.nodeId.toUpperCase(), client.second, client.second],
      matchingProperties: { properties: ['base.contacts.email', 'externalId'], caseSensitive: true },
      exclusionFilters: [filter],
    };
    const made = await client.asAdmin('POST', '', sent);
    assert.equal(made.status, 201, made.text);
    const { id } = made.body;
    const shown = { id, ...sent, entryNodes: [client.nodeId, client.second], state: 'NEW' };
    assert.deepEqual(made.body, shown);
    assert.deepEqual((await client.asAdmin('GET', `/${id}`)).body, shown);
    const token = client.credentials.contacthub.adminToken;
    const former = await client.call('GET', `/configuration/nodes/views/${id}`, undefined, { token });
    assert.deepEqual(former.body, shown, 'at the path of version 1.51, too');
    const { body: list } = await client.asAdmin('GET');
    const page = { size: 20, totalElements: 1, totalUnfilteredElements: 1, totalPages: 1, number: 0 };
    assert.deepEqual(list, { page, elements: [shown] });
    assert.deepEqual((await client.asAdmin('GET', '?page=1&size=1')).body.elements, []);

    const changed = await client.asAdmin('PUT', `/${id}`, { ...shown, name: 'Shops', description: null });
    assert.equal(changed.status, 200, changed.text);
    assert.deepEqual(changed.body, { ...shown, name: 'Shops', description: null });
    const left = await client.asAdmin('PUT', `/${id}`, { name: 'S' });
    assert.deepEqual(left.body, { ...shown, name: 'S', description: null });

    assert.deepEqual(await client.customersOf(id), []);
    const gone = await client.asAdmin('DELETE', `/${id}`);
    assert.deepEqual([gone.status, gone.body], [200, {}]);
    assert.equal((await client.asAdmin('GET', `/${id}`)).status, 404);
    assert.equal((await client.asAdmin('DELETE', `/${id}`)).status, 404);
    assert.equal((await client.call('GET', `/customers?nodeId=${id}`)).status, 404);
    assert.deepEqual((await client.asAdmin('GET')).body.elements, []);
  });

  it('is refused where its body is none, with a pointer to what is wrong', async () => {
    const other = new AggregateClient(test, await test.addWorkspace());
    const good = { name: 'A', entryNodes: [client.nodeId] };
    const atomic = { type: 'atomic', attribute: 'base.nothing', operator: 'IS_NULL' };
    const did = { type: 'simple', did: { event: { name: 'viewedPage' } } };
    const cases: [body: unknown, path: string][] = [
      [[], ''],
      [{ entryNodes: [client.nodeId] }, '/name'],
      [{ name: 'A' }, '/entryNodes'],
      [{ ...good, entryNodes: [] }, '/entryNodes'],
      [{ ...good, entryNodes: ['x'] }, '/entryNodes/0'],
      [{ ...good, entryNodes: [client.nodeId, nobody] }, '/entryNodes/1'],
      // Of another workspace.
      [{ ...good, entryNodes: [other.nodeId] }, '/entryNodes/0'],
      [{ ...good, name: '' }, '/name'],
      [{ ...good, name: 'a\u0000' }, '/name'],
      [{ ...good, imageUrl: 1 }, '/imageUrl'],
      [{ ...good, state: 'ACTIVE' }, '/state'],
      [{ ...good, matchingProperties: { properties: ['tags.auto'] } }, '/matchingProperties/properties/0'],
      [{ ...good, matchingProperties: { fields: [] } }, '/matchingProperties/fields'],
      [{ ...good, exclusionFilters: {} }, '/exclusionFilters'],
      [
        { ...good, exclusionFilters: Array(11).fill({ ...atomic, attribute: 'externalId' }) },
        '/exclusionFilters',
      ],
      [
        { ...good, exclusionFilters: [{ ...atomic, attribute: 'externalId' }, atomic] },
        '/exclusionFilters/1',
      ],
      [{ ...good, exclusionFilters: [did] }, '/exclusionFilters/0'],
      [{ ...good, exclusionFilters: [{}] }, '/exclusionFilters/0'],
    ];
    for (const [body, path] of cases) {
      const reply = await client.asAdmin('POST', '', body);
      assert.equal(reply.status, 400, JSON.stringify(body));
      assert.deepEqual(
        reply.body.errors.map((error: { path: string }) => error.path),
        path === '' ? reply.body.errors.map(() => '') : [path],
        reply.text,
      );
    }
    assert.deepEqual((await client.asAdmin('GET')).body.elements, []);
    // An aggregate is no entry node.
    const id = await client.aggregate();
    assert.equal((await client.asAdmin('POST', '', { name: 'B', entryNodes: [id] })).status, 400);
  });

  it('keeps its entry nodes and its matching properties', async () => {
    const id = await client.aggregate();
    for (const [body, path] of [
      [{ entryNodes: [client.nodeId] }, '/entryNodes'],
      [{ matchingProperties: { properties: ['externalId'] } }, '/matchingProperties'],
      [{ matchingProperties: null }, '/matchingProperties'],
      [{ id: nobody }, '/id'],
      [{ state: 'LOCKED' }, '/state'],
      [{ state: 'REMOVED' }, '/state'],
    ] as const) {
      const reply = await client.asAdmin('PUT', `/${id}`, body);
      assert.deepEqual([reply.status, reply.body.errors[0]?.path], [400, path], reply.text);
    }
    const again = { entryNodes: [client.second, client.nodeId] };
    assert.equal((await client.asAdmin('PUT', `/${id}`, again)).status, 200);
  });

  it('goes from NEW to ACTIVE and nowhere else', async () => {
    const id = await client.aggregate();
    for (const state of ['NEW', 'ACTIVE', 'ACTIVE']) {
      const reply = await client.asAdmin('PUT', `/${id}/state`, { state });
      assert.deepEqual([reply.status, reply.body], [200, { state }]);
    }
    for (const state of ['NEW', 'LOCKED', 'REMOVED', 'other', null]) {
      const reply = await client.asAdmin('PUT', `/${id}/state`, { state });
      assert.deepEqual([reply.status, reply.body.errors[0].path], [400, '/state']);
    }
    const other = await client.aggregate();
    const reply = await client.asAdmin('PUT', `/${other}`, { state: 'ACTIVE' });
    assert.deepEqual([reply.status, reply.body.state], [200, 'ACTIVE']);
  });

  it('is a workspace’s own, and an administrator’s to change', async () => {
    const id = await client.active();
    await customer(client.nodeId, '1', ann());
    const [{ id: aggregated } = assert.fail()] = await client.customersOf(id);
    const other = await new AggregateClient(test, await test.addWorkspace()).setUp();
    for (const below of [`/${id}`, `/${id}/state`, `/${nobody}`, '/x']) {
      const body = below.endsWith('state') ? { state: 'ACTIVE' } : { name: 'Mine' };
      assert.equal((await other.asAdmin('PUT', below, body)).status, 404);
    }
    assert.equal((await other.asAdmin('DELETE', `/${id}`)).status, 404);
    assert.equal((await other.call('GET', `/customers?nodeId=${id}`)).status, 404);
    assert.equal((await other.call('GET', `/events?nodeId=${id}`)).status, 404);
    assert.equal((await other.call('GET', `/customers/${aggregated}`)).status, 404);
    assert.equal((await other.call('GET', `/customers/${aggregated}/entries?page=0&size=1`)).status, 404);
    assert.equal((await other.call('GET', `/events?customerId=${aggregated}`)).body.page.totalElements, 0);
    for (const token of ['', 'x'])
      assert.equal(
        (await client.call('GET', '/configuration/nodes/aggregates', undefined, { token })).status,
        401,
      );
    const source = await client.call('DELETE', `/configuration/nodes/aggregates/${id}`);
    assert.equal(source.status, 403);
    assert.equal((await client.asAdmin('GET', `/${id}`)).body.state, 'ACTIVE');
  });

  it('is listed with the entry nodes, which stay as long as it is there', async () => {
    const id = await client.aggregate();
    const path = '/configuration/nodes';
    const admin = { token: client.credentials.contacthub.adminToken };
    const list = async (query: string) => {
      const { body } = await client.call('GET', path + query, undefined, admin);
      return body.elements.map(({ id: one, type }: { id: string; type: string }) => [one, type]);
    };
    assert.deepEqual(await list('?nodeType=AGGREGATE'), [[id, 'AGGREGATE']]);
    assert.equal((await list('')).length, 3);
    const remove = () => client.call('DELETE', `${path}/entries/${client.second}`, undefined, admin);
    assert.equal((await remove()).status, 409);
    await client.asAdmin('DELETE', `/${id}`);
    assert.equal((await remove()).status, 200);
  });

  it('is for tokens that have a right in it, which is none in its entry nodes', async () => {
    const id = await client.active();
    const one = await customer(client.nodeId, '1', ann());
    const [{ id: shown } = assert.fail()] = await client.customersOf(id);
    const admin = { token: client.credentials.contacthub.adminToken };
    const limitedTo = async (nodeId: string) => {
      const token = await client.tokenOf('ADMIN');
      const me = await inject(test, { method: 'GET', url: '/hub/v1/me', headers: bearer(token) });
      const rights = { nodes: [{ id: nodeId, permission: 'RW' }] };
      const put = await client.call('PUT', `/configuration/users/${me.body.id}`, rights, admin);
      assert.equal(put.status, 200, put.text);
      const again = await inject(test, { method: 'GET', url: '/hub/v1/me', headers: bearer(token) });
      const [{ workspaces }] = again.body.groups;
      assert.deepEqual(workspaces[0].nodes, [{ id: nodeId, permission: nodeId === id ? 'R' : 'RW' }]);
      return async (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: object) =>
        (await client.call(method, path, body, { token })).status;
    };
    const ofAggregate = await limitedTo(id);
    const ofEntry = await limitedTo(client.nodeId);
    const node = `/configuration/nodes/aggregates/${id}`;
    for (const [path, byAggregate, byEntry] of [
      [`/customers?nodeId=${id}`, 200, 403],
      [`/customers/${shown}`, 200, 403],
      [`/events?nodeId=${id}`, 200, 403],
      [`/events?customerId=${shown}`, 200, 403],
      [`/customers/${shown}/entries?page=0&size=1`, 403, 403],
      [`/customers/${one}`, 403, 200],
      [`/customers?nodeId=${client.nodeId}`, 403, 200],
      [node, 200, 403],
    ] as const)
      assert.deepEqual(
        [await ofAggregate('GET', path), await ofEntry('GET', path)],
        [byAggregate, byEntry],
        path,
      );
    assert.equal(await ofEntry('DELETE', node), 403);
    assert.equal(await ofEntry('PUT', `${node}/state`, { state: 'ACTIVE' }), 403);
    const made = { name: 'B', entryNodes: [client.nodeId] };
    assert.equal(await ofEntry('POST', '/configuration/nodes/aggregates', made), 403);
    assert.equal((await client.asAdmin('GET', `/${id}`)).status, 200);
  });

  it('is one of at most 20', async () => {
    for (let index = 0; index < 20; index++) await client.aggregate({ name: `A${index}` });
    const reply = await client.asAdmin('POST', '', { name: 'More', entryNodes: [client.nodeId] });
    assert.equal(reply.status, 409);
    assert.equal((await client.asAdmin('GET', '?size=50')).body.elements.length, 20);
  });
});

describe('an aggregate node that is being made', () => {
  it('is LOCKED and not read, follows what is written, and goes on where a process has left it', async () => {
    const { services } = test.app;
    const before: string[] = [];
    for (let index = 0; index < 7; index++) before.push(await customer(client.nodeId, `${index}`, ann()));
    const id = await client.aggregate();
    const workspace = await services.workspaces.get(client.workspace.created.id);
    const wanted = { isActivated: true };
    const changed = await changeAggregate(services, workspace, id, wanted, 'a test', new Date());
    assert.ok(changed?.jobId);
    const due = { workspaceId: workspace.id, id: changed.jobId };
    const runner = () => new JobRunner({ ...services }, () => [buildJob(services, 2)]);
    await runner().run(due, { slices: 2 });
    const later = await customer(client.second, 'later', ann());
    assert.equal((await client.call('DELETE', `/customers/${before[0]}`)).status, 200);
    assert.equal((await client.asAdmin('GET', `/${id}`)).body.state, 'LOCKED');
    for (const path of [`/customers?nodeId=${id}`, `/events?nodeId=${id}`]) {
      const reply = await client.call('GET', path);
      assert.deepEqual([reply.status, reply.headers['retry-after']], [423, '1']);
    }
    const { body } = await client.native.call('GET', `/jobs/${due.id}`);
    assert.deepEqual(body.progress, { done: 4, failed: 0, total: 7 });
    await runner().runToEnd(due);
    await services.workspaces.reload(workspace.id);
    const [shown, ...more] = await client.customersOf(id);
    assert.deepEqual(more, []);
    assert.deepEqual(await client.entriesOf(shown.id), [...before.slice(1), later]);
    await expectVerified();
  });

  it('says what 100 parts make, the oldest, however many match, and has what all of them did', async () => {
    const id = await client.active({ matchingProperties: { properties: ['base.gender'] } });
    let last = '';
    for (let index = 0; index < 102; index++)
      last = await customer(client.nodeId, `${index}`, { base: { gender: 'f', firstName: `n${index}` } });
    await client.view({ customerId: last });
    const [shown] = await client.customersOf(id);
    assert.equal(shown.base.firstName, 'n99');
    assert.equal((await client.entriesOf(shown.id)).length, 102);
    const { body } = await client.call('GET', `/customers/${shown.id}/stats/event-category-distribution`);
    assert.equal(body.data[0]?.type, 'viewedPage');
    await expectVerified();
  });
});

describe('the customers of an aggregate node', () => {
  it('are the entry customers that match, shown as one with an id that stays while a part is left', async () => {
    const one = await customer(client.nodeId, '1', {
      ...ann({
        firstName: 'Ann',
        lastName: 'Rossi',
        subscriptions: [{ id: 'news', name: 'N', subscribed: false }],
      }),
      tags: { auto: [], manual: ['vip', 'web'] },
    });
    const id = await client.active();
    const two = await customer(client.second, '2', {
      base: {
        contacts: { email: 'ann@X.example', phone: '1' },
        firstName: 'Anna',
        subscriptions: [
          { id: 'news', subscribed: true },
          { id: 'sport', subscribed: true },
        ],
      },
      tags: { auto: [], manual: ['gold', 'web'] },
      enabled: false,
    });
    const alone = await customer(client.second, '3', { base: { firstName: 'Bob' } });
    const [bob, both, ...more] = await client.customersOf(id);
    assert.deepEqual(more, []);
    assert.deepEqual(await client.entriesOf(bob.id), [alone]);
    assert.deepEqual(await client.entriesOf(both.id), [one, two]);
    assert.ok(![one, two, alone].includes(both.id));
    const read = (entry: string) => client.call('GET', `/customers/${entry}`).then(({ body }) => body);
    const [first, second] = [await read(one), await read(two)];
    assert.deepEqual(both, {
      ...second,
      id: both.id,
      intId: first.intId,
      nodeId: id,
      registeredAt: first.registeredAt,
      base: {
        ...second.base,
        lastName: 'Rossi',
        subscriptions: [{ ...second.base.subscriptions[0], name: 'N' }, second.base.subscriptions[1]],
      },
      tags: { auto: [], manual: ['vip', 'web', 'gold'] },
    });
    assert.deepEqual(await read(both.id), both);
    assert.equal(
      (await client.call('GET', `/customers/${both.id}/subscriptions/sport`)).body.subscribed,
      true,
    );

    assert.equal(
      (await client.call('PATCH', `/customers/${one}`, { base: { lastName: 'Verdi' } })).status,
      200,
    );
    assert.equal((await read(both.id)).base.lastName, 'Verdi');
    assert.equal((await client.call('DELETE', `/customers/${one}`)).status, 200);
    assert.deepEqual(await client.entriesOf(both.id), [two]);
    assert.equal((await read(both.id)).base.lastName, null);
    await client.call('PATCH', `/customers/${two}`, { base: { contacts: { email: 'other@x.example' } } });
    assert.equal((await read(both.id)).base.contacts.email, 'other@x.example');
    assert.deepEqual(await client.entriesOf(both.id), [two]);
    assert.equal((await client.customersOf(id)).length, 2);
    await expectVerified();
  });

  it('have the older id where two meet, go with the oldest part where they part, and leave nothing of a merge that is undone', async () => {
    const email = (address: string) => ({ base: { contacts: { email: address } } });
    const id = await client.active();
    const one = await customer(client.nodeId, '1', email('one@x.example'));
    const two = await customer(client.second, '2', email('two@x.example'));
    const three = await customer(client.nodeId, '3', email('two@x.example'));
    const patch = (entry: string, address: string) =>
      client.call('PATCH', `/customers/${entry}`, email(address));
    /** By entry customer, the id of the customer that it is part of. */
    const idsOf = async () => {
      const found = await client.customersOf(id);
      const parts = await Promise.all(found.map((shown) => client.entriesOf(shown.id)));
      return Object.fromEntries(
        parts.flatMap((entries, index) => entries.map((entry) => [entry, found[index].id])),
      );
    };
    const { [one]: first, [two]: second } = await idsOf();
    assert.deepEqual(await idsOf(), { [one]: first, [two]: second, [three]: second });

    await patch(one, 'two@x.example');
    assert.deepEqual(await idsOf(), { [one]: first, [two]: first, [three]: first });
    await patch(one, 'three@x.example');
    assert.deepEqual(await idsOf(), { [one]: first, [two]: second, [three]: second });

    const { body } = await client.native.call('POST', '/links', { body: { first: one, second: three } });
    assert.equal(Object.keys(await idsOf()).length, 2);
    await patch(one, 'four@x.example');
    assert.deepEqual(await idsOf(), { [one]: first, [two]: second });
    await client.native.call('POST', `/links/${body.link.id}/undo`, { body: {} });
    assert.deepEqual(await idsOf(), { [one]: first, [two]: second, [three]: second });

    await client.call('DELETE', `/customers/${two}`);
    assert.deepEqual(await idsOf(), { [one]: first, [three]: second });
    await client.native.call('POST', '/rebuild');
    assert.deepEqual(await idsOf(), { [one]: first, [three]: second });
    await expectVerified();
  });

  it('are found by conditions, by what was done, sorted and counted as those of entry nodes are', async () => {
    const id = await client.active();
    await customer(client.nodeId, '1', ann({ firstName: 'Ann' }));
    const two = await customer(client.second, '2', { ...ann(), tags: { auto: [], manual: ['vip'] } });
    await customer(client.second, '3', { base: { firstName: 'Bob' }, tags: { auto: [], manual: ['vip'] } });
    await client.view({ customerId: two });
    const find = async (query: object, more = '') => {
      const found = await client.customersOf(
        id,
        `&query=${encodeURIComponent(JSON.stringify({ query }))}${more}`,
      );
      return found.map(({ base }) => base.firstName);
    };
    const atomic = (attribute: string, operator: string, value?: unknown) => ({
      type: 'simple',
      are: { condition: { type: 'atomic', attribute, operator, value } },
    });
    assert.deepEqual(await find(atomic('tags.manual', 'EQUALS', 'vip'), '&sort=base.firstName'), [
      'Ann',
      'Bob',
    ]);
    assert.deepEqual(await find(atomic('base.contacts.email', 'IS_NULL')), ['Bob']);
    assert.deepEqual(await find(atomic('base.firstName', 'LIKE', 'an%')), ['Ann']);
    assert.deepEqual(await find(atomic('version', 'GT', 0), '&sort=base.lastName&sort=base.firstName,desc'), [
      'Bob',
      'Ann',
    ]);
    assert.deepEqual(await find({ type: 'simple', did: { event: { name: 'viewedPage' } } }), ['Ann']);
    const { body } = await client.call('GET', `/customers?nodeId=${id}&externalId=2&fields=base.firstName`);
    assert.deepEqual([body.page.totalElements, body.page.totalUnfilteredElements], [1, 2]);
    const stats = async (path: string) => (await client.call('GET', `/stats/${path}`)).body;
    assert.equal((await stats(`customers/count?nodeId=${id}`)).data.total, '2');
    assert.equal((await stats('customers/count')).data.total, '3');
    assert.equal((await stats(`customers/communication-channels?nodeId=${id}`)).data.emailOnly, '1');
    const node = (await stats('nodes')).elements.find((element: { id: string }) => element.id === id);
    assert.deepEqual([node.type, node.customers], ['AGGREGATE', 2]);
    assert.equal(body.elements[0].base.firstName, 'Ann');
  });

  it('have the events of their parts', async () => {
    const id = await client.active();
    const one = await customer(client.nodeId, '1', ann());
    const two = await customer(client.second, '2', ann());
    const third = await customer(client.second, '3', { base: { firstName: 'Bob' } });
    const events = [
      await client.view({ customerId: one }),
      await client.view({ session: 's1' }),
      await client.view({ customerId: two }, { context: 'MOBILE' }),
      await client.view({ customerId: third }),
    ];
    await client.call('POST', `/customers/${one}/sessions`, { value: 's1' });
    await client.view({ session: 'of nobody' });
    const [, ann1] = await client.customersOf(id);
    const find = async (query: string) => {
      const { status, body, text } = await client.call('GET', `/events?size=100&sort=date,asc&${query}`);
      assert.equal(status, 200, text);
      return body.elements as { id: string; customerId: string }[];
    };
    const ids = async (query: string) => (await find(query)).map((event) => event.id);
    assert.deepEqual(await ids(`nodeId=${id}`), events);
    assert.deepEqual(await ids(`nodeId=${id}&type=viewedPage&context=MOBILE`), [events[2]]);
    assert.deepEqual(await ids(`customerId=${ann1.id}`), events.slice(0, 3));
    assert.deepEqual(await ids(`customerId=${ann1.id}&nodeId=${client.second}`), [events[2]]);
    assert.deepEqual(await ids(`customerId=${one}&nodeId=${id}`), events.slice(0, 2));
    for (const query of [`customerId=${ann1.id}`, `customerId=${one}&nodeId=${id}`])
      for (const event of await find(query)) assert.equal(event.customerId, ann1.id);
    assert.deepEqual((await client.call('GET', `/customers/${ann1.id}/sessions`)).body.elements.length, 1);
    const { body } = await client.call('GET', `/customers/${ann1.id}/sources`);
    assert.deepEqual(body.elements.length, 1);
  });

  it('can’t be written to, nor can the node: 400', async () => {
    const id = await client.active();
    await customer(client.nodeId, '1', ann({ subscriptions: [{ id: 'news', subscribed: true }] }));
    const [shown] = await client.customersOf(id);
    const at = `/customers/${shown.id}`;
    const sub = { id: 'news', subscribed: false };
    const event = { type: 'viewedPage', context: 'WEB', properties: {} };
    const back = { type: 'SESSION_ID', value: 's', nodeId: id };
    for (const [method, path, body] of [
      ['POST', '/customers', { nodeId: id, externalId: '9' }],
      ['PATCH', at, { base: { firstName: 'X' } }],
      ['PUT', at, { nodeId: id, externalId: '1', base: {} }],
      ['DELETE', at, undefined],
      ['POST', `${at}/subscriptions`, sub],
      ['PUT', `${at}/subscriptions/news`, sub],
      ['DELETE', `${at}/subscriptions/news`, undefined],
      ['POST', `${at}/likes`, { id: '1' }],
      ['POST', `${at}/sessions`, { value: 's' }],
      ['DELETE', `${at}/sessions/${nobody}`, undefined],
      ['DELETE', `${at}/forget`, undefined],
      ['POST', `${at}/forget`, undefined],
      ['GET', `${at}/export`, undefined],
      ['POST', '/events', { ...event, customerId: shown.id }],
      ['POST', '/events', { ...event, bringBackProperties: back }],
      ['GET', `/updates?nodeId=${id}`, undefined],
      ['GET', `/nodes/${id}/bulk-jobs`, undefined],
    ] as const) {
      const options = /forget|export|updates|bulk/.test(path)
        ? { token: client.credentials.contacthub.operatorToken }
        : {};
      const reply = await client.call(method, path, body, options);
      assert.equal(reply.status, 400, `${method} ${path}: ${reply.text}`);
      assert.match(reply.body.message, /aggregate/);
    }
    const changed = await client.native.call('PATCH', `/contacthub/nodes/${id}`, { body: { name: 'X' } });
    assert.equal(changed.status, 404);
    assert.deepEqual(await client.customersOf(id), [shown]);
  });

  it('are listed with their parts by pages that must be asked for, and no entry customer has parts', async () => {
    const id = await client.active();
    const parts: string[] = [];
    for (let index = 0; index < 5; index++)
      parts.push(await customer(index % 2 ? client.nodeId : client.second, `${index}`, ann()));
    const [shown] = await client.customersOf(id);
    const path = `/customers/${shown.id}/entries`;
    const { body } = await client.call('GET', `${path}?page=1&size=2`);
    assert.deepEqual(body.page, {
      size: 2,
      totalElements: 5,
      totalUnfilteredElements: 5,
      totalPages: 3,
      number: 1,
    });
    assert.deepEqual(
      body.elements,
      await Promise.all(
        parts.slice(2, 4).map(async (part) => (await client.call('GET', `/customers/${part}`)).body),
      ),
    );
    assert.deepEqual((await client.call('GET', `${path}?page=9&size=2`)).body.elements, []);
    for (const query of ['', '?page=0', '?size=1', '?page=0&size=0', '?page=-1&size=1', '?page=0&size=1001'])
      assert.equal((await client.call('GET', path + query)).status, 400, query);
    assert.equal((await client.call('GET', `/customers/${parts[0]}/entries?page=0&size=1`)).status, 400);
    assert.equal((await client.call('GET', `/customers/${nobody}/entries?page=0&size=1`)).status, 404);
  });

  it('leave out whom a filter finds, as the filters are by now', async () => {
    const from = (city: string) => ({
      type: 'atomic',
      attribute: 'base.address.city',
      operator: 'EQUALS',
      value: city,
    });
    const id = await client.active({ exclusionFilters: [from('Roma')] });
    const rome = await customer(client.nodeId, '1', ann({ address: { city: 'Roma' } }));
    const other = await customer(client.second, '2', ann());
    await client.view({ customerId: rome });
    const entries = async () => {
      const found = await client.customersOf(id);
      return (await Promise.all(found.map((one) => client.entriesOf(one.id)))).flat();
    };
    const countEvents = async () =>
      (await client.call('GET', `/events?nodeId=${id}`)).body.page.totalElements;
    assert.deepEqual([await entries(), await countEvents()], [[other], 0]);
    const { body } = await client.asAdmin('PUT', `/${id}`, {
      exclusionFilters: [from('Milano'), from('Paris')],
    });
    assert.equal(body.state, 'ACTIVE');
    assert.deepEqual([await entries(), await countEvents()], [[rome, other], 1]);
    await client.call('PATCH', `/customers/${rome}`, { base: { address: { city: 'Paris' } } });
    assert.deepEqual(await entries(), [other]);
    await client.asAdmin('PUT', `/${id}`, { exclusionFilters: null });
    assert.deepEqual(await entries(), [rome, other]);
    await expectVerified();
  });

  it('are taken out with the node by a job, and entry customers stay', async () => {
    const id = await client.active();
    const one = await customer(client.nodeId, '1', ann());
    const [shown] = await client.customersOf(id);
    assert.equal((await client.asAdmin('DELETE', `/${id}`)).status, 200);
    assert.equal((await client.call('GET', `/customers/${shown.id}`)).status, 404);
    await test.app.services.jobs.settle();
    const { body } = await client.native.call('GET', '/jobs');
    const removal = body.jobs.find(({ kind }: { kind: string }) => kind === 'contacthub-aggregate-removal');
    assert.deepEqual([removal.state, removal.result], ['finished', { customers: 1 }]);
    assert.equal((await client.call('GET', `/customers/${one}`)).status, 200);
    await test.app.services.workspaces.reload(client.workspace.created.id);
    const { body: nodes } = await client.native.call('GET', '/nodes');
    assert.ok(!JSON.stringify(nodes).includes(id));
    await expectVerified();
  });

  it('are shown natively as the node that they are of, without what their ids are made with', async () => {
    const id = await client.active();
    const { body } = await client.native.call('GET', '/nodes');
    const node = body.nodes.find((one: { id: string }) => one.id === id);
    assert.equal(node.kind, 'aggregate');
    assert.equal(node.settings.aggregate.state, 'ACTIVE');
    assert.ok(!('idSecret' in node.settings.aggregate));
  });
});
