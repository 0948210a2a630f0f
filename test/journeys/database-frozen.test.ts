import assert from 'node:assert/strict';
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { inTransaction } from '../../src/store/transaction.ts';
import { readReadiness, useOwnServer } from './own-server.ts';
import { assertVerified, countMarkers, tryOnce } from './send.ts';
import { type Send, type VendorRequest, vendorRequests } from './vendors.ts';

const somebody = { email: 'ada@example.com', phone: '+33639980001' };
/** Every wait for the database is over by then, and what the machine takes on top. */
const boundMilliseconds = 10_000 + 2_000;

const database = await useOwnServer('frozen');
const { operator, send, workspace } = database;

/** Stops or continues every process of the server. */
async function signalServer(signal: 'SIGSTOP' | 'SIGCONT'): Promise<void> {
  const parent = database.pid;
  process.kill(parent, signal);
  const children = await readFile(`/proc/${parent}/task/${parent}/children`, 'utf8');
  for (const child of children.trim().split(/\s+/)) signalIfThere(Number(child), signal);
}

/** A process of a connection may have ended since they were listed. */
function signalIfThere(pid: number, signal: 'SIGSTOP' | 'SIGCONT'): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

const makers = Object.entries(vendorRequests);
const requestOf = (name: string): VendorRequest => vendorRequests[name]!(workspace.credentials, somebody);
const headers = () => ({
  authorization: `Bearer ${workspace.credentials.admin.token}`,
  'content-type': 'application/json',
});
const native = () => `/throughline/v1/workspaces/${workspace.credentials.workspace.id}`;
const readPersons = () => send({ method: 'GET', path: `${native()}/events`, headers: headers() });
const changeName = () =>
  send({ method: 'PATCH', path: native(), headers: headers(), body: JSON.stringify({ name: 'Changed' }) });
const readiness = () => readReadiness(send);

async function within<Result>(milliseconds: number, what: string, work: Promise<Result>): Promise<Result> {
  const startedAt = performance.now();
  const result = await work;
  const took = Math.round(performance.now() - startedAt);
  assert.ok(took < milliseconds, `${what} took ${took} ms`);
  return result;
}

async function untilReady(milliseconds = 15_000): Promise<void> {
  const startedAt = performance.now();
  while ((await readiness()).status !== 200) {
    assert.ok(performance.now() - startedAt < milliseconds, 'not ready again');
    await delay(50);
  }
}

async function assertSaysLater(reply: Awaited<ReturnType<Send>>, what: string): Promise<void> {
  assert.equal(reply.status, 503, `${what}: ${reply.text}`);
  assert.match(String(reply.headers['retry-after']), /^\d+$/, what);
}

/** Each is sent again, as a client does that was told to, until it is accepted. */
async function sendUntilAccepted(requests: readonly VendorRequest[]): Promise<void> {
  for (const request of requests) while (!(await tryOnce(send, request))) await delay(100);
}

it('while the server is frozen every caller is answered within the bound, and what was in doubt is there once', {
  timeout: 120_000,
}, async () => {
  await signalServer('SIGSTOP');
  let requests: VendorRequest[];
  try {
    requests = makers.map(([name]) => requestOf(name));
    const accepted = requests.map((request) =>
      within(boundMilliseconds, `${request.dialect} ${request.kind}`, tryOnce(send, request)),
    );
    const reads = [readPersons(), readPersons(), readPersons()].map((read) =>
      within(boundMilliseconds, 'a read', read),
    );
    const change = within(boundMilliseconds, 'a change', changeName());
    const ready = await within(4000, '/readyz', readiness());
    assert.deepEqual(ready, { status: 503, database: 'down' });
    assert.deepEqual(
      await Promise.all(accepted),
      requests.map(() => false),
      'no false ok',
    );
    for (const read of await Promise.all(reads)) await assertSaysLater(read, 'a read');
    await assertSaysLater(await change, 'a change');
  } finally {
    await signalServer('SIGCONT');
  }
  await untilReady();
  await sendUntilAccepted(requests);
  const counts = await countMarkers(send, workspace);
  for (const { dialect, kind, markers } of requests)
    for (const marker of markers) assert.equal(counts.get(marker), 1, `${dialect} ${kind}: ${marker}`);
  await assertVerified(send, operator, workspace);
});

