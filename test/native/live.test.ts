import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { before, describe, it } from 'node:test';
import { useApp } from '../helpers/app.ts';
import { ask, at } from '../helpers/native-client.ts';
import { sendWebengage, workspaceKey } from './helpers.ts';

const test = await useApp();
let address: string;

before(async () => {
  await test.app.http.listen({ host: '127.0.0.1', port: 0 });
  address = `http://127.0.0.1:${(test.app.http.server.address() as AddressInfo).port}`;
});

interface Message {
  readonly id: number;
  readonly event: { seq: number; type: string };
}

/** Opens the stream and reads it message by message. */
async function listen(headers: Record<string, string> = {}, query = '') {
  const stop = new AbortController();
  const reply = await fetch(`${address}/throughline/v1${at(test.workspace, `/events/live${query}`)}`, {
    headers: { authorization: `Bearer ${test.workspace.credentials.admin.token}`, ...headers },
    signal: stop.signal,
  });
  const reader = reply.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const next = async (): Promise<string | undefined> => {
    while (!text.includes('\n\n')) {
      const { value, done } = await reader.read();
      if (done) return undefined;
      text += value;
    }
    const end = text.indexOf('\n\n');
    const message = text.slice(0, end);
    text = text.slice(end + 2);
    return message;
  };
  return {
    status: reply.status,
    type: reply.headers.get('content-type'),
    stop: () => stop.abort(),
    next,
    async nextEvent(): Promise<Message> {
      for (;;) {
        const message = await next();
        assert.ok(message !== undefined, 'the stream ended');
        const match = /^id: (\d+)\ndata: (.*)$/.exec(message);
        if (match) return { id: Number(match[1]), event: JSON.parse(match[2]!) };
      }
    },
  };
}

const send = (eventName: string) => sendWebengage(test, test.workspace, { userId: 'ada', eventName });

describe('GET /workspaces/{workspace}/events/live', () => {
  it('sends what is stored from now on, in order, soon after the commit', async () => {
    await send('before');
    const stream = await listen();
    assert.equal(stream.status, 200);
    assert.equal(stream.type, 'text/event-stream');
    await stream.next();
    await send('first');
    const first = await stream.nextEvent();
    assert.equal(first.event.type, 'first');
    assert.equal(first.id, first.event.seq);
    await Promise.all([send('second'), send('third')]);
    const more = [await stream.nextEvent(), await stream.nextEvent()];
    assert.ok(first.id < more[0]!.id && more[0]!.id < more[1]!.id);
    stream.stop();
  });
  it('is woken by the commit, and does not wait for its next look', async () => {
    const stream = await listen();
    await stream.next();
    const waits: number[] = [];
    for (let round = 0; round < 3; round++) {
      const started = performance.now();
      await send('awaited');
      await stream.nextEvent();
      waits.push(performance.now() - started);
    }
    assert.ok(Math.min(...waits) < 700, `${waits}`);
    stream.stop();
  });
  it('goes on after Last-Event-ID without missing or repeating one', async () => {
    for (let index = 0; index < 120; index++) await send(`page ${index % 3}`);
    const { events } = (await test.native.call('GET', '/events?limit=1000')).body;
    const after = events[2].seq;
    const stream = await listen({ 'last-event-id': String(after) }, '?afterSeq=0');
    const seqs: number[] = [];
    while (seqs.length < events.length - 3) seqs.push((await stream.nextEvent()).id);
    assert.deepEqual(
      seqs,
      events.slice(3).map(({ seq }: { seq: number }) => seq),
    );
    stream.stop();
  });
  it('sends a workspace nothing of another one', async () => {
    const stream = await listen({}, '?afterSeq=0');
    const first = await stream.nextEvent();
    const other = await test.addWorkspace();
    await sendWebengage(test, other, { userId: 'x', eventName: 'foreign' });
    await send('own');
    for (let message = first; message.event.type !== 'own'; message = await stream.nextEvent())
      assert.notEqual(message.event.type, 'foreign');
    stream.stop();
  });
  it('refuses other keys, and ids that are no seq', async () => {
    const foreign = await workspaceKey(test, await test.addWorkspace());
    const path = at(test.workspace, '/events/live');
    assert.equal((await ask(test, 'GET', path, { key: foreign })).status, 404);
    assert.equal((await ask(test, 'GET', path, { key: null })).status, 401);
    assert.equal((await ask(test, 'GET', `${path}?afterSeq=x`)).status, 400);
    const stream = await listen({ 'last-event-id': 'x' });
    assert.equal(stream.status, 400);
  });
  it('takes 50 listeners of a workspace and no more, and room again when some have left', async () => {
    const streams = await Promise.all(Array.from({ length: 50 }, () => listen()));
    assert.ok(streams.every(({ status }) => status === 200));
    const refused = await listen();
    assert.equal(refused.status, 503);
    for (const stream of streams) stream.stop();
    await new Promise((resolve) => setTimeout(resolve, 200));
    const stream = await listen();
    assert.equal(stream.status, 200);
    stream.stop();
  });
  it('ends the streams when the server stops', async () => {
    const stream = await listen();
    await stream.next();
    const started = performance.now();
    await test.app.http.close();
    assert.ok(performance.now() - started < 3000);
    assert.equal(await stream.next(), undefined);
  });
});
