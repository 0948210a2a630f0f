import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { pino } from 'pino';
import { requestJob } from '../../src/core/job/job-store.ts';
import { dialects } from '../../src/dialects/registry.ts';
import type { JobKind } from '../../src/jobs/job-kind.ts';
import { replayQuarantineJob, replayRequest } from '../../src/jobs/replay-quarantine.ts';
import { JobRunner } from '../../src/jobs/run-jobs.ts';
import { useApp } from '../helpers/app.ts';
import { verifyWorkspace } from '../helpers/derived.ts';
import { ask, at } from '../helpers/native-client.ts';
import { bearer, inject } from '../helpers/vendor-client.ts';
import { submit, workspaceKey } from './helpers.ts';

const minute = 60_000;

const test = await useApp({ freshWorkspace: true });

/** Sends an event by Webmarketer; answers its id. */
async function sendOrder(eventType: string, data: Record<string, unknown>): Promise<string> {
  const { projectId, accessToken } = test.workspace.credentials.webmarketer;
  const body = { projectId, eventType, nonce: randomUUID(), data };
  const url = '/api/v1/events';
  const reply = await inject(test, { method: 'POST', url, headers: bearer(accessToken), body });
  assert.equal(reply.status, 200, reply.text);
  return reply.body;
}

async function sendConversion(properties = {}): Promise<void> {
  const { apiKey, listId } = test.workspace.credentials.octeth;
  const body = {
    APIKey: apiKey,
    listid: Number(listId),
    event: 'conversion',
    email: 'ada@example.com',
    properties,
  };
  const reply = await inject(test, { method: 'POST', url: '/api/v1/event', body });
  assert.equal(reply.status, 422, reply.text);
}

async function declareType(reference: string, fields: readonly object[] = []): Promise<void> {
  const { projectId, accessToken } = test.workspace.credentials.webmarketer;
  const url = `/api/v1/projects/${projectId}/event-types`;
  const body = { reference, name: reference, fields };
  const reply = await inject(test, { method: 'POST', url, headers: bearer(accessToken), body });
  assert.ok(reply.status < 300, reply.text);
}

const phoneField = {
  entity: 'event',
  type: 'string',
  storageKey: 'phone',
  ingestionKey: 'tel',
  optional: false,
};

async function groups(query = '') {
  const { groups: found, ...all } = await test.native.read(`/quarantine/groups${query}`);
  return { ...all, groups: found };
}

/** Asks for a replay and waits for its end. */
async function replayMany(body: object | undefined) {
  const { status, body: asked } = await test.native.call('POST', '/quarantine/replay', { body });
  assert.equal(status, 202);
  await test.app.services.jobs.settle();
  return test.native.read(`/jobs/${asked.id}`);
}

async function assertVerified(): Promise<void> {
  const { checks } = await verifyWorkspace(test.database, test.workspace.created.id);
  assert.deepEqual(
    checks.filter(({ ok }) => !ok),
    [],
  );
}

