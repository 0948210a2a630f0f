import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { sendEvent, useServer } from './server-process.ts';

const server = await useServer();
const { folder } = server;

const erase = (...args: string[]) => server.run('erase', ...args);

async function native(path: string): Promise<{ status: number; body: ReturnType<typeof JSON.parse> }> {
  const { baseUrl, admin, workspace } = await folder.credentials();
  const reply = await fetch(`${baseUrl}/throughline/v1/workspaces/${workspace.id}${path}`, {
    headers: { authorization: `Bearer ${admin.token}` },
  });
  return { status: reply.status, body: await reply.json() };
}

/** An erasure of the journal, if not its first, by a key that is not there: whom it is of can't be told, and that is said. */
async function refuseOtherKey(): Promise<void> {
  const path = join(folder.path, 'erasures.ndjson');
  const journal = await readFile(path, 'utf8');
  const [first = '{}'] = journal.split('\n');
  const other = { ...JSON.parse(first), id: randomUUID(), keyId: 'ab'.repeat(8) };
  await appendFile(path, `${JSON.stringify(other)}\n`);
  await server.refuse([1, /forgotten by a key that is not the one of/, 'erase', '--replay']);
  await writeFile(path, journal);
}

const lookUp = (user: string) => native(`/people/lookup?kind=user&value=${user}`);

describe('throughline erase', () => {
  it('counts, and forgets a person beside the running server', async () => {
    await sendEvent(await folder.credentials(), { userId: 'eve', eventName: 'Paid' });
    const { body } = await lookUp('eve');
    const dry = await erase('--person', body.id, '--dry-run');
    assert.equal(dry.code, 0, dry.stderr);
    assert.match(dry.stdout, /events +1\n[\s\S]*a dry run: nothing was changed/);
    assert.equal((await lookUp('eve')).status, 200);
    const done = await erase('--person', body.id);
    assert.equal(done.code, 0, done.stderr);
    assert.match(done.stdout, /profiles +1\n/);
    assert.equal((await lookUp('eve')).status, 404);
    assert.equal((await erase('--person', body.id)).code, 0, 'said again');
  });

  it('refuses what makes no sense, and files that a server is using', async () => {
    await server.refuse(
      [2, /give one of --person/, 'erase'],
      [2, /is the id of a person/, 'erase', '--person', 'eve'],
      [2, /give one of --person/, 'erase', '--replay', '--scrub'],
      [
        1,
        /no person of the workspace has the id/,
        'erase',
        '--person',
        '01890a5d-ac96-774b-bcce-b302099a8057',
      ],
      [1, /in use by another running process/, 'erase', '--scrub'],
    );
  });

  it('cleans a backup that was restored of whom it has brought back, and scrubs the files of the server that is down', async () => {
    await sendEvent(await folder.credentials(), {
      userId: 'grace',
      eventName: 'Paid',
      eventData: { note: 'Zq7xgrace' },
    });
    await sendEvent(await folder.credentials(), { userId: 'bob', eventName: 'Paid' });
    await server.stop();
    const backup = await mkdtemp(join(tmpdir(), 'tl-backup-'));
    execFileSync('cp', ['-a', join(folder.path, 'postgres'), backup]);
    await server.start();
    assert.equal((await erase('--person', (await lookUp('grace')).body.id)).code, 0);
    await server.stop();
    await rm(join(folder.path, 'postgres'), { recursive: true });
    execFileSync('cp', ['-a', join(backup, 'postgres'), folder.path]);
    await rm(backup, { recursive: true });
    await server.start();
    const back = await lookUp('grace');
    assert.equal(back.status, 200);
    const replayed = await erase('--replay');
    assert.equal(replayed.code, 0, replayed.stderr);
    assert.equal((await lookUp('grace')).status, 404);
    assert.equal((await lookUp('bob')).status, 200);
    await sendEvent(await folder.credentials(), {
      userId: 'grace',
      eventName: 'Paid',
      eventData: { note: 'Zq7xgrace' },
    });
    assert.equal((await lookUp('grace')).status, 404);
    assert.match((await erase('--replay')).stdout, / 0\n$/);
    await refuseOtherKey();
    await server.stop();
    const scrubbed = await erase('--scrub');
    assert.equal(scrubbed.code, 0, scrubbed.stderr);
    const journal = await readFile(join(folder.path, 'erasures.ndjson'), 'utf8');
    assert.doesNotMatch(journal, /grace/);
    await server.start();
    assert.equal((await lookUp('bob')).status, 200);
  });
});
