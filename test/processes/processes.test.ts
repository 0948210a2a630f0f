import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, describe, it } from 'node:test';
import { readPostmasterFile } from '../../src/store/backends/embedded/postmaster-file.ts';
import { runHere } from '../cli/server-process.ts';
import { processesOf } from '../crash/database-processes.ts';
import { type Client, makeFolder, type Reply, TwoProcesses } from './two-processes.ts';

const folder = await makeFolder();
const server = await TwoProcesses.start(folder);
const { credentials, native, admin } = server;
const [first, second] = server.clients;
after(() => server.stop());

const number = (text: string, name: string): number => {
  const value = new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1];
  assert.ok(value !== undefined, `${name} is not in ${text}`);
  return Number(value);
};

function sendEvent(client: Client, name: string, requestId?: string): Promise<Reply> {
  const { licenseCode, apiKey } = credentials.webengage;
  return client.ask({
    method: 'POST',
    path: `/v1/accounts/${licenseCode}/events`,
    headers: {
      authorization: `Bearer ${apiKey}`,
      ...(requestId === undefined ? {} : { 'x-request-id': requestId }),
    },
    body: { userId: 'ada', eventName: name },
  });
}

const readJson = async (client: Client, path: string, headers = admin) => {
  const reply = await client.ask({ path, headers });
  assert.equal(reply.status, 200, reply.text);
  return JSON.parse(reply.text);
};

/** All within one minute by the server's clock, in which rates are counted. */
async function withinMinute<Result>(work: () => Promise<Result>): Promise<Result> {
  for (;;) {
    const minute = Math.floor(Date.now() / 60_000);
    const result = await work();
    if (Math.floor(Date.now() / 60_000) === minute) return result;
  }
}

describe('two processes on one port', () => {
  it('keep one order: what both take at once is stored once, without a gap, and a follower of one hears of all in order', async () => {
    const stop = new AbortController();
    const stream = await fetch(`${credentials.baseUrl}${native}/events/live`, {
      headers: admin,
      signal: stop.signal,
    });
    const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
    let heard = (await reader.read()).value ?? '';
    const names: string[] = [];
    const client = (index: number) => (index % 2 ? second : first);
    // Several a process at once, so that both have batches on the way.
    const lanes = [
      first,
      second,
      ...(await Promise.all([1, 2, 1, 2].map((process) => server.reach(process)))),
    ];
    await Promise.all(
      lanes.map(async (lane, laneNumber) => {
        for (let index = 0; index < 40; index++) {
          const name = `lane ${laneNumber} event ${index}`;
          names.push(name);
          assert.equal((await sendEvent(lane, name)).status, 201);
        }
      }),
    );
    const same = await Promise.all(
      Array.from({ length: 20 }, (_, index) => sendEvent(client(index), 'sent often', 'a'.repeat(32))),
    );
    assert.deepEqual([...new Set(same.map(({ status }) => status))], [201]);
    while (!heard.includes('sent often'))
      heard += (await reader.read()).value ?? assert.fail('the stream ended');
    stop.abort();
    const seqs = [...heard.matchAll(/^id: (\d+)$/gm)].map(([, seq]) => Number(seq));
    assert.deepEqual(
      seqs,
      seqs.toSorted((one, other) => one - other),
    );
    const ofStream = [...heard.matchAll(/"type":"(lane [^"]+|sent often)"/g)].map(([, name]) => name);
    assert.deepEqual(ofStream.toSorted(), [...names, 'sent often'].toSorted());
    for (const lane of lanes.slice(2)) lane.close();
    const { closes } = await readJson(second, `${native}/accounting`);
    assert.equal(closes, true);
    const verified = await runHere(['verify', '--data-dir', folder.path]);
    assert.equal(verified.code, 0, verified.stdout);
  });

  it('count a rate together: of so many in a minute, whichever takes them, no more are let through', async () => {
    const rate = async (limit: number) => {
      const reply = await first.ask({
        method: 'PATCH',
        path: native,
        headers: admin,
        body: { rateLimits: { 'webengage:events': limit } },
      });
      assert.equal(reply.status, 200, reply.text);
    };
    const replies = await withinMinute(async () => {
      // Whatever was counted before within the minute.
      await rate(1_000_000);
      const { headers } = await sendEvent(second, 'counted');
      await rate(1_000_000 - Number(headers['x-ratelimit-remaining']) + 30);
      return Promise.all(
        Array.from({ length: 50 }, (_, index) => sendEvent(index % 2 ? second : first, 'counted')),
      );
    });
    const accepted = replies.filter(({ status }) => status === 201);
    assert.deepEqual(
      accepted
        .map(({ headers }) => Number(headers['x-ratelimit-remaining']))
        .toSorted((one, other) => one - other),
      Array.from({ length: 30 }, (_, left) => left),
    );
    assert.equal(replies.filter(({ status }) => status === 429).length, 20);
    await rate(0);
  });

  it('count failed sign-ins together', async () => {
    const attempt = (client: Client) =>
      client.ask({
        method: 'POST',
        path: '/api.php',
        body: {
          Command: 'User.Login',
          ResponseFormat: 'JSON',
          Username: 'nobody@example.com',
          Password: 'wrong',
        },
      });
    const statuses: number[] = [];
    for (let index = 0; index < 12; index++)
      statuses.push((await attempt(index % 2 ? second : first)).status);
    assert.deepEqual(
      statuses.map((status) => status === 429),
      Array.from({ length: 12 }, (_, index) => index >= 10),
    );
  });

  it('go by what one of them has changed from its answer on', async () => {
    for (let round = 0; round < 10; round++) {
      const [writer, reader] = round % 2 ? [first, second] : [second, first];
      const name = `Shop ${round}`;
      const changed = await writer.ask({ method: 'PATCH', path: native, headers: admin, body: { name } });
      assert.equal(changed.status, 200, changed.text);
      assert.equal((await readJson(reader, native)).name, name);
    }
  });

  it('refuse a key that one of them has revoked from its answer on', async () => {
    const made = await first.ask({
      method: 'POST',
      path: '/throughline/v1/keys',
      headers: admin,
      body: { name: 'passing' },
    });
    assert.equal(made.status, 201, made.text);
    const { key, secret } = JSON.parse(made.text);
    const headers = { authorization: `Bearer ${secret}` };
    for (const client of [first, second])
      assert.equal((await client.ask({ path: native, headers })).status, 200);
    const revoked = await first.ask({
      method: 'DELETE',
      path: `/throughline/v1/keys/${key.id}`,
      headers: admin,
    });
    assert.equal(revoked.status, 204, revoked.text);
    for (const client of [second, first])
      assert.equal((await client.ask({ path: native, headers })).status, 401);
  });

  it('sign in by the link that the start has printed, once', async () => {
    const link = /sign-in#(\S+)/.exec(server.process.stdout)?.[1];
    const follow = (client: Client) =>
      client.ask({
        method: 'POST',
        path: '/throughline/v1/session/link',
        headers: { origin: credentials.baseUrl },
        body: { link },
      });
    assert.equal((await follow(second)).status, 201);
    assert.equal((await follow(first)).status, 401);
  });

  it('show the figures of both, whichever is asked', async () => {
    const stored = (text: string) =>
      number(text, 'throughline_events_total\\{dialect="webengage",outcome="stored"\\}');
    const [one, other] = await Promise.all([first, second].map((client) => client.ask({ path: '/metrics' })));
    assert.equal(stored(one!.text), stored(other!.text));
    assert.equal(number(one!.text, 'throughline_processes'), 2);
    assert.equal(number(one!.text, 'throughline_database_up'), 1);
    const { hours } = await readJson(first, `${native}/accounting`);
    const accounted = hours.filter(({ dialect }: { dialect: string }) => dialect === 'webengage');
    assert.equal(
      stored(one!.text),
      accounted.reduce((sum: number, hour: { stored: number }) => sum + hour.stored, 0),
    );
  });
});