describe('the groups of quarantine', () => {
  it('count what waits by API, rule and type, with first and last time and what to do, and list it in pages', async () => {
    await declareType('lead', [phoneField]);
    const first = await sendOrder('order', {});
    await sendOrder('order', {});
    await sendOrder('lead', {});
    await sendConversion();
    const all = await groups();
    assert.deepEqual([all.allGroups, all.allEvents], [3, 4]);
    const [order] = all.groups;
    assert.deepEqual(
      [order.dialect, order.rule, order.type, order.events],
      ['webmarketer', 'unknown-event-type', 'order', 2],
    );
    assert.equal(order.message, 'Its type is not defined.');
    assert.ok(order.firstAt <= order.lastAt);
    const { body: one } = await test.native.call('GET', `/quarantine/${first}`);
    assert.equal(order.firstAt, one.processedAt);
    assert.deepEqual(
      { ...order.remedy, text: '' },
      { text: '', change: 'event-type', type: 'order', typeId: null, field: null, setting: null },
    );
    const lead = all.groups.find(({ type }: { type: string }) => type === 'lead');
    const { eventTypes } = await test.native.read('/event-types');
    const typeId = eventTypes.find(({ name }: { name: string }) => name === 'lead').id;
    assert.deepEqual([lead.remedy.change, lead.remedy.typeId], ['event-field', typeId]);
    assert.deepEqual(
      (await groups('?dialect=octeth')).groups.map(({ rule }: { rule: string }) => rule),
      ['missing-field'],
    );
    assert.deepEqual(
      [(await groups('?limit=1')).groups.length, (await groups('?limit=1')).allGroups],
      [1, 3],
    );
    assert.deepEqual(await groups('?rule=none'), { groups: [], allGroups: 0, allEvents: 0 });
    const path = '/quarantine?dialect=webmarketer&rule=unknown-event-type&type=order&limit=1';
    const page = await test.native.read(path);
    const next = await test.native.read(`${path}&next=${page.next}`);
    assert.deepEqual([next.events[0].id, next.next], [first, null]);
  });
  it('have those whose type nobody knows as a group of their own', async () => {
    const receivedAt = Date.now();
    const options = {
      prepare: () => [
        {
          kind: 'violation' as const,
          type: null,
          occurredAt: receivedAt,
          violation: { rule: 'text-not-storable', path: '/firstName', detail: {} },
        },
      ],
    };
    await submit(test, test.workspace, { options });
    await submit(test, test.workspace, { violation: 'text-not-storable' });
    assert.deepEqual((await groups()).groups.map(({ type }: { type: string | null }) => type).sort(), [
      'Paid',
      null,
    ]);
    assert.equal((await test.native.read('/quarantine?type=')).events.length, 1);
    assert.equal((await groups('?type=Paid')).allEvents, 1);
  });
});

describe('a bad event', () => {
  it('says each place in what was sent at which it is wrong, and which field could be changed', async () => {
    await declareType('lead', [
      phoneField,
      { ...phoneField, type: 'number', storageKey: 'age', ingestionKey: null },
    ]);
    const event = await test.native.read(`/quarantine/${await sendOrder('lead', { age: 'old', note: 'x' })}`);
    assert.deepEqual(event.faults, [
      { path: '/data/tel', isThere: false, message: 'A mandatory field is missing.' },
      { path: '/data/age', isThere: true, message: 'A field has a value that is not of its type.' },
    ]);
    assert.deepEqual(
      [event.remedy.change, event.remedy.type, event.remedy.field],
      ['event-field', 'lead', 'phone'],
    );
  });
  it('says it by the names that were sent, in whatever case', async () => {
    await sendConversion({ 'Conversion-ID': ' ' });
    await sendConversion({ 'Conversion-ID': '1' });
    const { events } = await test.native.read('/quarantine');
    const places = await Promise.all(
      events.map(async ({ id }: { id: string }) => (await test.native.read(`/quarantine/${id}`)).faults[0]),
    );
    assert.deepEqual(
      places.map(({ path, isThere }) => [path, isThere]),
      [
        ['/properties/conversion-name', false],
        ['/properties/Conversion-ID', true],
      ],
    );
  });
  it('says it of what the engine finds, by where the API keeps its properties', async () => {
    const { licenseCode, apiKey } = test.workspace.credentials.webengage;
    const sent = [
      { userId: 'ada', eventName: 'Paid', eventData: { list: [1, { text: 'nul\u0000' }] } },
      { userId: 'ada', eventName: 'Paid', eventData: { 'a/b': '\ud800' } },
      {
        userId: 'ada',
        eventName: 'Paid',
        eventTime: '2026-01-01T00:00:00+0000',
        eventData: { deep: nest(40) },
      },
    ];
    for (const body of sent)
      await inject(test, {
        method: 'POST',
        url: `/v1/accounts/${licenseCode}/events`,
        headers: bearer(apiKey),
        body,
      });
    const { events } = await test.native.read('/quarantine');
    const paths = await Promise.all(
      events.map(async ({ id }: { id: string }) => (await test.native.read(`/quarantine/${id}`)).faults[0]),
    );
    assert.deepEqual(
      paths.map(({ isThere }) => isThere),
      [true, true, true],
    );
    assert.deepEqual(
      paths
        .slice(1)
        .map(({ path }) => path)
        .reverse(),
      ['/eventData/list/1/text', '/eventData/a~1b'],
    );
    assert.match(paths[0].path, /^\/eventData\/deep(\/0)+$/);
  });
});

