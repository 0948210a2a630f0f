import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pino } from 'pino';
import { findNode } from '../../../src/dialects/contacthub/access.ts';
import { emptyNodeJob, requestEmptying } from '../../../src/dialects/contacthub/node/empty-node.ts';
import { JobRunner } from '../../../src/jobs/run-jobs.ts';
import { useApp } from '../../helpers/app.ts';
import { verifyWorkspace } from '../../helpers/derived.ts';
import { inject } from '../../helpers/vendor-client.ts';
import { ContacthubClient, type Reply } from './client.ts';

const test = await useApp({ freshWorkspace: true });
const client = new ContacthubClient(test);
const nobody = '0191c2a0-0000-7000-8000-000000000000';

const asAdmin = () => ({ token: client.credentials.contacthub.adminToken });
const entries = '/nodes/entries';
const make = (body: object = {}) => client.configure('POST', entries, { name: 'Shop', ...body }, 201);
const settle = () => test.app.services.jobs.settle();

/** A customer of a node, with an event each of its own, of a session and of another API's id. */
async function fill(nodeId: string, email: string): Promise<string> {
  const { id } = await client.create(email, { nodeId, externalId: email });
  await client.view({ customerId: id });
  for (const [type, value] of [
    ['SESSION_ID', `session of ${email}`],
    ['EXTERNAL_ID', `nobody yet ${email}`],
  ])
    await client.view({ session: '' }, { bringBackProperties: { type, value, nodeId } });
  const session = { value: `session of ${email}` };
  assert.equal((await client.call('POST', `/customers/${id}/sessions`, session)).status, 201);
  return id;
}

const totals = async (nodeId: string) => {
  const customers = await client.call('GET', `/customers?nodeId=${nodeId}`);
  const events = await client.call('GET', `/events?nodeId=${nodeId}`);
  return [customers.body.page?.totalElements, events.body.page?.totalElements];
};

async function assertVerified(): Promise<void> {
  const { checks } = await verifyWorkspace(test.database, test.workspace.created.id);
  assert.deepEqual(
    checks.filter(({ ok }) => !ok),
    [],
  );
}

async function readUpdates(offset: number): Promise<string[]> {
  const token = await client.tokenOf('PLATFORM_UPDATES');
  const reply = await client.call('GET', `/updates?size=1000&offset=${offset}`, undefined, { token });
  return reply.body.updates.map(
    ({ operation, entity }: Reply['body']) => `${operation} ${entity.type} ${entity.data.nodeId ?? ''}`,
  );
}

async function lastOffset(): Promise<number> {
  const token = await client.tokenOf('PLATFORM_UPDATES');
  return (await client.call('GET', '/updates/last-offset', undefined, { token })).body.lastOffset;
}

