import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { pino } from 'pino';
import { findNode } from '../../../src/dialects/contacthub/access.ts';
import { changeNode } from '../../../src/dialects/contacthub/node/change-node.ts';
import type { NodeChanges } from '../../../src/dialects/contacthub/node/node-changes.ts';
import { reindexJob } from '../../../src/dialects/contacthub/node/reindex.ts';
import { JobRunner } from '../../../src/jobs/run-jobs.ts';
import { useApp } from '../../helpers/app.ts';
import { ContacthubClient } from './client.ts';

const test = await useApp();
let client: ContacthubClient;

beforeEach(async () => {
  client = new ContacthubClient(test, await test.addWorkspace());
});

/** Sets the node's rules and waits until its keys are made anew. */
async function setNode(changes: object) {
  const reply = await client.native.call('PATCH', `/contacthub/nodes/${client.nodeId}`, { body: changes });
  assert.equal(reply.status, 200, JSON.stringify(reply.body));
  await test.app.services.jobs.settle();
  return reply.body;
}

/** Sets the rules as another process does, whose jobs nobody has run yet. */
async function setUnseen(changes: NodeChanges): Promise<string> {
  const { services } = test.app;
  const workspace = await services.workspaces.get(client.workspace.created.id);
  const node = findNode(workspace, client.nodeId);
  assert.ok(node);
  const changed = await changeNode(services, workspace.id, node.publicId, changes, 'a test', new Date());
  assert.ok(changed && 'jobId' in changed && changed.jobId);
  return changed.jobId;
}

function post(base: object) {
  return client.call('POST', '/customers', { nodeId: client.nodeId, base });
}

const byName = { properties: ['base.firstName', 'base.lastName'], caseSensitive: false };