function nest(depth: number): unknown {
  return depth === 0 ? 1 : [nest(depth - 1)];
}

describe('trying a replay', () => {
  it('says what would become of it, and writes nothing', async () => {
    const id = await sendOrder('order', {});
    const attempt = (dryRun: boolean) =>
      test.native.call('POST', `/quarantine/${id}/replay`, { body: { dryRun } });
    const before = await snapshot();
    const bad = await attempt(true);
    assert.equal(bad.status, 200);
    assert.deepEqual([bad.body.outcome, bad.body.stillBad.rule], ['bad', 'unknown-event-type']);
    assert.deepEqual(bad.body.stillBad.faults[0].path, '/eventType');
    assert.equal((await attempt(false)).status, 422);
    await declareType('order', [phoneField]);
    const still = await attempt(true);
    assert.deepEqual(still.body.stillBad.faults, [
      { path: '/data/tel', isThere: false, message: 'A mandatory field is missing.' },
    ]);
    assert.equal(still.body.stillBad.remedy.field, 'phone');
    assert.deepEqual(await snapshot(), before);
    const fine = await sendOrder('other', { tel: '1' });
    await declareType('other', [phoneField]);
    const counted = await snapshot();
    for (let times = 0; times < 2; times++) {
      const { body } = await test.native.call('POST', `/quarantine/${fine}/replay`, {
        body: { dryRun: true },
      });
      assert.deepEqual(
        [body.dryRun, body.outcome, body.eventId, body.seq, body.profileId],
        [true, 'stored', fine, null, null],
      );
    }
    assert.deepEqual(await snapshot(), counted);
    assert.equal((await test.native.call('POST', `/quarantine/${fine}/replay`)).body.outcome, 'stored');
    const { status } = await test.native.call('POST', `/quarantine/${fine}/replay`, {
      body: { dryRun: true },
    });
    assert.equal(status, 409);
    const stored = await test.native.read(`/events/${fine}`);
    assert.equal(JSON.parse(stored.raw).data.tel, '1');
    assert.equal(
      (await test.native.read('/quarantine?replayed=true')).events.find(
        (one: { id: string }) => one.id === fine,
      ).replayedAs,
      'stored',
    );
    await assertVerified();
  });
});

/** All that a replay would change of the workspace. */
async function snapshot() {
  const [events, accounting, people, waiting] = await Promise.all([
    test.native.read('/events'),
    test.native.read('/accounting'),
    test.native.read('/people/count'),
    test.native.read('/quarantine'),
  ]);
  return { events, hours: accounting.hours, people: people.anonymous, waiting };
}

