import assert from 'node:assert/strict';
import type { Database } from '../../src/store/database.ts';
import type { TestApp, TestWorkspace } from '../helpers/app.ts';
import { verifyWorkspace } from '../helpers/derived.ts';
import { inject } from '../helpers/vendor-client.ts';
import { isErrorForm, isOwnEvent, markerPattern, type Send, type VendorRequest } from './vendors.ts';

const patienceMilliseconds = 30_000;

/** Sends over the network. Rejects when there is no answer. */
export function fetchFrom(baseUrl: string): Send {
  return async ({ method, path, headers, body }) => {
    const response = await fetch(baseUrl + path, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
      signal: AbortSignal.timeout(patienceMilliseconds),
    });
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      text: await response.text(),
    };
  };
}

/** Sends to an app of this process, past the network. */
export function injectInto(test: Pick<TestApp, 'app'>): Send {
  return ({ path, ...request }) => inject(test, { url: path, ...request });
}

/** Reads from the native API as the workspace's administrator, and fails unless that works. */
export async function readNative<Answer>(
  send: Send,
  { credentials }: TestWorkspace,
  path: string,
): Promise<Answer> {
  const reply = await send({
    method: 'GET',
    path: `/throughline/v1/workspaces/${credentials.workspace.id}/${path}`,
    headers: { authorization: `Bearer ${credentials.admin.token}` },
  });
  assert.equal(reply.status, 200, `${path}: ${reply.text}`);
  return JSON.parse(reply.text) as Answer;
}

/** How many events of the workspace carry each marker. */
export async function countMarkers(send: Send, workspace: TestWorkspace): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (let afterSeq = 0; ; ) {
    const path = `events?afterSeq=${afterSeq}&limit=1000`;
    const { events } = await readNative<{
      events: { seq: number; type: string; dialect: string; properties: unknown }[];
    }>(send, workspace, path);
    if (events.length === 0) return counts;
    afterSeq = events.at(-1)!.seq;
    for (const event of events.filter(isOwnEvent)) {
      for (const marker of new Set(JSON.stringify(event.properties).match(markerPattern)))
        counts.set(marker, (counts.get(marker) ?? 0) + 1);
    }
  }
}

/** Sends once: true when it was accepted, false when the answer says, in the vendor's form, to try again later. */
export async function tryOnce(send: Send, request: VendorRequest): Promise<boolean> {
  const reply = await send(request);
  if (reply.status >= 200 && reply.status < 300) return true;
  const name = `${request.dialect} ${request.kind}`;
  assert.equal(reply.status, 503, `${name} was answered ${reply.status}: ${reply.text}`);
  assert.match(String(reply.headers['retry-after']), /^\d+$/, `${name}: Retry-After`);
  assert.ok(isErrorForm(request.dialect, request.path, reply), `${name}: ${reply.text}`);
  return false;
}

/** The order of events and changes has no hole, the accounting closes, and counters and derived tables agree with the rows. */
export async function assertVerified(
  send: Send,
  database: Database,
  workspace: TestWorkspace,
): Promise<void> {
  const { checks } = await verifyWorkspace(database, workspace.created.id);
  assert.deepEqual(
    checks.filter((check) => !check.ok),
    [],
  );
  const { closes, hours } = await readNative<{ closes: boolean; hours: unknown[] }>(
    send,
    workspace,
    'accounting',
  );
  assert.ok(closes && hours.length > 0, JSON.stringify(hours));
}
