import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { useApp } from '../helpers/app.ts';
import { ask, at } from '../helpers/native-client.ts';
import { workspaceKey } from './helpers.ts';

const test = await useApp();

before(async () => {
  const { wmktId } = test.workspace.credentials.webmarketer;
  await visit('browser-1', '2026-01-01T10:00:00Z', `?wmktid=${wmktId}&cid=fair`);
  await visit('browser-2', '2026-01-02T10:00:00Z', `?wmktid=${wmktId}&cid=fair`);
  await visit('browser-1', '2026-01-03T10:00:00Z', '?utm_source=news&utm_medium=email');
});

interface Touchpoint {
  readonly id: string;
  readonly profileId: string;
  readonly at: string;
  readonly campaign: { readonly id: string; readonly slug: string } | null;
}

async function visit(trackerId: string, when: string, query: string) {
  const body = { url: `https://shop.example/${query}`, trackerId, at: when };
  const { status, body: made } = await test.native.call('POST', '/visits', { body });
  assert.equal(status, 201);
  return made as { id: string; profileId: string };
}

async function read(query = ''): Promise<{ touchpoints: Touchpoint[]; next: string | null }> {
  const { status, body } = await test.native.call('GET', `/touchpoints?${query}`);
  assert.equal(status, 200, JSON.stringify(body));
  return body;
}

async function daysOf(query: string): Promise<string[]> {
  return (await read(query)).touchpoints.map((touchpoint) => touchpoint.at.slice(0, 10));
}

describe('GET /workspaces/{workspace}/touchpoints', () => {
  it('shows them newest first, with what their ids stand for', async () => {
    const { touchpoints, next } = await read();
    assert.equal(next, null);
    const days = touchpoints.map((touchpoint) => touchpoint.at.slice(0, 10));
    assert.deepEqual(days, ['2026-01-03', '2026-01-02', '2026-01-01']);
    const { id, profileId, receivedAt, campaign, ...rest } = touchpoints[2] as unknown as Record<
      string,
      never
    >;
    assert.ok(id && profileId && receivedAt);
    assert.equal((campaign as unknown as { slug: string }).slug, 'fair');
    assert.deepEqual(rest, {
      personId: profileId,
      at: '2026-01-01T10:00:00.000Z',
      dialect: 'webmarketer',
      channel: 'custom-ads',
      integration: test.workspace.credentials.webmarketer.wmktId,
      adId: null,
      cost: null,
      eventId: null,
      detail: {
        page: 'https://shop.example/',
        referrerHost: null,
        utm: {},
        clickIds: {},
        wmktId: test.workspace.credentials.webmarketer.wmktId,
        cid: 'fair',
      },
    });
  });

  it('are those of one person, profile or campaign, and between two instants', async () => {
    const all = (await read()).touchpoints;
    const [third, second] = all as [Touchpoint, Touchpoint];
    assert.deepEqual(await daysOf(`person=${third.profileId}`), ['2026-01-03', '2026-01-01']);
    assert.deepEqual(await daysOf(`profile=${second.profileId}`), ['2026-01-02']);
    const campaign = second.campaign!.id;
    assert.deepEqual(await daysOf(`campaign=${campaign}`), ['2026-01-02', '2026-01-01']);
    assert.deepEqual(await daysOf(`campaign=${campaign}&person=${third.profileId}`), ['2026-01-01']);
    const bounds = 'from=2026-01-01T10:00:00Z&to=2026-01-02T10:00:00Z';
    assert.deepEqual(await daysOf(bounds), ['2026-01-02', '2026-01-01']);
    assert.deepEqual(await daysOf(`campaign=${randomUUID()}`), []);
    assert.deepEqual(await daysOf(`profile=${randomUUID()}`), []);
  });

  it('show both profiles of a person once these are linked', async () => {
    const [third, second] = (await read()).touchpoints as [Touchpoint, Touchpoint];
    const body = { first: third.profileId, second: second.profileId };
    const { status, body: made } = await test.native.call('POST', '/links', { body });
    assert.equal(status, 201, JSON.stringify(made));
    assert.equal((await daysOf(`person=${second.profileId}`)).length, 3);
    assert.equal((await daysOf(`profile=${second.profileId}`)).length, 1);
    await test.native.call('POST', `/links/${made.link.id}/undo`, { body: {} });
  });

  it('come in pages that lose and repeat nothing, also at one instant', async () => {
    const made = new Set<string>();
    for (let visits = 0; visits < 7; visits++)
      made.add((await visit(`same-${visits % 2}`, '2025-05-05T05:05:05Z', '')).id);
    const seen: string[] = [];
    let next = '';
    do {
      const page = await read(`limit=3&to=2025-12-31T00:00:00Z${next}`);
      seen.push(...page.touchpoints.map(({ id }) => id));
      next = page.next === null ? '' : `&next=${page.next}`;
    } while (next !== '');
    assert.equal(seen.length, 7);
    assert.deepEqual(new Set(seen), made);
  });

  it('are refused for what is no id, instant, page or limit, and for a person that there is not', async () => {
    const get = async (query: string) => (await test.native.call('GET', `/touchpoints?${query}`)).status;
    for (const query of [
      'person=x',
      'profile=x',
      'campaign=x',
      'from=yesterday',
      'to=2026-02-30T00:00:00Z',
      'limit=0',
      'limit=501',
      'next=abc',
      `person=${randomUUID()}&profile=${randomUUID()}`,
    ])
      assert.equal(await get(query), 400, query);
    assert.equal(await get(`person=${randomUUID()}`), 404);
  });

  it('are shown to no key of another workspace or of a vendor', async () => {
    const other = await test.addWorkspace();
    const key = await workspaceKey(test, other);
    const [touchpoint] = (await read()).touchpoints;
    const path = at(test.workspace, '/touchpoints');
    assert.equal((await ask(test, 'GET', path, { key })).status, 404);
    assert.equal((await ask(test, 'GET', path, { key: null })).status, 401);
    const vendorKey = test.workspace.credentials.webmarketer.accessToken;
    assert.equal((await ask(test, 'GET', path, { key: vendorKey })).status, 401);
    const own = (query: string) => ask(test, 'GET', at(other, `/touchpoints?${query}`), { key });
    assert.equal((await own(`person=${touchpoint!.profileId}`)).status, 404);
    assert.deepEqual((await own(`profile=${touchpoint!.profileId}`)).body.touchpoints, []);
    assert.deepEqual((await own('')).body.touchpoints, []);
  });
});
