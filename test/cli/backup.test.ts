import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { beginningFile, readManifest } from '../../src/store/backup/manifest.ts';
import { tarFile } from '../../src/store/backup/tar.ts';
import { useFolder } from '../helpers/folder.ts';
import {
  CommandProcess,
  type DataFolder,
  makeDataFolder,
  runHere,
  sendEvent,
  startServer,
  useServer,
} from './server-process.ts';

const server = await useServer();
const folder = await useFolder();
const file = join(folder, 'throughline.tar.zst');
const erasures = `${file}.erasures`;
const target = await makeDataFolder();
after(() => target.remove());

async function native(
  of: DataFolder,
  path: string,
): Promise<{ status: number; body: ReturnType<typeof JSON.parse> }> {
  const { baseUrl, admin, workspace } = await of.credentials();
  const reply = await fetch(`${baseUrl}/throughline/v1/workspaces/${workspace.id}${path}`, {
    headers: { authorization: `Bearer ${admin.token}` },
  });
  return { status: reply.status, body: await reply.json() };
}

const lookUp = (of: DataFolder, user: string) => native(of, `/people/lookup?kind=user&value=${user}`);

async function forget(user: string): Promise<void> {
  const { body } = await lookUp(server.folder, user);
  await server.succeed('erase', '--person', body.id);
}

/** Sends events one after the other until it is told to stop; `acknowledged` are the numbers of those that were. */
async function send(from: string, acknowledged: number[], signal?: AbortSignal): Promise<void> {
  const credentials = await server.folder.credentials();
  for (let number = acknowledged.length; signal ? !signal.aborted : number < 40; number++) {
    const userId = `${from}-${number % 7}`;
    const reply = await sendEvent(credentials, { userId, eventName: 'Paid', eventData: { from, number } });
    assert.equal(reply.ok, true);
    acknowledged.push(number);
  }
}

/** How often each event is there that this sender's number has. */
async function countStored(of: DataFolder, from: string): Promise<Map<number, number>> {
  const counts = new Map<number, number>();
  for (let afterSeq = 0; ; ) {
    const { body } = await native(of, `/events?afterSeq=${afterSeq}&limit=1000`);
    if (body.events.length === 0) return counts;
    for (const { properties } of body.events)
      if (properties.from === from) counts.set(properties.number, (counts.get(properties.number) ?? 0) + 1);
    afterSeq = body.events.at(-1).seq;
  }
}

const restore = (path: string, record: string, dataDir = target.path) =>
  runHere(['restore', path, '--erasures', record, '--data-dir', dataDir]);

/** It changes nothing in the folder into which it was to be restored. */
async function refuse(
  path: string,
  expected: RegExp,
  record = erasures,
  dataDir = target.path,
): Promise<void> {
  const names = readdirSync(dataDir);
  const { code, stderr } = await restore(path, record, dataDir);
  assert.equal(code, 1, stderr);
  assert.match(stderr, expected);
  assert.deepEqual(readdirSync(dataDir), names);
}

