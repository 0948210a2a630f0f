import assert from 'node:assert/strict';
import type { CredentialsFile } from '../../src/core/workspace/credentials-file.ts';
import { isOwnEvent, markerPattern } from '../journeys/vendors.ts';
import type { Ledger, Sent } from './ledger.ts';

const readPatienceMilliseconds = 30_000;

interface StoredEvent {
  readonly seq: number;
  readonly type: string;
  readonly dialect: string;
  readonly properties: unknown;
}

export interface Findings {
  /** Events that are stored in all. */
  readonly stored: number;
  /** Markers of events that were acknowledged and are not there. */
  readonly lost: readonly string[];
  /** Markers of events that are there more often than their requests went out, or twice in spite of a key. */
  readonly doubled: readonly string[];
}

/** What is stored, read by the native API in seq order; each time what is new since, so that a round costs the same late in a run. */
export class Stored {
  readonly #copies = new Map<string, number>();
  #events = 0;
  #seq = 0;

  async readOn(baseUrl: string, credentials: CredentialsFile): Promise<void> {
    for (;;) {
      const page = await readNative(baseUrl, credentials, `events?afterSeq=${this.#seq}&limit=1000`);
      const { events } = page as { events: StoredEvent[] };
      if (events.length === 0) return;
      for (const event of events) this.#take(event);
    }
  }

  /** Puts it beside what the clients know. */
  compare(ledger: Ledger): Findings {
    const lost: string[] = [];
    const doubled: string[] = [];
    for (const sent of ledger.sent) {
      const { least, most } = boundsOf(sent);
      for (const marker of sent.request.markers) {
        const found = this.#copies.get(marker) ?? 0;
        if (found < least) lost.push(`${sent.request.dialect} ${sent.request.kind} ${marker}`);
        if (found > most) doubled.push(`${sent.request.dialect} ${sent.request.kind} ${marker}`);
      }
    }
    return { stored: this.#events, lost, doubled };
  }

  #take(event: StoredEvent): void {
    assert.ok(event.seq > this.#seq, `seq ${event.seq} comes after ${this.#seq}`);
    this.#seq = event.seq;
    this.#events++;
    if (!isOwnEvent(event)) return;
    for (const marker of new Set(JSON.stringify(event.properties).match(markerPattern)))
      this.#copies.set(marker, (this.#copies.get(marker) ?? 0) + 1);
  }
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
    signal: AbortSignal.timeout(readPatienceMilliseconds),
  });
  const text = await response.text();
  assert.equal(response.status, 200, `${path}: ${text.slice(0, 300)}`);
  return JSON.parse(text);
}