describe('entry nodes', () => {
  it('are made with what is given and the default of the rest, and shown in full', async () => {
    const given = {
      name: 'Shop',
      description: 'Rome',
      imageUrl: 'https://example.com/shop.png',
      uniqueCustomer: { properties: ['externalId'], caseSensitive: true },
      sourcePriority: [nobody],
      mandatoryProperties: ['base.firstName'],
    };
    const made = await make(given);
    assert.deepEqual(made, { ...given, id: made.id });
    assert.deepEqual(await client.configure('GET', `${entries}/${made.id}`), made);
    const bare = await make({ name: 'Bare' });
    assert.deepEqual(bare, {
      name: 'Bare',
      description: null,
      imageUrl: null,
      uniqueCustomer: { properties: ['base.contacts.email'], caseSensitive: false },
      sourcePriority: [],
      mandatoryProperties: [],
      id: bare.id,
    });
    const { nodes } = await client.native.read('/nodes');
    const [native] = nodes.filter(({ id }: { id: string }) => id === made.id);
    const { name: _, ...settings } = given;
    assert.deepEqual(native.settings, { uniquenessPolicy: 'MERGE', ...settings });
  });

  it('hold customers of their own, found by their own rules', async () => {
    const shop = await make({ uniqueCustomer: { properties: ['externalId'] } });
    const post = (nodeId: string, body: object) => client.call('POST', '/customers', { nodeId, ...body });
    const email = { base: { contacts: { email: 'one@example.com' } } };
    const { body: here } = await post(client.nodeId, email);
    const { body: there } = await post(shop.id, { externalId: 'A', ...email });
    assert.notEqual(here.id, there.id);
    assert.equal(there.nodeId, shop.id);
    assert.equal((await post(shop.id, { externalId: 'a', base: { firstName: 'A' } })).body.id, there.id);
    const refused = await post(shop.id, email);
    assert.deepEqual([refused.status, refused.body.errors[0].path], [400, '/externalId']);
    assert.deepEqual(await totals(shop.id), [1, 0]);
    const me = await client.test.app.http.inject({
      method: 'GET',
      url: '/hub/v1/me',
      headers: { authorization: `Bearer ${client.credentials.contacthub.token}` },
    });
    assert.equal(me.json().groups[0].workspaces[0].nodes.length, 2);
  });

  it('are listed in pages, by kind', async () => {
    const ids = [client.nodeId];
    for (const name of ['A', 'B', 'C']) ids.push((await make({ name })).id);
    const idsOf = (body: Reply['body']) => body.elements.map(({ id }: { id: string }) => id);
    const all = await client.configure('GET', '/nodes');
    assert.deepEqual(idsOf(all), ids);
    assert.deepEqual(all.page, {
      size: 20,
      totalElements: 4,
      totalUnfilteredElements: 4,
      totalPages: 1,
      number: 0,
    });
    assert.deepEqual(all.elements[1], {
      id: ids[1],
      name: 'A',
      description: null,
      imageUrl: null,
      type: 'ENTRY',
    });
    assert.deepEqual(idsOf(await client.configure('GET', '/nodes?nodeType=ENTRY&size=3&page=1')), [ids[3]]);
    const none = await client.configure('GET', '/nodes?nodeType=AGGREGATE');
    assert.deepEqual([none.elements, none.page.totalUnfilteredElements], [[], 4]);
    assert.deepEqual((await client.configure('GET', '/nodes?size=0')).elements, []);
    const list = await client.configure('GET', `${entries}?size=2`);
    assert.deepEqual([idsOf(list), list.page.totalPages], [ids.slice(0, 2), 2]);
    assert.deepEqual(list.elements[1].uniqueCustomer.properties, ['base.contacts.email']);
    for (const query of ['size=51', 'page=-1', 'nodeType=VIEW', 'size=x'])
      assert.equal(
        (await client.call('GET', `/configuration/nodes?${query}`, undefined, asAdmin())).status,
        400,
      );
  });

  it('are changed by PUT, which leaves what it does not name and makes keys anew by another rule', async () => {
    const { id, ...made } = await make({ description: 'Rome', mandatoryProperties: ['base.lastName'] });
    const body = { base: { lastName: 'Lee', contacts: { email: 'put@example.com' } }, nodeId: id };
    const { body: customer } = await client.call('POST', '/customers', body);
    const change = {
      id,
      name: 'Store',
      description: null,
      uniqueCustomer: { properties: ['base.lastName'], caseSensitive: false },
    };
    assert.deepEqual(await client.configure('PUT', `${entries}/${id}`, change), { ...made, ...change });
    await settle();
    const again = await client.call('POST', '/customers', { nodeId: id, base: { lastName: 'LEE' } });
    assert.equal(again.body.id, customer.id);
  });

  it('are refused by the pointer of what is wrong, and nothing is made or changed', async () => {
    const uniqueCustomer = { properties: ['base.contacts.email'], caseSensitive: false };
    const cases: [object, string][] = [
      [{}, '/name'],
      [{ name: ' ' }, '/name'],
      [{ name: 'a\u0000' }, '/name'],
      [{ name: 'x', description: 1 }, '/description'],
      [{ name: 'x', imageUrl: 'nowhere' }, '/imageUrl'],
      [{ name: 'x', uniqueCustomer: { properties: [] } }, '/uniqueCustomer/properties'],
      [{ name: 'x', uniqueCustomer: { properties: ['base.jobs'] } }, '/uniqueCustomer/properties'],
      [{ name: 'x', uniqueCustomer: {} }, '/uniqueCustomer/properties'],
      [{ name: 'x', sourcePriority: ['first'] }, '/sourcePriority/0'],
      [{ name: 'x', sourcePriority: [nobody, nobody] }, '/sourcePriority'],
      [{ name: 'x', mandatoryProperties: ['base.shoeSize'] }, '/mandatoryProperties'],
      [{ name: 'x', uniquenessPolicy: 'BLOCK' }, '/uniquenessPolicy'],
    ];
    const before = await client.configure('GET', entries);
    for (const [body, path] of cases) {
      const reply = await client.call('POST', `/configuration${entries}`, body, asAdmin());
      assert.equal(reply.status, 400, JSON.stringify(body));
      assert.deepEqual([reply.body.message, reply.body.errors[0].path], ['source node is not valid', path]);
      const whole = { id: client.nodeId, uniqueCustomer, ...body };
      const url = `/configuration${entries}/${client.nodeId}`;
      const changed = await client.call('PUT', url, whole, asAdmin());
      assert.deepEqual([changed.status, changed.body.errors[0].path], [400, path], JSON.stringify(body));
    }
    const url = `/configuration${entries}/${client.nodeId}`;
    for (const [body, path] of [
      [{ id: nobody, name: 'x', uniqueCustomer }, '/id'],
      [{ name: 'x', uniqueCustomer }, '/id'],
      [{ id: client.nodeId, name: 'x' }, '/uniqueCustomer'],
    ] as const) {
      const reply = await client.call('PUT', url, body, asAdmin());
      assert.deepEqual([reply.status, reply.body.errors[0].path], [400, path]);
    }
    assert.deepEqual(await client.configure('GET', entries), before);
  });

  it('of nobody, of another API and of another workspace are not found', async () => {
    const other = new ContacthubClient(test, await test.addWorkspace());
    const { nodes } = await client.native.read('/nodes');
    const [octeth] = nodes.filter(({ dialect }: { dialect: string }) => dialect === 'octeth');
    const uniqueCustomer = { properties: ['externalId'] };
    for (const id of [nobody, 'x', octeth.id, other.nodeId])
      for (const [method, path, body] of [
        ['GET', ''],
        ['PUT', '', { id: nobody, name: 'x', uniqueCustomer }],
        ['DELETE', ''],
        ['POST', '/empty'],
        ['GET', '/unique-customer-matching-policy'],
        ['PUT', '/unique-customer-matching-policy', uniqueCustomer],
      ] as const) {
        const reply = await client.call(method, `/configuration${entries}/${id}${path}`, body, asAdmin());
        assert.deepEqual(
          [reply.status, reply.body.message],
          [404, `node not found ${id}`],
          `${method} ${path}`,
        );
      }
    assert.equal((await other.configure('GET', entries)).elements.length, 1);
  });

  it('are made, and what holds in all of them is set, by no token that is limited to some', async () => {
    const token = client.credentials.contacthub.adminToken;
    const me = await inject(test, {
      method: 'GET',
      url: '/hub/v1/me',
      headers: { authorization: `Bearer ${token}` },
    });
    const rights = { nodes: [{ id: client.nodeId, permission: 'RW' }] };
    await client.call('PUT', `/configuration/users/${me.body.id}`, rights, {
      token: client.credentials.contacthub.operatorToken,
    });
    for (const [method, path, sent] of [
      ['POST', entries, { name: 'x' }],
      ['PUT', '', { name: 'x' }],
      ['PUT', '/throttling', { maxRequestsPerMinute: 1 }],
      ['PUT', '/properties/base/title', { enabled: false }],
      ['PUT', '/customers/properties/base/title/enabled', { value: false }],
      ['PUT', '/properties/extended', {}],
    ] as const) {
      const reply = await client.call(method, `/configuration${path}`, sent, { token });
      assert.equal(reply.status, 403, `${method} ${path}`);
    }
    assert.equal((await client.configure('GET', entries)).elements.length, 1);
  });

  it('are a hundred at most, also of many who make them at once', async () => {
    const replies = await Promise.all(
      Array.from({ length: 104 }, (_, index) =>
        client.call('POST', `/configuration${entries}`, { name: `n${index}` }, asAdmin()),
      ),
    );
    assert.equal(replies.filter(({ status }) => status === 201).length, 99);
    assert.equal(replies.filter(({ status }) => status === 409).length, 5);
    assert.equal((await client.configure('GET', '/nodes')).page.totalElements, 100);
  });
});