describe('a process that dies', () => {
  it('is started again, and neither the others nor what was counted falls', async () => {
    const counted = async (client: Client) =>
      number(
        (await client.ask({ path: '/metrics' })).text,
        'throughline_events_total\\{dialect="webengage",outcome="stored"\\}',
      );
    const before = await counted(first);
    process.kill(processesOf(server.process.child.pid!)[0]!, 'SIGKILL');
    const { of } = await server.until('its end is logged', async () =>
      server.log.find(({ msg }) => msg.includes('ended unexpectedly')),
    );
    const survivor = of === 1 ? second : first;
    assert.equal((await sendEvent(survivor, 'while the other is away')).status, 201);
    assert.ok((await counted(survivor)) >= before + 1);
    await server.until('it takes requests again', async () =>
      server.log.find(({ msg }) => msg.includes('takes requests again')),
    );
    const successor = await server.reach(of!);
    assert.equal((await sendEvent(successor, 'by its successor')).status, 201);
    assert.ok((await counted(successor)) >= before + 2);
    successor.close();
  });
});

describe('the end', () => {
  it('answers what was accepted by any of them, and has exit code 0', async () => {
    const answers = Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        sendEvent(index % 2 ? second : first, 'at the end').catch(() => undefined),
      ),
    );
    const ended = await server.process.stop();
    const statuses = (await answers).flatMap((reply) => reply?.status ?? []);
    assert.ok(
      statuses.every((status) => status === 201),
      String(statuses),
    );
    assert.equal(ended.code, 0, ended.stderr);
    assert.equal(ended.stderr.match(/"msg":"stopped"/g)?.length, 3);
  });

  it('comes to all of them and to the database when the one that has started them is killed', async () => {
    const again = await TwoProcesses.start(folder);
    const primary = again.process.child;
    const workers = processesOf(primary.pid!);
    assert.equal(workers.length, 2);
    const database = (await readPostmasterFile(`${folder.path}/postgres`))?.pid;
    assert.ok(database);
    primary.kill('SIGKILL');
    await again.until('all have ended', async () =>
      [...workers, database].every((pid) => commandOf(pid) === '') ? true : undefined,
    );
    await again.stop();
  });
});

/** Of a process that runs. */
function commandOf(pid: number): string {
  try {
    return execFileSync('ps', ['-ww', '-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return '';
  }
}
