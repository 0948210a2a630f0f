import assert from 'node:assert/strict';
import cluster from 'node:cluster';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { after, describe, it, mock } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { systemClock } from '../../src/core/clock.ts';
import { Hub } from '../../src/processes/hub.ts';
import { Pulse } from '../../src/processes/pulse.ts';
import { Supervisor } from '../../src/processes/supervisor.ts';

describe('a pulse', () => {
  it('asks from the first word on, bears each silence of less than half a minute, and tells of a longer one once', () => {
    mock.timers.enable({ apis: ['setInterval'] });
    let asked = 0;
    const silent: number[] = [];
    const pulse = new Pulse(
      () => asked++,
      (milliseconds) => silent.push(milliseconds),
    );
    mock.timers.tick(600_000);
    assert.equal(asked, 0);
    for (let round = 0; round < 5; round++) {
      pulse.hear();
      mock.timers.tick(30_000);
      assert.equal(asked, 6 * (round + 1));
    }
    assert.deepEqual(silent, []);
    mock.timers.tick(600_000);
    assert.deepEqual(silent, [30_000]);
    mock.timers.reset();
  });
});

describe('a process that hangs', async () => {
  const lines: { msg: string; of?: number; pid?: number; silentMilliseconds?: number }[] = [];
  const logger = pino({}, { write: (text: string) => lines.push(JSON.parse(text)) });
  const registry = new Registry();
  const hub = new Hub({ messages: 0, bytes: 0 }, systemClock);
  hub.serve({ lookForJobs: async () => {}, registry });
  cluster.setupPrimary({ exec: join(import.meta.dirname, 'listening-process.ts'), execArgv: [] });
  // Long enough for a process of a busy machine, and short enough to wait for.
  const supervisor = new Supervisor(2, hub, undefined, logger, { everyMilliseconds: 500, questions: 6 });
  const baseUrl = await supervisor.start();
  after(() => supervisor.stop());

  const running = () => Object.values(cluster.workers ?? {}).flatMap((worker) => worker?.process.pid ?? []);
  const answering = async () => (await fetch(baseUrl, { headers: { connection: 'close' } })).text();

  /** A client's connection, with a request on its way. */
  async function open(): Promise<Socket> {
    const socket = connect(Number(new URL(baseUrl).port), '127.0.0.1');
    socket.on('error', () => {});
    await once(socket, 'connect');
    socket.write('GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n');
    return socket;
  }

  it('is killed, counted and replaced, with the cause in the log; the other goes on, and nobody waits for it for ever', async () => {
    const [hung, other] = running();
    assert.ok(hung && other);
    process.kill(hung, 'SIGSTOP');
    // One of these it was handed, and can't take; the others are for the process that works.
    const sockets = await Promise.all(Array.from({ length: 6 }, open));
    const answers = await Promise.all(
      sockets.map(async (socket) => {
        let text = '';
        try {
          for await (const chunk of socket.setEncoding('utf8')) text += chunk;
        } catch {
          // It was reset.
        }
        return text.split('\r\n\r\n')[1];
      }),
    );
    assert.equal(answers.filter((answer) => answer?.includes(String(other))).length, 5, String(answers));
    while (!lines.some(({ msg }) => msg === 'the process takes requests again')) await delay(20);
    assert.equal(running().includes(hung), false);
    assert.equal(running().length, 2);
    const killed = lines.find(({ msg }) => msg === 'a process answers nothing any more and is killed');
    assert.equal(killed?.pid, hung);
    assert.equal(killed?.silentMilliseconds, 3_000);
    const text = await registry.metrics();
    assert.match(text, /^throughline_process_ends_total\{cause="silent"\} 1$/m);
    assert.match(text, /^throughline_process_ends_total\{cause="died"\} 0$/m);
    const seen = new Set<string>();
    while (seen.size < 2) seen.add(await answering());
    assert.deepEqual([...seen].map(Number).sort(), running().sort());
  });
});