describe('the matching policy of a node', () => {
  it('is the default where nothing was said, and what PUT makes it', async () => {
    const policy = { properties: ['base.contacts.email'], caseSensitive: false };
    assert.deepEqual(await client.configure('GET', '/unique-customer-matching-policy'), policy);
    const path = `${entries}/${client.nodeId}/unique-customer-matching-policy`;
    assert.deepEqual(await client.configure('GET', path), policy);
    const { id } = await client.create('policy@example.com', { base: { firstName: 'Ann' } });
    const byName = { properties: ['base.firstName'], caseSensitive: true };
    assert.deepEqual(await client.configure('PUT', path, byName), byName);
    await settle();
    const found = await client.call('POST', '/customers', {
      nodeId: client.nodeId,
      base: { firstName: 'Ann' },
    });
    assert.equal(found.body.id, id);
    assert.deepEqual((await client.configure('GET', `${entries}/${client.nodeId}`)).uniqueCustomer, byName);
    for (const [body, pointer] of [
      [{ properties: [] }, '/properties'],
      [{ properties: ['base.jobs'] }, '/properties'],
      [{ caseSensitive: true }, '/properties'],
      [{ ...byName, more: 1 }, '/more'],
    ] as const) {
      const reply = await client.call('PUT', `/configuration${path}`, body, asAdmin());
      assert.deepEqual([reply.status, reply.body.errors[0].path], [400, pointer]);
    }
  });
});