describe('the policy of a node', () => {
  it('BLOCK refuses a customer who is there, also one of 50 at once', async () => {
    await setNode({ uniquenessPolicy: 'BLOCK' });
    const replies = await Promise.all(
      Array.from({ length: 50 }, () => post({ contacts: { email: 'blocked@example.com' } })),
    );
    const made = replies.filter(({ status }) => status === 201);
    assert.equal(made.length, 1);
    const [{ body: customer } = assert.fail()] = made;
    for (const { status, body } of replies.filter((reply) => !made.includes(reply))) {
      assert.equal(status, 409);
      assert.equal(body.message, `Conflict with exiting customer ${customer.id}`);
      assert.equal(body.data.customer.id, customer.id);
    }
  });

  it('MERGE makes one customer of 50 at once, with what each has said', async () => {
    const replies = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        client.call('POST', '/customers', {
          nodeId: client.nodeId,
          base: { contacts: { email: index % 2 ? 'One@example.com' : 'one@EXAMPLE.com' } },
          tags: { auto: [`t${index}`] },
        }),
      ),
    );
    assert.equal(new Set(replies.map(({ body }) => body.id)).size, 1);
    const { body } = await client.call('GET', `/customers/${replies[0]?.body.id}`);
    assert.equal(body.tags.auto.length, 50);
    const { body: page } = await client.call('GET', `/customers?nodeId=${client.nodeId}`);
    assert.equal(page.page.totalElements, 1);
  });

  it('NO_CHECK makes another customer each time, and the way back finds the oldest', async () => {
    await setNode({ uniquenessPolicy: 'NO_CHECK' });
    const base = { contacts: { email: 'again@example.com' } };
    const [first, second] = [await post(base), await post(base)];
    assert.notEqual(first.body.id, second.body.id);
    assert.equal((await post({ firstName: 'nobody’s' })).status, 201);
    const { node } = await setNode({ uniquenessPolicy: 'MERGE' });
    assert.equal(node.settings.uniquenessPolicy, 'MERGE');
    assert.equal((await post(base)).body.id, first.body.id);
  });

  it('finds customers of before by other properties and case, once their keys are made anew', async () => {
    const { body: ann } = await post({
      firstName: 'Ann',
      lastName: 'Lee',
      contacts: { email: 'a@example.com' },
    });
    const { body: gone } = await post({ contacts: { email: 'gone@example.com' } });
    assert.equal((await client.call('DELETE', `/customers/${gone.id}`)).status, 200);
    const { jobId } = await setNode({ uniqueCustomer: byName });
    const { body: job } = await client.native.call('GET', `/jobs/${jobId}`);
    assert.equal(job.state, 'finished');
    assert.deepEqual(job.result, { customers: 1 }, 'who is gone is none');
    assert.equal((await post({ firstName: 'ANN', lastName: 'lee' })).body.id, ann.id);
    await setNode({ uniqueCustomer: { ...byName, caseSensitive: true } });
    assert.notEqual((await post({ firstName: 'ann', lastName: 'lee' })).body.id, ann.id);
    assert.equal((await post({ firstName: 'ANN', lastName: 'lee' })).body.id, ann.id);
    assert.equal((await post({ contacts: { email: 'a@example.com' } })).status, 400);
  });

  it('takes no writes of customers while keys are made anew, and resumes where a process died', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 5; index++)
      ids.push(
        (await client.create(`slow-${index}@example.com`, { base: { firstName: 'A', lastName: `${index}` } }))
          .id,
      );
    const jobId = await setUnseen({ uniqueCustomer: byName });
    const { services } = test.app;
    const due = { workspaceId: client.workspace.created.id, id: jobId };
    const kinds = [reindexJob(services, 2)];
    const runner = () => new JobRunner({ ...services, logger: pino({ level: 'silent' }) }, () => kinds);
    const dead = await runner().run(due, { slices: 1 });
    assert.ok(dead !== 'busy' && dead.state !== 'finished');
    assert.deepEqual(dead.progress, { done: 2, failed: 0, total: 5 });
    const nobody = await post({ firstName: 'A', lastName: '4' });
    assert.equal(nobody.status, 423);
    assert.equal(nobody.body.message, 'Reindexing in progress');
    assert.deepEqual(Object.keys(nobody.body).sort(), ['data', 'errors', 'logref', 'message']);
    for (const [method, path, body] of [
      ['PATCH', '', { extra: 'x' }],
      ['PUT', '', { nodeId: client.nodeId, base: { firstName: 'A', lastName: 'x' } }],
      ['POST', '/jobs', { id: 'j' }],
      ['POST', '/subscriptions', { id: 's', subscribed: true }],
    ] as const)
      assert.equal(
        (await client.call(method, `/customers/${ids[0]}${path}`, body)).status,
        423,
        `${method} ${path}`,
      );
    assert.equal((await client.call('GET', `/customers/${ids[0]}`)).status, 200);
    assert.equal((await client.call('POST', `/customers/${ids[0]}/sessions`, { value: 's' })).status, 201);
    const shown = await client.native.read('/nodes');
    const [node] = shown.nodes.filter(({ id }: { id: string }) => id === client.nodeId);
    assert.equal(node.settings.reindexing, true);
    const over = await runner().runToEnd(due);
    assert.deepEqual([over?.state, over?.result], ['finished', { customers: 5 }]);
    assert.equal((await post({ firstName: 'a', lastName: '4' })).body.id, ids[4]);
  });

  it('that is changed again meanwhile is made from the start', async () => {
    const { id } = await client.create('twice@example.com', { base: { firstName: 'T', lastName: 'W' } });
    const first = await setUnseen({ uniqueCustomer: byName });
    const second = await setUnseen({
      uniqueCustomer: { properties: ['base.lastName'], caseSensitive: false },
    });
    assert.equal(second, first);
    await test.app.services.jobs.settle();
    assert.equal((await post({ lastName: 'w' })).body.id, id);
  });

  it('needs no new keys for a name, a description or mandatory properties', async () => {
    const { node, jobId } = await setNode({
      name: 'Shop',
      description: 'All of it',
      mandatoryProperties: ['base.firstName'],
    });
    assert.equal(jobId, null);
    assert.equal(node.name, 'Shop');
    const refused = await post({ contacts: { email: 'm@example.com' } });
    assert.deepEqual([refused.status, refused.body.errors[0].path], [400, '/base/firstName']);
  });

  it('is refused by the name of what is wrong, and changes nothing then', async () => {
    const before = await client.native.read('/nodes');
    const cases: [object, RegExp][] = [
      [{ uniquenessPolicy: 'OBSERVER' }, /uniquenessPolicy/],
      [{ uniqueCustomer: { properties: [], caseSensitive: true } }, /properties/],
      [{ uniqueCustomer: { properties: ['base.contacts'], caseSensitive: true } }, /base\.contacts/],
      [{ uniqueCustomer: { properties: ['base.jobs'], caseSensitive: true } }, /base\.jobs/],
      [{ uniqueCustomer: { properties: ['base.shoeSize'], caseSensitive: true } }, /base\.shoeSize/],
      [{ mandatoryProperties: ['nothing.at.all'] }, /nothing\.at\.all/],
      [{ reindexing: true }, /reindexing/],
      [{}, /body/],
    ];
    for (const [body, named] of cases) {
      const reply = await client.native.call('PATCH', `/contacthub/nodes/${client.nodeId}`, { body });
      assert.equal(reply.status, 400, JSON.stringify(body));
      assert.match(`${reply.body.error.path} ${reply.body.error.message}`, named);
    }
    assert.deepEqual(await client.native.read('/nodes'), before);
    const [octeth] = before.nodes.filter(({ dialect }: { dialect: string }) => dialect === 'octeth');
    for (const id of [octeth.id, '00000000-0000-4000-8000-000000000000']) {
      const reply = await client.native.call('PATCH', `/contacthub/nodes/${id}`, { body: { name: 'x' } });
      assert.equal(reply.status, 404);
    }
  });
});
