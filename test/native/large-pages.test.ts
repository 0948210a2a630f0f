import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { before, it } from 'node:test';
import { maximumPageBytes } from '../../src/query/events/page-bytes.ts';
import { useApp } from '../helpers/app.ts';
import { at } from '../helpers/native-client.ts';
import { inject } from '../helpers/vendor-client.ts';

const MIB = 1024 * 1024;
/** Of the events' texts, in the order in which they are stored; one is larger than a page. */
const sizes = [
  10,
  900_000,
  900_000,
  900_000,
  900_000,
  5 * MIB,
  20,
  900_000,
  2 * MIB,
  2 * MIB,
  30,
  3 * MIB,
  40,
];

interface Event {
  readonly seq: number;
  readonly personId: string;
  readonly type: string;
  readonly properties: { readonly text?: string; readonly number: number };
}

const test = await useApp({ environment: { THROUGHLINE_BODY_LIMIT: String(8 * MIB) } });
before(async () => {
  const { apiKey, listId } = test.workspace.credentials.octeth;
  for (const [number, size] of sizes.entries()) {
    const Properties = { number, text: 'x'.repeat(size) };
    const payload = { APIKey: apiKey, ListID: listId, Event: 'large', Email: 'ada@example.com', Properties };
    const reply = await inject(test, { method: 'POST', url: '/api/v1/event', body: payload });
    assert.equal(reply.status, 200, reply.text);
  }
});

const numbers = (events: readonly Event[]) =>
  events.filter(({ type }) => type === 'large').map(({ properties }) => properties.number);
const all = [...sizes.keys()];

function assertSize(events: readonly Event[]): void {
  const bytes = events.reduce((sum, { properties }) => sum + (properties.text?.length ?? 0), 0);
  assert.ok(events.length === 1 || bytes <= maximumPageBytes, `${bytes} bytes in ${events.length} events`);
}

/** Fails when it does not come to an end. */
async function readAll(read: () => Promise<{ events: readonly Event[]; isLast: boolean }>): Promise<Event[]> {
  const events: Event[] = [];
  for (let pages = 0; pages < 50; pages++) {
    const page = await read();
    assertSize(page.events);
    events.push(...page.events);
    if (page.isLast) {
      assert.ok(pages >= 3, `${pages} pages`);
      return events;
    }
    assert.ok(page.events.length > 0, 'a page that is not the last one has events');
  }
  throw new Error('the pages have no end');
}

it('events come in pages of some megabytes, the one that is larger in one of its own, and all of them', async () => {
  let seq = 0;
  const events = await readAll(async () => {
    const { status, body } = await test.native.call('GET', `/events?limit=1000&afterSeq=${seq}`);
    assert.equal(status, 200);
    seq = body.events.at(-1)?.seq ?? seq;
    return { events: body.events, isLast: body.events.length === 0 };
  });
  assert.deepEqual(numbers(events), all);
});

it('so does a timeline, whose next goes on where it was cut', async () => {
  const [first] = (await test.native.call('GET', '/events?limit=1')).body.events as Event[];
  let next: string | null = null;
  const events = await readAll(async () => {
    const path = `/people/${first!.personId}/timeline?limit=500${next === null ? '' : `&next=${next}`}`;
    const { status, body } = await test.native.call('GET', path);
    assert.equal(status, 200);
    next = body.next;
    return { events: body.events, isLast: next === null };
  });
  assert.deepEqual(numbers(events), all.toReversed());
});

it('so does the live stream, without a rest where a page was cut', async () => {
  await test.app.http.listen({ host: '127.0.0.1', port: 0 });
  const { port } = test.app.http.server.address() as AddressInfo;
  const stop = new AbortController();
  const path = `/throughline/v1${at(test.workspace, '/events/live?afterSeq=0')}`;
  const reply = await fetch(`http://127.0.0.1:${port}${path}`, {
    headers: { authorization: `Bearer ${test.workspace.credentials.admin.token}` },
    signal: stop.signal,
  });
  const seen: number[] = [];
  let text = '';
  for await (const chunk of reply.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const messages = text.split('\n\n');
    text = messages.pop()!;
    for (const message of messages) {
      const data = /^data: (.*)$/m.exec(message)?.[1];
      if (data !== undefined) seen.push(...numbers([JSON.parse(data)]));
    }
    if (seen.length === all.length) break;
  }
  stop.abort();
  assert.deepEqual(seen, all);
});