describe('replaying a group', () => {
  it('counts what would become of each, then what has, and leaves the others', async () => {
    for (const tel of ['1', '2', undefined]) await sendOrder('order', { tel });
    await sendOrder('another', {});
    await sendConversion();
    const scope = { dialect: 'webmarketer', rule: 'unknown-event-type', type: 'order' };
    const counts = { stored: 0, saved: 0, duplicate: 0, dropped: 0, bad: 0, badBy: {}, gone: 0 };
    const blind = await replayMany({ ...scope, dryRun: true });
    assert.deepEqual(blind.result, { ...counts, dryRun: true, bad: 3, badBy: { 'unknown-event-type': 3 } });
    await declareType('order', [phoneField]);
    const before = await snapshot();
    const tried = await replayMany({ ...scope, dryRun: true });
    const after = { ...counts, stored: 2, bad: 1, badBy: { 'missing-field': 1 } };
    assert.deepEqual(tried.result, { ...after, dryRun: true });
    assert.deepEqual(await snapshot(), before);
    const done = await replayMany(scope);
    assert.deepEqual([done.state, done.result], ['finished', { ...after, dryRun: false }]);
    assert.deepEqual(done.progress, { done: 3, failed: 1, total: 3 });
    assert.equal((await groups()).allEvents, 3);
    // All the rest: nothing of it fits by now.
    const rest = await replayMany(undefined);
    assert.deepEqual([rest.result.bad, rest.progress.total], [3, 3]);
    const { jobs } = await test.native.read('/jobs?kind=replay-quarantine&limit=2');
    assert.deepEqual(
      jobs.map(({ id }: { id: string }) => id),
      [rest.id, done.id],
    );
    assert.deepEqual(Object.fromEntries(new URLSearchParams(done.subject)), { ...scope, dryRun: 'false' });
    await assertVerified();
  });

  it('goes on behind a process that died between its commit and its count, and replays none twice', async () => {
    const raw = JSON.stringify({ userId: 'ada', eventName: 'Paid' });
    await Promise.all(
      Array.from({ length: 450 }, () => submit(test, test.workspace, { violation: 'missing-field', raw })),
    );
    let time = Date.now() + minute;
    const { services } = test.app;
    const kind = replayQuarantineJob({ ...services, database: services.jobDatabase, dialects });
    let slices = 0;
    const dying: JobKind = {
      ...kind,
      name: kind.name,
      under: 'claim',
      slice: async (slice) => {
        assert.ok(kind.under === 'claim');
        const step = await kind.slice(slice);
        if (++slices === 3) throw new Error('the process has died');
        return step;
      },
    };
    const runner = new JobRunner(
      { database: services.jobDatabase, clock: () => time, logger: pino({ level: 'silent' }) },
      () => [dying],
    );
    // Not by the API, whose process would take it up at once.
    const { id: workspaceId } = test.workspace.created;
    const request = replayRequest({ dialect: 'webengage' }, false, 'a test');
    const due = { workspaceId, id: await requestJob(test.database, workspaceId, request, new Date()) };
    await assert.rejects(runner.run(due), /has died/);
    const { events } = await test.native.read('/events?limit=1000');
    assert.equal(events.length, 400);
    time += minute;
    await runner.runToEnd(due);
    const { result, progress } = await test.native.read(`/jobs/${due.id}`);
    assert.deepEqual([result.stored, result.bad, result.gone], [450, 0, 0]);
    assert.deepEqual(progress, { done: 450, failed: 0, total: 450 });
    assert.equal((await test.native.read('/events?limit=1000')).events.length, 450);
    assert.equal((await groups()).allEvents, 0);
    await assertVerified();
  });

  it('says why it could not be done while the workspace takes nothing in', async () => {
    await sendOrder('order', {});
    await declareType('order');
    await test.native.call('PATCH', '', { body: { status: 'suspended' } });
    const { state, error } = await replayMany({ dialect: 'webmarketer' });
    assert.equal(state, 'failed');
    assert.match(error, /suspended/);
    await test.native.call('PATCH', '', { body: { status: 'enabled' } });
    assert.equal((await replayMany({ dialect: 'webmarketer' })).result.stored, 1);
  });
});

describe('what is no group', () => {
  it('is refused with its path', async () => {
    const bodies = [
      { dialect: 'x' },
      { rule: '' },
      { type: 1 },
      { type: 'x'.repeat(256) },
      { dryRun: 'yes' },
      { more: 1 },
    ];
    for (const body of bodies) {
      const { status, body: answer } = await test.native.call('POST', '/quarantine/replay', { body });
      assert.equal(status, 400, JSON.stringify(body));
      assert.match(answer.error.path, /^body/);
    }
    for (const query of ['?dialect=x', '?limit=0', '?rule=%00', `?type=${'x'.repeat(256)}`])
      assert.equal((await test.native.call('GET', `/quarantine/groups${query}`)).status, 400, query);
  });
  it('is nobody else’s to see, to try or to replay', async () => {
    const id = await sendOrder('order', {});
    const foreign = await workspaceKey(test, await test.addWorkspace());
    const asked: [Parameters<typeof ask>[1], string][] = [
      ['GET', '/quarantine/groups'],
      ['POST', '/quarantine/replay'],
      ['POST', `/quarantine/${id}/replay`],
    ];
    for (const [method, path] of asked) {
      const body = method === 'POST' ? { dryRun: true } : undefined;
      for (const [key, status] of [
        [foreign, 404],
        [null, 401],
      ] as const)
        assert.equal((await ask(test, method, at(test.workspace, path), { key, body })).status, status, path);
    }
    assert.equal((await test.native.read('/jobs?kind=replay-quarantine')).jobs.length, 0);
  });
});
