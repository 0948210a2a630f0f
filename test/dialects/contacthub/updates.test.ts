import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pino } from 'pino';
import { buildApp } from '../../../src/app.ts';
import { loadConfig } from '../../../src/config.ts';
import { useApp } from '../../helpers/app.ts';
import { useFolder } from '../../helpers/folder.ts';
import { ask, at } from '../../helpers/native-client.ts';
import { Store } from '../../helpers/store.ts';
import { sendWebengage } from '../../native/helpers.ts';
import { ContacthubClient, type Reply } from './client.ts';

const environment = { THROUGHLINE_DATA_DIR: await useFolder() };
const test = await useApp({ freshWorkspace: true, environment });
const client = new ContacthubClient(test);

interface Update {
  readonly operation: string;
  readonly entity: { readonly type: string; readonly data: Record<string, unknown> };
}

async function get(path: string, query: Record<string, string | number> = {}): Promise<Reply['body']> {
  const text = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
  const token = client.credentials.contacthub.adminToken;
  const { status, body } = await client.call('GET', `/updates${path}?${text}`, undefined, { token });
  assert.equal(status, 200, JSON.stringify(body));
  return body;
}

function said({ updates }: { updates: readonly Update[] }): string[] {
  return updates.map(({ operation, entity }) => `${operation} ${entity.type} ${entity.data.id}`);
}