it('a lock that somebody holds delays events and changes within the bound, and nothing of them is stored', {
  timeout: 120_000,
}, async () => {
  const holding = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const lock = inTransaction(operator, async (tx) => {
    await tx.query('select from workspace_head where workspace_id = $1 for update', [workspace.created.id]);
    holding.resolve();
    await released.promise;
  });
  await holding.promise;
  const request = requestOf('octeth event');
  const [accepted, change] = await Promise.all([
    within(boundMilliseconds, 'an event', tryOnce(send, request)),
    within(boundMilliseconds, 'a change', changeName()),
  ]);
  released.resolve();
  await lock;
  assert.equal(accepted, false);
  await assertSaysLater(change, 'a change');
  const counts = await countMarkers(send, workspace);
  for (const marker of request.markers) assert.equal(counts.get(marker), undefined, 'a 503 is no promise');
  await sendUntilAccepted([request]);
  await assertVerified(send, operator, workspace);
});

/** As PostgreSQL does where it can't write to its files. */
async function refuseWrites(message: string, state: string): Promise<void> {
  await operator.query(`
    create function refuse_write() returns trigger language plpgsql as $$
      begin raise exception '${message}' using errcode = '${state}'; end $$;
    create trigger refuse before insert or update on event for each row execute function refuse_write();
    create trigger refuse before insert or update on workspace for each row execute function refuse_write();
    create trigger refuse before insert or update on credential for each row execute function refuse_write();
    create trigger refuse before insert or update on write_probe for each row execute function refuse_write();`);
}

it('a server whose disk fails takes neither events nor changes, and both are told to come back', async () => {
  await refuseWrites('Input/output error', '58030');
  try {
    await delay(1100);
    assert.deepEqual(await readiness(), { status: 503, database: 'down' });
    assert.equal(await tryOnce(send, requestOf('webengage event')), false);
    await assertSaysLater(await changeName(), 'a change');
  } finally {
    await operator.query('drop function refuse_write() cascade');
  }
  await untilReady();
  await sendUntilAccepted([requestOf('webengage event')]);
});

it('a server that may not use its files, as on a file system that has turned read-only, makes nobody fail', async () => {
  const [table] = await operator.query<{ path: string }>(`select pg_relation_filepath('event') as path`);
  const file = join(database.dataFolder, table!.path);
  await chmod(file, 0o000);
  try {
    // Who has the file open goes on with it.
    await operator.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
        where pid <> pg_backend_pid() and backend_type in ('client backend', 'checkpointer', 'background writer')`,
    );
    assert.equal(await tryOnce(send, requestOf('webengage event')), false);
    await assertSaysLater(await readPersons(), 'a read');
  } finally {
    await chmod(file, 0o600);
  }
  await untilReady();
  await sendUntilAccepted([requestOf('webengage event')]);
});

it('a server without room on its disk is said to be full, and events and changes are told to come back', async () => {
  await refuseWrites('No space left on device', '53100');
  try {
    await delay(1100);
    assert.deepEqual(await readiness(), { status: 503, database: 'full' });
    assert.equal(await tryOnce(send, requestOf('webengage event')), false);
    await assertSaysLater(await changeName(), 'a change');
    const key = JSON.stringify({ dialect: 'native', name: 'more' });
    const made = await send({ method: 'POST', path: `${native()}/keys`, headers: headers(), body: key });
    await assertSaysLater(made, 'a new key');
    assert.equal((await readPersons()).status, 200, 'what is there can be read');
  } finally {
    await operator.query('drop function refuse_write() cascade');
  }
  await untilReady();
  await sendUntilAccepted([requestOf('webengage event')]);
});

it('a standby is said to be read-only; it is read, and takes neither events nor changes', {
  timeout: 120_000,
}, async () => {
  await database.stop();
  const standby = join(database.dataFolder, 'standby.signal');
  await writeFile(standby, '');
  await database.start();
  const startedAt = performance.now();
  while ((await readiness()).database !== 'read-only') {
    assert.ok(performance.now() - startedAt < 15_000, JSON.stringify(await readiness()));
    await delay(50);
  }
  assert.equal((await readPersons()).status, 200);
  for (const [name] of makers) assert.equal(await tryOnce(send, requestOf(name)), false, name);
  await assertSaysLater(await changeName(), 'a change');
  await database.stop();
  await rm(standby, { force: true });
  await database.start();
  await untilReady();
  await sendUntilAccepted([requestOf('webengage event')]);
  await assertVerified(send, operator, workspace);
});
