import assert from 'node:assert/strict';
import type { CredentialsFile } from '../../src/core/workspace/credentials-file.ts';
import { isOwnEvent, markerPattern } from '../journeys/vendors.ts';
import type { Ledger, Sent } from './load.ts';

interface StoredEvent {
  readonly seq: number;
  readonly id: string;
  readonly type: string;
  readonly dialect: string;
  readonly properties: unknown;
}

export interface Findings {
  readonly stored: number;
  /** Markers of events that were acknowledged and are not there. */
  readonly lost: readonly string[];
  /** Markers of events that are there more often than their requests went out, or twice in spite of a key. */
  readonly doubled: readonly string[];
}

/** Reads all events of the workspace by the native API, in seq order, a page at a time. */
export async function readAllEvents(baseUrl: string, credentials: CredentialsFile): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  for (;;) {
    const afterSeq = events.at(-1)?.seq ?? 0;
    const page = await readNative(baseUrl, credentials, `events?afterSeq=${afterSeq}&limit=1000`);
    const { events: next } = page as { events: StoredEvent[] };
    if (next.length === 0) return events;
    for (const event of next) {
      assert.ok(event.seq > (events.at(-1)?.seq ?? 0), `seq ${event.seq} comes after ${events.at(-1)?.seq}`);
      events.push(event);
    }
  }
}

/** Puts what is stored beside what the clients know. */
export function compare(events: readonly StoredEvent[], ledger: Ledger): Findings {
  const copies = new Map<string, number>();
  for (const event of events) {
    if (!isOwnEvent(event)) continue;
    for (const marker of new Set(JSON.stringify(event.properties).match(markerPattern)))
      copies.set(marker, (copies.get(marker) ?? 0) + 1);
  }
  const lost: string[] = [];
  const doubled: string[] = [];
  for (const sent of ledger.sent) {
    const { least, most } = boundsOf(sent);
    for (const marker of sent.request.markers) {
      const found = copies.get(marker) ?? 0;
      if (found < least) lost.push(`${sent.request.dialect} ${sent.request.kind} ${marker}`);
      if (found > most) doubled.push(`${sent.request.dialect} ${sent.request.kind} ${marker}`);
    }
  }
  return { stored: events.length, lost, doubled };
}

/** With a key: once it is acknowledged, exactly once. Without: each sending may or may not have arrived. */
function boundsOf({ request, times, acknowledged }: Sent): { least: number; most: number } {
  if (request.keyed) return { least: acknowledged > 0 ? 1 : 0, most: 1 };
  return { least: acknowledged, most: times };
}

/** What the API says of the accounting: the hours that do not close. */
export async function readOpenHours(baseUrl: string, credentials: CredentialsFile): Promise<unknown[]> {
  const { hours, closes } = (await readNative(baseUrl, credentials, 'accounting')) as {
    hours: { closes: boolean; received: number }[];
    closes: boolean;
  };
  const received = hours.reduce((sum, hour) => sum + hour.received, 0);
  if (received === 0) return ['nothing was received'];
  return closes ? [] : hours.filter((hour) => !hour.closes);
}

async function readNative(baseUrl: string, credentials: CredentialsFile, path: string): Promise<unknown> {
  const response = await fetch(`${baseUrl}/throughline/v1/workspaces/${credentials.workspace.id}/${path}`, {
    headers: { authorization: `Bearer ${credentials.admin.token}` },
  });
  const text = await response.text();
  assert.equal(response.status, 200, `${path}: ${text.slice(0, 300)}`);
  return JSON.parse(text);
}