describe('GET /updates', () => {
  it('tells what was made and changed, in order, as it is shown now', async () => {
    assert.deepEqual(await get(''), { nextOffset: 0, updates: [] });
    const ann = await client.create('ann@example.com');
    const eventId = await client.view({ customerId: ann.id });
    const changed = await client.call('PATCH', `/customers/${ann.id}`, { base: { firstName: 'Ann' } });
    const page = await get('');
    assert.deepEqual(said(page), [
      `CREATE CUSTOMER ${ann.id}`,
      `CREATE EVENT ${eventId}`,
      `UPDATE CUSTOMER ${ann.id}`,
    ]);
    assert.equal(page.nextOffset, 3);
    assert.deepEqual(Object.keys(page), ['nextOffset', 'updates']);
    for (const update of page.updates)
      assert.deepEqual(
        [Object.keys(update), Object.keys(update.entity)],
        [
          ['operation', 'entity'],
          ['type', 'data'],
        ],
      );
    assert.deepEqual(page.updates[2].entity.data, changed.body);
    assert.deepEqual(page.updates[0].entity.data, changed.body);
    assert.deepEqual(page.updates[1].entity.data, (await client.call('GET', `/events/${eventId}`)).body);
    assert.equal(JSON.stringify(page).includes('error'), false, 'a client looks for that text');
  });

  it('tells several who follow at once what was written before they asked, and each what it asks for', async () => {
    const alone = await Promise.all([get(''), get('', { entity: 'EVENT' }), get('', { entity: 'CUSTOMER' })]);
    const asking = Array.from({ length: 4 }, () =>
      Promise.all([get(''), get('', { entity: 'EVENT' }), get('', { entity: 'CUSTOMER' })]),
    );
    for (const pages of await Promise.all(asking)) assert.deepEqual(pages, alone);

    let isOver = false;
    const followers = Array.from({ length: 4 }, async () => {
      while (!isOver) await get('');
    });
    try {
      for (let index = 0; index < 10; index++) {
        const { id } = await client.create(`beside-${index}@example.com`);
        assert.equal(said((await get('')) as { updates: Update[] }).at(-1), `CREATE CUSTOMER ${id}`);
        await client.call('PATCH', `/customers/${id}`, { base: { firstName: `Ann ${index}` } });
        const last = (await get('')).updates.at(-1);
        assert.equal(last.entity.data.base.firstName, `Ann ${index}`);
      }
    } finally {
      isOver = true;
      await Promise.all(followers);
    }
  });

  it('goes on behind an offset, which may be of any page', async () => {
    for (let index = 0; index < 5; index++) await client.create(`c${index}@example.com`);
    const all = await get('');
    const pages: string[] = [];
    let offset = 0;
    for (let page = await get('', { size: 2, offset }); page.updates.length > 0; ) {
      assert.ok(page.updates.length <= 2);
      assert.ok(page.nextOffset > offset);
      pages.push(...said(page));
      offset = page.nextOffset;
      page = await get('', { size: 2, offset });
    }
    assert.deepEqual(pages, said(all));
    assert.equal(offset, all.nextOffset);
    assert.deepEqual(await get('', { offset }), { nextOffset: offset, updates: [] });
    assert.deepEqual(await get('', { offset: offset + 100 }), { nextOffset: offset + 100, updates: [] });
    assert.deepEqual(await get('', { size: 0, offset: 1 }), { nextOffset: 1, updates: [] });
    assert.equal((await get('/last-offset')).lastOffset, offset);
  });

  it('tells nothing of other vendors’ records, and leaves no gap for them', async () => {
    await sendWebengage(test, client.workspace, { userId: 'u', email: 'u@example.com' });
    await sendWebengage(test, client.workspace, { userId: 'u', eventName: 'Seen' });
    const waiting = await client.view({ session: 's' });
    const ann = await client.create('ann@example.com');
    await sendWebengage(test, client.workspace, { userId: 'u', eventName: 'Seen' });
    const page = await get('');
    assert.deepEqual(said(page), [`CREATE EVENT ${waiting}`, `CREATE CUSTOMER ${ann.id}`]);
    assert.deepEqual(await get('', { offset: page.nextOffset }), {
      nextOffset: page.nextOffset,
      updates: [],
    });
    const { lastOffset } = await get('/last-offset');
    assert.deepEqual((await get('', { offset: lastOffset })).updates, []);
    assert.equal((await get('', { offset: lastOffset - 1 })).updates.length, 1);
  });

  it('tells of a customer whenever events come to it or leave it without a change of their own', async () => {
    const [first, second] = [await client.view({ session: 's' }), await client.view({ externalId: 'e' })];
    const ann = await client.create('ann@example.com');
    let offset = (await get('/last-offset')).lastOffset;
    const told = async () => {
      const page = await get('', { offset });
      offset = page.nextOffset;
      return said(page);
    };
    const update = `UPDATE CUSTOMER ${ann.id}`;
    const bound = await client.call('POST', `/customers/${ann.id}/sessions`, { value: 's' });
    assert.deepEqual(await told(), [update]);
    assert.deepEqual(await client.eventsOf(ann.id), [first]);
    await client.call('PATCH', `/customers/${ann.id}`, { externalId: 'e' });
    assert.deepEqual(new Set(await told()), new Set([update]), 'the change, and what waited for it');
    assert.deepEqual(await client.eventsOf(ann.id), [second, first]);
    await client.call('DELETE', `/customers/${ann.id}/sessions/${bound.body.id}`);
    assert.deepEqual(await told(), [update]);
    assert.deepEqual(await client.eventsOf(ann.id), [second]);
    const again = await client.call('POST', `/customers/${ann.id}/sessions`, { value: 's' });
    assert.deepEqual(await told(), [update]);
    const undone = await client.native.call('POST', `/links/${again.body.id}/undo`, { body: {} });
    assert.equal(undone.status, 200);
    assert.deepEqual(await told(), [update]);
    assert.deepEqual(await client.eventsOf(ann.id), [second]);
    const made = await client.create('ben@example.com');
    assert.deepEqual(await told(), [`CREATE CUSTOMER ${made.id}`]);
  });

  it('tells of one kind, or of one node', async () => {
    const second = await new Store(test, client.workspace).addNode('contacthub');
    const ann = await client.create('ann@example.com');
    const ben = await client.create('ben@example.com', { nodeId: second });
    const [first, other] = [
      await client.view({ customerId: ann.id }),
      await client.view({ customerId: ben.id }),
    ];
    assert.deepEqual(said(await get('', { entity: 'CUSTOMER' })), [
      `CREATE CUSTOMER ${ann.id}`,
      `CREATE CUSTOMER ${ben.id}`,
    ]);
    assert.deepEqual(said(await get('', { entity: 'EVENT' })), [
      `CREATE EVENT ${first}`,
      `CREATE EVENT ${other}`,
    ]);
    assert.deepEqual(said(await get('', { nodeId: second })), [
      `CREATE CUSTOMER ${ben.id}`,
      `CREATE EVENT ${other}`,
    ]);
    assert.deepEqual(said(await get('', { nodeId: second.toUpperCase(), entity: 'EVENT' })), [
      `CREATE EVENT ${other}`,
    ]);
    const last = async (query: Record<string, string>) => (await get('/last-offset', query)).lastOffset;
    assert.deepEqual(
      [
        await last({}),
        await last({ entity: 'CUSTOMER' }),
        await last({ entity: 'EVENT', nodeId: client.nodeId }),
      ],
      [4, 2, 3],
    );
  });

  it('begins at an instant, unless there is an offset', async () => {
    const times = [1000, 2000, 2000, 3000].map((time) => Date.UTC(2026, 0, 1) + time);
    const ids: string[] = [];
    for (const [index, time] of times.entries()) {
      test.time.now = time;
      ids.push((await client.create(`t${index}@example.com`)).id);
      for (let view = 0; view < 3; view++) await client.view({ customerId: ids[index] ?? '' });
    }
    test.time.now = 0;
    const begun = async (timestamp: number, more = {}) => {
      const [first] = (await get('', { timestamp, size: 4000, ...more })).updates;
      return first?.entity.data.id ?? null;
    };
    assert.equal(await begun(0), ids[0]);
    assert.equal(await begun(times[0]!), ids[0]);
    assert.equal(await begun(times[0]! + 1), ids[1]);
    assert.equal(await begun(times[1]!), ids[1]);
    assert.equal(await begun(times[1]! + 1), ids[3]);
    assert.equal(await begun(times[3]! + 1), null);
    assert.equal(await begun(times[3]! + 1, { offset: 0 }), ids[0]);
    const page = await get('', { timestamp: times[3]! + 1 });
    assert.equal(page.nextOffset, (await get('/last-offset')).lastOffset);
  });

  it('tells of two customers who are made one, and are two again', async () => {
    const [ann, ben] = [
      await client.create('a@example.com'),
      await client.create('b@example.com', { extra: 'b' }),
    ];
    const offset = (await get('/last-offset')).lastOffset;
    const joined = await ask(test, 'POST', at(client.workspace, '/links'), {
      body: { first: ann.id, second: ben.id },
    });
    const made = await get('', { offset });
    assert.deepEqual(said(made), [`UPDATE CUSTOMER ${ann.id}`]);
    assert.equal(made.updates[0].entity.data.extra, 'b');
    await ask(test, 'POST', at(client.workspace, `/links/${joined.body.link.id}/undo`), { body: {} });
    const undone = await get('', { offset: made.nextOffset });
    assert.deepEqual(said(undone).sort(), [`UPDATE CUSTOMER ${ann.id}`, `UPDATE CUSTOMER ${ben.id}`].sort());
    assert.deepEqual(
      undone.updates.map(({ entity }: Update) => entity.data.extra).sort(),
      ['b', null].sort(),
      'each as it is by itself',
    );
  });

  it('refuses what is out of bounds, an unknown node and a role that may not follow', async () => {
    const { adminToken, dpoToken, token } = client.credentials.contacthub;
    const status = async (query: string, by = adminToken) =>
      (await client.call('GET', `/updates${query}`, undefined, { token: by })).status;
    for (const query of [
      '?size=4001',
      '?size=-1',
      '?offset=-1',
      '?offset=x',
      '?timestamp=1.5',
      '?entity=LINK',
    ])
      assert.equal(await status(query), 400, query);
    assert.equal(await status('?size=4000'), 200);
    assert.equal(await status('?nodeId=00000000-0000-4000-8000-000000000000'), 404);
    assert.equal(await status('/last-offset?nodeId=nowhere'), 404);
    for (const by of [dpoToken, token]) {
      assert.equal(await status('', by), 403);
      assert.equal(await status('/last-offset', by), 403);
    }
    assert.equal(await status('', await client.tokenOf('PLATFORM_UPDATES')), 200);
    assert.equal(await status('', ''), 401);
  });
});