describe('a node that is emptied', () => {
  it('loses its customers, sessions and events, which are told and counted, and no other node any', async () => {
    const shop = await make();
    const kept = await fill(client.nodeId, 'kept@example.com');
    for (const name of ['a', 'b', 'c']) await fill(shop.id, `${name}@example.com`);
    assert.deepEqual(await totals(shop.id), [3, 9]);
    const before = await lastOffset();
    assert.deepEqual(await client.configure('POST', `${entries}/${shop.id}/empty`, undefined, 202), {});
    await settle();
    assert.deepEqual(await totals(shop.id), [0, 0]);
    assert.deepEqual(await totals(client.nodeId), [1, 3]);
    assert.equal((await client.call('GET', `/customers/${kept}`)).status, 200);
    const told = Map.groupBy(await readUpdates(before), (update) => update);
    assert.deepEqual([...told].map(([update, times]) => [update, times.length]).sort(), [
      [`DELETE CUSTOMER ${shop.id}`, 3],
      ['DELETE EVENT ', 9],
    ]);
    const { jobs } = await client.native.read('/jobs');
    const [job] = jobs.filter(({ kind }: { kind: string }) => kind === 'contacthub-empty-node');
    assert.deepEqual([job.state, job.result], ['finished', { customers: 3, events: 9 }]);
    const { hours } = await client.native.read('/accounting');
    const own = hours.filter(({ dialect }: { dialect: string }) => dialect === 'contacthub');
    assert.equal(
      own.reduce((sum: number, { deleted }: { deleted: number }) => sum + deleted, 0),
      9,
    );
    await assertVerified();
    assert.equal((await client.create('a@example.com', { nodeId: shop.id })).deleted, 0);
  });

  it('parts nobody else: who was one person, or one customer, by those who go stays right', async () => {
    const shop = await make();
    const ids: string[] = [];
    for (const name of ['a', 'b', 'c', 'd']) ids.push(await fill(shop.id, `${name}@example.com`));
    const link = async (first: string, second: string) => {
      const reply = await client.native.call('POST', '/links', { body: { first, second } });
      assert.equal(reply.status, 201, reply.text);
    };
    // Two who are one customer; two elsewhere who are one person by him alone, and two who share his address, too.
    await link(ids[0] ?? '', ids[1] ?? '');
    const apart = ['x@example.com', 'y@example.com'];
    for (const address of apart) await link((await client.create(address)).id, ids[3] ?? '');
    const email = 'c@example.com';
    const { id: here } = await client.create(email);
    const { apiKey, licenseCode } = client.credentials.webengage;
    const user = await inject(test, {
      method: 'POST',
      url: `/v1/accounts/${licenseCode}/users`,
      headers: { authorization: `Bearer ${apiKey}` },
      body: { userId: 'linked', email },
    });
    assert.equal(user.status, 201, user.text);
    await client.configure('POST', `${entries}/${shop.id}/empty`, undefined, 202);
    await settle();
    assert.deepEqual(await totals(shop.id), [0, 0]);
    const { jobs } = await client.native.read('/jobs');
    const [job] = jobs.filter(({ kind }: { kind: string }) => kind === 'contacthub-empty-node');
    assert.deepEqual(job.result, { customers: 3, events: 12 });
    const personOf = (address: string) => client.native.read(`/people/lookup?kind=email&value=${address}`);
    const persons = await Promise.all(apart.map(personOf));
    assert.notEqual(persons[0].id, persons[1].id, 'nobody makes them one any more');
    const { profiles } = await client.native.read(`/people/${(await personOf(email)).id}`);
    const dialects = profiles.map(({ dialect }: { dialect: string }) => dialect).sort();
    assert.deepEqual(dialects, ['contacthub', 'webengage'], 'who shares the address is one person still');
    assert.ok(profiles.some(({ id }: { id: string }) => id === here));
    await assertVerified();
  });

  it('by eventsOnly keeps its customers', async () => {
    const id = await fill(client.nodeId, 'events@example.com');
    await client.configure('POST', `${entries}/${client.nodeId}/empty?eventsOnly=true`, undefined, 202);
    await settle();
    assert.deepEqual(await totals(client.nodeId), [1, 0]);
    assert.equal((await client.call('GET', `/customers/${id}`)).body.version, 1);
    await assertVerified();
    const refused = await client.call(
      'POST',
      `/configuration${entries}/${client.nodeId}/empty?eventsOnly=some`,
      undefined,
      asAdmin(),
    );
    assert.equal(refused.status, 400);
  });

  it('goes on where a process died, and keeps what came in after it was asked for', async () => {
    const shop = await make();
    const ids: string[] = [];
    for (const name of ['a', 'b', 'c', 'd']) ids.push(await fill(shop.id, `${name}@example.com`));
    const { services } = test.app;
    const kinds = [emptyNodeJob(services, 3)];
    const workspace = await services.workspaces.get(client.workspace.created.id);
    const node = findNode(workspace, shop.id);
    assert.ok(node);
    // As another process does: nobody here looks for its jobs.
    const ask = (eventsOnly: boolean) =>
      requestEmptying(services, workspace, node, { eventsOnly, requestedBy: 'a test' }, new Date());
    const jobs = [await ask(true), await ask(false), await ask(true)];
    assert.equal(new Set(jobs).size, 1, 'a node has one such job');
    const due = { workspaceId: workspace.id, id: jobs[0] ?? '' };
    const runner = () => new JobRunner({ ...services, logger: pino({ level: 'silent' }) }, () => kinds);
    await runner().run(due, { slices: 1 });
    const late = await client.create('late@example.com', { nodeId: shop.id });
    await client.view({ customerId: late.id });
    await runner().runToEnd(due);
    await settle();
    for (const id of ids) assert.equal((await client.call('GET', `/customers/${id}`)).status, 404);
    assert.equal((await client.call('GET', `/customers/${late.id}`)).status, 200);
    assert.deepEqual(await totals(shop.id), [1, 1]);
    await assertVerified();
  });
});

