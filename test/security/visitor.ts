import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { TrackerIds } from '../../src/dialects/octeth/tracker/tracker-script.ts';
import { person, trackerIds } from '../dialects/octeth/tracker/browser.ts';
import type { TestApp, TestWorkspace } from '../helpers/app.ts';
import { verifyWorkspace } from '../helpers/derived.ts';
import { Store } from '../helpers/store.ts';
import { inject } from '../helpers/vendor-client.ts';

/** Whoever reads a page, and the shop whose page it is: what one sends without a key, and the other with its own. */
export interface Stage {
  readonly test: TestApp;
  readonly workspace: TestWorkspace;
  readonly store: Store;
  /** Sends a page's message and answers its status. */
  message(parts: Record<string, unknown>): Promise<number>;
  /** Sends many messages, some at a time. */
  flood(count: number, parts: (number: number) => Record<string, unknown>): Promise<void>;
  /** A command of the shop's, with its key. */
  call(command: string, body: Record<string, unknown>): Promise<{ status: number; body: string }>;
  /** An event of the shop's, with its key. */
  track(body: Record<string, unknown>): Promise<Record<string, unknown>>;
  assertVerified(): Promise<void>;
}

export async function setStage(test: TestApp): Promise<Stage> {
  const workspace = await test.addWorkspace();
  const ids: TrackerIds = await trackerIds(test, workspace);
  const { apiKey, listId } = workspace.credentials.octeth;
  const post = (
    url: string,
    payload: object,
    headers: Record<string, string> = {},
    remoteAddress = '127.0.0.1',
  ) => inject(test, { method: 'POST', url, body: payload, headers, remoteAddress });
  let sent = 0;
  // From as many addresses as messages: what one may send is bounded (visitor-rates.test.ts).
  const nextAddress = () => `10.${++sent >> 16}.${(sent >> 8) & 255}.${sent & 255}`;
  const message: Stage['message'] = async (parts) => {
    const base = { v: 1, ...ids, id: randomUUID(), uuid: randomUUID(), event: 'signup', properties: {} };
    const headers = { 'content-type': 'text/plain;charset=UTF-8', 'user-agent': person };
    return (await post('/hello/message', { ...base, ...parts }, headers, nextAddress())).status;
  };
  const call: Stage['call'] = async (command, body) => {
    const headers = { 'content-type': 'application/json' };
    const reply = await post(
      `/api/v1/${command}`,
      { APIKey: apiKey, ListID: Number(listId), ...body },
      headers,
    );
    return { status: reply.status, body: reply.text };
  };
  return {
    test,
    workspace,
    store: new Store(test, workspace),
    message,
    async flood(count, parts) {
      for (let number = 0; number < count; number += 200) {
        const some = Array.from({ length: Math.min(200, count - number) }, (_, index) => number + index);
        const statuses = await Promise.all(some.map((at) => message(parts(at))));
        assert.deepEqual([...new Set(statuses)], [200]);
      }
    },
    call,
    async track(body) {
      const reply = await call('event', body);
      assert.equal(reply.status, 200, reply.body);
      return JSON.parse(reply.body) as Record<string, unknown>;
    },
    async assertVerified() {
      const { checks } = await verifyWorkspace(test.database, workspace.created.id);
      assert.deepEqual(
        checks.filter(({ ok }) => !ok),
        [],
      );
    },
  };
}

/** Events of a type with who has them, oldest first. */
export async function eventsOf({ store }: Stage, wanted: string) {
  return (await store.eventsWithDetails()).filter(({ type }) => type === wanted);
}