describe('a page of large updates', () => {
  const copies = 400;
  const makeLarge = async () => {
    const ann = await client.create('ann@example.com');
    await client.view({ customerId: ann.id });
    await test.store.copyLastEvent(copies, { title: 'x'.repeat(60_000) });
  };

  it('ends by its bytes, and the next goes on behind it', async () => {
    await makeLarge();
    const counts: number[] = [];
    for (let offset = 0; ; ) {
      const page = await get('', { size: 4000, offset });
      if (page.updates.length === 0) break;
      counts.push(page.updates.length);
      offset = page.nextOffset;
    }
    const [first = 0] = counts;
    assert.ok(first > 250 && first * 60_000 < 16 * 1024 * 1024, `${counts}`);
    assert.deepEqual(counts, [first, copies + 2 - first]);
  });

  it('says how long it is, to HEAD too, and whoever hangs up in the middle of it harms nobody', async () => {
    await makeLarge();
    const { workspaceId, adminToken } = client.credentials.contacthub;
    const origin = await test.app.http.listen({ host: '127.0.0.1', port: 0 });
    const url = `${origin}/hub/v1/workspaces/${workspaceId}/updates?size=4000`;
    const headers = { authorization: `Bearer ${adminToken}` };
    const hangingUp = new AbortController();
    const cut = await fetch(url, { headers, signal: hangingUp.signal });
    await cut.body?.getReader().read();
    hangingUp.abort();
    const head = await fetch(url, { method: 'HEAD', headers });
    const whole = await fetch(url, { headers });
    const bytes = (await whole.arrayBuffer()).byteLength;
    assert.ok(bytes > 15_000_000);
    for (const { status, headers } of [head, whole])
      assert.deepEqual(
        [status, headers.get('content-length'), headers.get('content-type')],
        [200, String(bytes), 'application/json; charset=utf-8'],
      );
  });
});

