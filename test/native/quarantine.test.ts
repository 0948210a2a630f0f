import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hashKey } from '../../src/core/dedupe/dedupe.ts';
import { useApp } from '../helpers/app.ts';
import { verifyWorkspace } from '../helpers/derived.ts';
import { ask, at } from '../helpers/native-client.ts';
import { subjectOf, submit, workspaceKey } from './helpers.ts';

const goodEvent = JSON.stringify({ userId: 'ada', eventName: 'Paid', eventTime: '2026-01-01T00:00:00+0000' });
const badEvent = JSON.stringify({ userId: 'ada', eventName: 'Paid', eventData: { text: 'nul\u0000' } });
/** Three hours ago: a replay has to move the count of that hour, not of this one. */
const longAgo = Date.now() - 3 * 60 * 60 * 1000;

const test = await useApp({ freshWorkspace: true });

async function quarantine(raw = goodEvent, options = {}): Promise<string> {
  const outcome = await submit(test, test.workspace, {
    violation: 'missing-field',
    raw,
    options: { receivedAt: longAgo, ...options },
  });
  return outcome.kind === 'quarantined' ? outcome.quarantineId : assert.fail(outcome.kind);
}

const replay = (id: string, key?: string | null) =>
  test.native.call('POST', `/quarantine/${id}/replay`, key === undefined ? {} : { key });

async function hours() {
  const { body } = await test.native.call('GET', '/accounting');
  assert.equal(body.closes, true);
  return body.hours;
}

async function assertVerified(): Promise<void> {
  const { checks } = await verifyWorkspace(test.database, test.workspace.created.id);
  assert.deepEqual(
    checks.filter(({ ok }) => !ok),
    [],
  );
}

describe('GET /workspaces/{workspace}/quarantine', () => {
  it('lists bad events newest first, by dialect and rule, in pages', async () => {
    const ids = [await quarantine(), await quarantine(), await quarantine(badEvent)];
    const first = await test.native.call('GET', '/quarantine?limit=2');
    assert.equal(first.body.events.length, 2);
    const second = await test.native.call('GET', `/quarantine?limit=2&next=${first.body.next}`);
    const seen = [...first.body.events, ...second.body.events].map(({ id }: { id: string }) => id);
    assert.deepEqual(seen.sort(), ids.sort());
    assert.equal(second.body.next, null);
    const count = async (query: string) =>
      (await test.native.call('GET', `/quarantine?${query}`)).body.events.length;
    assert.equal(await count('dialect=webengage&rule=missing-field'), 3);
    assert.equal(await count('dialect=octeth'), 0);
    assert.equal(await count('rule=other'), 0);
    assert.equal(await count('until=2020-01-01T00:00:00Z'), 0);
  });
  it('shows one whole', async () => {
    const { body } = await test.native.call('GET', `/quarantine/${await quarantine()}`);
    assert.equal(body.raw, goodEvent);
    assert.equal(body.rule, 'missing-field');
    assert.equal(body.path, '/eventData');
    assert.equal(body.replayedAt, null);
  });
  it('refuses filters that are none', async () => {
    for (const query of ['limit=0', 'dialect=x', 'since=x', 'next=x', 'rule=%00', 'replayed=x'])
      assert.equal((await test.native.call('GET', `/quarantine?${query}`)).status, 400, query);
    assert.equal((await test.native.call('GET', '/quarantine/x')).status, 400);
    assert.equal(
      (await test.native.call('GET', `/quarantine/${test.workspace.created.publicId}`)).status,
      404,
    );
  });
});

describe('POST /workspaces/{workspace}/quarantine/{id}/replay', () => {
  it('stores the event and moves its count within the hour that it was received in', async () => {
    const id = await quarantine();
    const { status, body } = await replay(id);
    assert.equal(status, 200);
    assert.equal(body.outcome, 'stored');
    const [event] = (await test.native.call('GET', '/events')).body.events;
    assert.equal(event.id, body.eventId);
    assert.equal(event.receivedAt, new Date(longAgo).toISOString());
    const [hour, ...more] = await hours();
    assert.deepEqual(more, []);
    assert.deepEqual([hour.received, hour.stored, hour.quarantined], [1, 1, 0]);
    assert.deepEqual((await test.native.call('GET', '/quarantine')).body.events, []);
    assert.equal((await test.native.call('GET', '/quarantine?replayed=true')).body.events.length, 1);
    await assertVerified();
  });
  it('happens once: the second is refused', async () => {
    const id = await quarantine();
    await replay(id);
    const { status, body } = await replay(id);
    assert.equal(status, 409);
    assert.equal(body.error.code, 'conflict');
  });
  it('happens once also when ten ask at the same time, on two batches or in one', async () => {
    const id = await quarantine();
    const replies = await Promise.all(Array.from({ length: 10 }, () => replay(id)));
    assert.deepEqual(replies.map(({ status }) => status).sort(), [200, ...Array(9).fill(409)]);
    assert.equal((await test.native.call('GET', '/events')).body.events.length, 1);
    await assertVerified();
  });
  it('happens once also when another process, which has read the row before, comes second', async () => {
    const id = await quarantine();
    const attempt = () =>
      submit(test, test.workspace, {
        subject: subjectOf('user', 'ada'),
        options: { receivedAt: longAgo, replayOf: { id } },
      });
    assert.equal((await attempt()).kind, 'stored');
    assert.deepEqual(await attempt(), { kind: 'refused', reason: 'already-replayed', profileId: null });
    await assertVerified();
  });
  it('says what is wrong now with one that is still bad, and changes nothing', async () => {
    const id = await quarantine(badEvent);
    const before = await hours();
    const { status, body } = await replay(id);
    assert.equal(status, 422);
    assert.equal(body.error.violation.rule, 'text-not-storable');
    assert.equal(body.error.violation.path, '/eventData/text');
    assert.deepEqual(await hours(), before);
    assert.equal((await test.native.call('GET', `/quarantine/${id}`)).body.replayedAt, null);
    await assertVerified();
  });
  it('says so when its dialect cannot even read it', async () => {
    const { status, body } = await replay(await quarantine('{"userId":"ada"}'));
    assert.equal(status, 422);
    assert.equal(body.error.violation.rule, 'invalid-request');
  });
  it('counts one that is dropped now as dropped, once', async () => {
    const id = await quarantine(JSON.stringify({ userId: 'ada', eventName: 'we_reserved' }));
    assert.deepEqual((await replay(id)).body, {
      dryRun: false,
      outcome: 'dropped',
      eventId: null,
      seq: null,
      profileId: null,
      reason: 'reserved-event',
      stillBad: null,
    });
    assert.equal((await replay(id)).status, 409);
    const [hour] = await hours();
    assert.deepEqual([hour.received, hour.dropped, hour.quarantined], [1, 1, 0]);
    await assertVerified();
  });
});