describe('throughline backup', () => {
  const before: number[] = [];

  it('writes what was acknowledged before into a file for its owner alone, verified by restoring it, while events come in', async () => {
    for (const user of ['grace', 'eve'])
      await sendEvent(await server.folder.credentials(), { userId: user, eventName: 'Paid' });
    await forget('eve');
    await send('before', before);
    const stop = new AbortController();
    const sending = send('meanwhile', [], stop.signal);
    const { code, stdout, stderr } = await server.run('backup', file);
    stop.abort();
    await sending;
    assert.equal(code, 0, stderr);
    assert.match(stdout, /events-accounted +ok/);
    assert.match(stderr, /restoring it into a temporary folder/);
    for (const path of [file, erasures]) assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.deepEqual(
      readdirSync(folder).sort(),
      [file, erasures].map((path) => path.slice(folder.length + 1)),
    );
  });

  it('never writes over a file, and names what backs up another database, without its password', async () => {
    const url = 'postgres://tl:Zq7xSecret@db.example:5433/events';
    await server.refuse(
      [1, /throughline\.tar\.zst is there already/, 'backup', file],
      [1, /can't write to .*ENOENT/, 'backup', join(folder, 'none', 'a.tar')],
      [2, /FILE is missing/, 'backup'],
      [
        1,
        /pg_dump .*postgres:\/\/tl@db\.example:5433\/events'/,
        'backup',
        `${file}.other`,
        '--database-url',
        url,
      ],
      [1, /pg_restore .*postgres:\/\/tl@db\.example:5433\/events'/, 'restore', file, '--database-url', url],
    );
    const { stderr } = await server.run('backup', `${file}.other`, '--database-url', url);
    assert.doesNotMatch(stderr, /Zq7xSecret/);
  });

  for (const [signal, ends, leaves] of [
    ['SIGTERM', /stopped; there is no .*cut\.tar/, []],
    ['SIGKILL', /^/, ['cut.tar.erasures.partial', 'cut.tar.partial']],
  ] as const) {
    it(`leaves nothing under its name when it is ended by ${signal}`, async () => {
      const path = join(folder, 'cut.tar');
      const taking = new CommandProcess(['backup', path, '--data-dir', server.folder.path]);
      while (!existsSync(`${path}.partial`) || statSync(`${path}.partial`).size === 0) {
        assert.equal(taking.child.exitCode, null, taking.stderr);
        await delay(2);
      }
      const { stderr } = await taking.stop(signal);
      assert.match(stderr, ends);
      assert.deepEqual(
        readdirSync(folder)
          .filter((name) => name.startsWith('cut'))
          .sort(),
        leaves,
      );
    });
  }

  describe('throughline restore', () => {
    it('takes nothing that is cut, damaged, of another format or major version, and leaves nothing of it', async () => {
      const bytes = await readFile(file);
      const spoil = async (name: string, content: Buffer) => {
        await writeFile(join(folder, name), content);
        return join(folder, name);
      };
      const half = Math.floor(bytes.length / 2);
      const damaged = Buffer.from(bytes);
      damaged.fill(0x55, half, half + 16);
      await refuse(await spoil('cut', bytes.subarray(0, half)), /cut is cut or damaged/);
      await refuse(await spoil('end', bytes.subarray(0, -5)), /end is cut or damaged/);
      await refuse(await spoil('damaged', damaged), /damaged is cut or damaged/);
      await refuse(await spoil('empty', Buffer.alloc(0)), /empty is no backup/);
      await refuse(
        await spoil('text', Buffer.from('{"format": "throughline-backup"}\n'.repeat(50))),
        /text is no backup/,
      );
      await refuse(await spoil('random', randomBytes(10_000)), /random is no backup/);
      const manifest = {
        format: 'throughline-backup',
        version: 1,
        madeAt: '',
        throughline: '9.0.0',
        clusterBytes: 1,
        erasures: [],
      };
      const begun = tarFile(
        beginningFile,
        Buffer.from(JSON.stringify({ ...manifest, postgresql: '18' })),
        new Date(),
      );
      for (const elsewhere of ['postgres/../evil', '/etc/evil', 'erasure-key']) {
        const hostile = Buffer.concat([begun, tarFile(elsewhere, Buffer.from('evil'), new Date())]);
        await refuse(
          await spoil('hostile', hostile),
          /hostile is cut or damaged \(something else is in it\)/,
        );
      }
      await refuse(join(folder, 'missing'), /can't read .*ENOENT/);
      const old = Buffer.from(JSON.stringify({ ...manifest, postgresql: '9' }));
      assert.ok(readManifest(old.toString()));
      await refuse(
        await spoil('old', tarFile(beginningFile, old, new Date())),
        /is of PostgreSQL 9.*restore it with Throughline 9\.0\.0/,
      );
      const large = Buffer.from(JSON.stringify({ ...manifest, postgresql: '18', clusterBytes: 1e17 }));
      await refuse(await spoil('large', tarFile(beginningFile, large, new Date())), /has no room/);
    });

    it('wants to know who was forgotten, by the key of then and up to the backup at least', async () => {
      const record = JSON.parse(await readFile(erasures, 'utf8'));
      const say = async (name: string, change: object) => {
        await writeFile(join(folder, name), JSON.stringify({ ...record, ...change }));
        return join(folder, name);
      };
      await server.refuse([
        2,
        /--erasures is missing: who was forgotten after the backup would come/,
        'restore',
        file,
      ]);
      await refuse(file, /older than the backup/, await say('older', { journal: [] }));
      await refuse(file, /has another key/, await say('other', { key: 'ab'.repeat(32) }));
      await refuse(file, /no record of erasures/, await say('none', { format: 'else' }));
      await refuse(file, /is no data folder/, folder);
      await refuse(file, /can't read .*ENOENT/, join(folder, 'missing'));
      await refuse(file, /a server is running on/, erasures, server.folder.path);
      await refuse(file, /is not empty/, erasures, folder);
    });

    it('brings back each event that was acknowledged before, once, and nobody who was forgotten since', async () => {
      await forget('grace');
      const { code, stdout, stderr } = await restore(file, server.folder.path);
      assert.equal(code, 0, stderr);
      assert.match(stdout, /erasures known: 2, done anew: 1/);
      assert.match(stdout, /Next: throughline start --data-dir/);
      assert.doesNotMatch(stdout, /FAILED/);
      assert.deepEqual(
        readdirSync(target.path)
          .filter((name) => name !== 'throughline.lock')
          .sort(),
        ['erasure-key', 'erasures.ndjson', 'postgres'],
      );
      await copyFile(server.folder.credentialsPath, target.credentialsPath);
      const restored = await startServer(target.path);
      try {
        assert.deepEqual(
          [...(await countStored(target, 'before'))],
          before.map((number) => [number, 1]),
        );
        assert.ok([...(await countStored(target, 'meanwhile')).values()].every((count) => count === 1));
        for (const user of ['grace', 'eve']) assert.equal((await lookUp(target, user)).status, 404);
        assert.equal((await lookUp(target, 'before-1')).status, 200);
      } finally {
        await restored.stop();
      }
    });
  });
});