describe('a node that is deleted', () => {
  it('has to be empty, and is nowhere then, but in what was told of it', async () => {
    const shop = await make();
    const path = `${entries}/${shop.id}`;
    await fill(shop.id, 'inside@example.com');
    const refused = await client.call('DELETE', `/configuration${path}`, undefined, asAdmin());
    assert.equal(refused.status, 409);
    assert.match(refused.body.message, /empty it first/);
    await client.configure('POST', `${path}/empty`, undefined, 202);
    await settle();
    assert.deepEqual(await client.configure('DELETE', path), {});
    const again = await client.call('DELETE', `/configuration${path}`, undefined, asAdmin());
    assert.equal(again.status, 404);
    assert.equal((await client.configure('GET', '/nodes')).elements.length, 1);
    const { nodes } = await client.native.read('/nodes');
    assert.ok(nodes.every(({ id }: { id: string }) => id !== shop.id));
    const base = { contacts: { email: 'inside@example.com' } };
    const post = await client.call('POST', '/customers', { nodeId: shop.id, base });
    assert.deepEqual([post.status, post.body.message], [404, `node not found ${shop.id}`]);
    for (const query of [`/customers?nodeId=${shop.id}`, `/events?nodeId=${shop.id}`])
      assert.equal((await client.call('GET', query)).status, 404);
    const told = await readUpdates(0);
    assert.ok(told.includes(`DELETE CUSTOMER ${shop.id}`));
    await assertVerified();
  });

  it('is not the one that the workspace was made with', async () => {
    const path = `/configuration${entries}/${client.nodeId}`;
    assert.equal((await client.call('DELETE', path, undefined, asAdmin())).status, 409);
    assert.equal((await client.native.call('DELETE', `/contacthub/nodes/${client.nodeId}`)).status, 409);
  });

  it('takes no customer of those who write to it meanwhile', async () => {
    const shop = await make();
    const writes = Array.from({ length: 20 }, (_, index) =>
      client.call('POST', '/customers', {
        nodeId: shop.id,
        base: { contacts: { email: `race-${index}@example.com` } },
      }),
    );
    const removal = client.call('DELETE', `/configuration${entries}/${shop.id}`, undefined, asAdmin());
    const [removed, ...written] = await Promise.all([removal, ...writes]);
    const taken = written.filter(({ status }) => status === 201).length;
    assert.equal(written.filter(({ status }) => status === 404).length, 20 - taken);
    assert.equal(removed.status, taken > 0 ? 409 : 200);
    await assertVerified();
  });
});