describe('a follower of the updates', () => {
  it('is told of each change once and in order, while many write', async () => {
    const ann = await client.create('ann@example.com');
    const writers = 8;
    const rounds = 12;
    let isWriting = true;
    const seen: string[] = [];
    const offsets: number[] = [0];
    const follow = async () => {
      for (;;) {
        const wasWriting = isWriting;
        const page = await get('', { offset: offsets.at(-1) ?? 0, size: 7 });
        seen.push(...said(page));
        if (page.updates.length > 0) offsets.push(page.nextOffset);
        else if (!wasWriting) return;
        else await new Promise((resolve) => setTimeout(resolve, 2));
      }
    };
    const made: string[] = [];
    const write = async (writer: number) => {
      for (let round = 0; round < rounds; round++) {
        const { id } = await client.create(`w${writer}-${round}@example.com`);
        made.push(`CREATE CUSTOMER ${id}`, `CREATE EVENT ${await client.view({ customerId: id })}`);
        const patched = await client.call('PATCH', `/customers/${ann.id}`, { extra: `${writer} ${round}` });
        assert.equal(patched.status, 200);
        made.push(`UPDATE CUSTOMER ${ann.id}`);
      }
    };
    const writing = Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
    const following = follow();
    await writing.finally(() => {
      isWriting = false;
    });
    await following;
    assert.deepEqual(seen.slice(1).sort(), made.sort());
    assert.deepEqual(
      offsets,
      [...offsets].sort((a, b) => a - b),
    );
    const { lastOffset } = await get('/last-offset');
    assert.equal(offsets.at(-1), lastOffset);
    // Read at once, it is told in the same order.
    assert.deepEqual(said(await get('', { size: 4000 })), seen);
    for (let writer = 0; writer < writers; writer++) {
      const own = made.filter((one) => one.startsWith('CREATE'));
      for (const one of own) assert.equal(seen.filter((told) => told === one).length, 1);
    }
  });
});

it('a process that knows neither type nor node yet passes none of their changes over', async () => {
  const second = await buildApp(loadConfig({}, []), test.database, pino({ level: 'silent' }));
  try {
    const other = new ContacthubClient({ ...test, app: second }, client.workspace);
    const follow = async (offset: number) => {
      const { adminToken: token } = client.credentials.contacthub;
      return (await other.call('GET', `/updates?offset=${offset}`, undefined, { token })).body;
    };
    assert.deepEqual((await follow(0)).updates, []);
    const nodeId = await new Store(test, client.workspace).addNode('contacthub');
    await test.app.services.workspaces.reload(client.workspace.created.id);
    const ann = await client.create('ann@example.com', { nodeId });
    const eventId = await client.view({ customerId: ann.id });
    const page = await follow(0);
    assert.deepEqual(said(page), [`CREATE CUSTOMER ${ann.id}`, `CREATE EVENT ${eventId}`]);
    assert.equal(page.updates[0].entity.data.nodeId, nodeId);
  } finally {
    await second.close();
  }
});

describe('a deletion', () => {
  it('tells the id and what was said of it, and what came before tells the id alone', async () => {
    const ann = await client.create('ann@example.com');
    const eventId = await client.view({ customerId: ann.id });
    assert.equal((await client.call('DELETE', `/events/${eventId}`)).status, 204);
    const page = await get('', { entity: 'EVENT' });
    const told = { id: eventId, customerId: ann.id, type: 'viewedPage' };
    assert.deepEqual(page.updates, [{ operation: 'DELETE', entity: { type: 'EVENT', data: told } }]);
  });

  it('of a customer tells what is left, in every update that there was', async () => {
    const [ann, ben] = [await client.create('ann@example.com'), await client.create('ben@example.com')];
    await client.call('PATCH', `/customers/${ann.id}`, { extra: 'x' });
    assert.equal((await client.call('DELETE', `/customers/${ann.id}`)).status, 200);
    const token = client.credentials.contacthub.dpoToken;
    const forgotten = await client.call('DELETE', `/customers/${ben.id}/forget`, undefined, { token });
    assert.equal(forgotten.status, 200);
    const gone = (id: string, deleted: number) => ({ id, nodeId: client.nodeId, deleted });
    const { updates } = await get('');
    assert.deepEqual(
      updates.map(({ operation, entity }: Update) => [operation, entity.data]),
      [
        ['CREATE', gone(ann.id, 1)],
        ['CREATE', gone(ben.id, -1)],
        ['UPDATE', gone(ann.id, 1)],
        ['DELETE', gone(ann.id, 1)],
        ['DELETE', gone(ben.id, -1)],
      ],
    );
  });
});