describe('the key of a quarantined event', () => {
  const key = (body: string) => ({
    dedupe: {
      scope: 'webmarketer-nonce',
      hash: hashKey('nonce'),
      window: 'forever',
      retryHash: hashKey(body),
    } as const,
  });
  it('is taken over by its replay, so that a corrected attempt is a repeat', async () => {
    const id = await quarantine(goodEvent, key('first'));
    const stored = await submit(test, test.workspace, {
      subject: subjectOf('user', 'ada'),
      options: { ...key('first'), receivedAt: longAgo, replayOf: { id } },
    });
    assert.equal(stored.kind, 'stored');
    const corrected = await submit(test, test.workspace, {
      subject: subjectOf('user', 'ada'),
      options: key('corrected'),
    });
    assert.deepEqual(corrected, {
      kind: 'duplicate',
      eventId: stored.kind === 'stored' && stored.eventId,
      first: 'stored',
    });
    await assertVerified();
  });
  it('makes its replay a repeat when a corrected attempt was stored before', async () => {
    const id = await quarantine(goodEvent, key('first'));
    assert.equal(
      (await submit(test, test.workspace, { subject: subjectOf('user', 'ada'), options: key('corrected') }))
        .kind,
      'stored',
    );
    const replayed = await submit(test, test.workspace, {
      subject: subjectOf('user', 'ada'),
      options: { ...key('first'), receivedAt: longAgo, replayOf: { id } },
    });
    assert.equal(replayed.kind, 'duplicate');
    assert.equal((await replay(id)).status, 409);
    await assertVerified();
  });
  it('stays as it was when the replay fails again', async () => {
    const id = await quarantine(goodEvent, key('first'));
    const again = await submit(test, test.workspace, {
      violation: 'missing-field',
      options: { ...key('first'), receivedAt: longAgo, replayOf: { id } },
    });
    assert.equal(again.kind, 'quarantined');
    const repeated = await submit(test, test.workspace, {
      subject: subjectOf('user', 'ada'),
      options: key('first'),
    });
    assert.deepEqual(repeated, { kind: 'duplicate', eventId: id, first: 'quarantined' });
    await assertVerified();
  });
});

describe('a repeat that speaks of somebody new', () => {
  it('makes no profile that a later command of its batch would be given', async () => {
    const dedupe = { scope: 'webmarketer-nonce', hash: hashKey('once'), window: 'forever' } as const;
    const send = (user: string, options = {}) =>
      submit(test, test.workspace, { subject: subjectOf('user', user), options });
    assert.equal((await send('a', { dedupe })).kind, 'stored');
    const outcomes = await Promise.all([send('b', { dedupe }), send('b')]);
    assert.deepEqual(
      outcomes.map(({ kind }) => kind),
      ['duplicate', 'stored'],
    );
    const { body } = await test.native.call('GET', '/people/lookup?kind=user&value=b');
    assert.equal(body.profileCount, 1);
    await assertVerified();
  });
});

describe('a quarantined request that carries no event', () => {
  it('is counted so that the counters equal the rows, and no more after its replay', async () => {
    const id = await quarantine(goodEvent, { carriesEvents: false });
    await assertVerified();
    const replayed = await submit(test, test.workspace, {
      subject: subjectOf('user', 'ada'),
      withoutEvent: true,
      options: { receivedAt: longAgo, carriesEvents: false, replayOf: { id } },
    });
    assert.equal(replayed.kind, 'saved');
    const [hour] = await hours();
    assert.deepEqual([hour.received, hour.quarantined], [0, 0]);
    await assertVerified();
  });
});

describe('the keys of others', () => {
  it('see and replay nothing', async () => {
    const id = await quarantine();
    const stranger = await test.addWorkspace();
    const foreign = await workspaceKey(test, stranger);
    for (const path of ['/quarantine', `/quarantine/${id}`]) {
      assert.equal((await test.native.call('GET', path, { key: foreign })).status, 404);
      assert.equal((await test.native.call('GET', path, { key: null })).status, 401);
    }
    assert.equal((await replay(id, foreign)).status, 404);
    const elsewhere = at(stranger, `/quarantine/${id}/replay`);
    assert.equal((await ask(test, 'POST', elsewhere, { key: foreign })).status, 404);
    assert.equal((await replay(id, null)).status, 401);
    assert.equal((await replay(id)).status, 200);
  });
});