describe('the native API', () => {
  it('makes, changes, empties and deletes nodes by the same rules', async () => {
    const made = await client.native.call('POST', '/contacthub/nodes', {
      body: { name: 'Native', uniquenessPolicy: 'BLOCK' },
    });
    assert.equal(made.status, 201, made.text);
    const { id, settings } = made.body.node;
    assert.deepEqual(settings, {
      uniqueCustomer: { properties: ['base.contacts.email'], caseSensitive: false },
      uniquenessPolicy: 'BLOCK',
    });
    await fill(id, 'native@example.com');
    assert.equal((await client.native.call('DELETE', `/contacthub/nodes/${id}`)).status, 409);
    const emptied = await client.native.call('POST', `/contacthub/nodes/${id}/empty`, { body: {} });
    await settle();
    const job = await client.native.read(`/jobs/${emptied.body.jobId}`);
    assert.deepEqual(job.result, { customers: 1, events: 3 });
    assert.equal((await client.native.call('DELETE', `/contacthub/nodes/${id}`)).status, 204);
    assert.equal((await client.native.call('DELETE', `/contacthub/nodes/${id}`)).status, 404);
    for (const body of [
      {},
      { name: '' },
      { name: 'x', more: 1 },
      { name: 'x', mandatoryProperties: ['x.y'] },
    ])
      assert.equal((await client.native.call('POST', '/contacthub/nodes', { body })).status, 400);
  });
});
