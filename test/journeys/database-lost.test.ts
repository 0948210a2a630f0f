import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { newId } from '../../src/core/id.ts';
import { settleDoubt } from '../../src/core/workspace/commit-doubt.ts';
import { type Head, lockHead } from '../../src/core/workspace/workspace-store.ts';
import { CommitInDoubtError, inTransaction } from '../../src/store/transaction.ts';
import { readReadiness, useOwnServer } from './own-server.ts';
import { assertVerified, countMarkers, tryOnce } from './send.ts';
import { type VendorRequest, vendorRequests } from './vendors.ts';

const database = await useOwnServer('lost');
const { operator, send, workspace } = database;

interface Load {
  readonly requests: VendorRequest[];
  /** How often a client was told to try again. */
  refused: number;
  accepted: number;
}

/** Clients of all vendors; each sends a request, where it has to be under its key again, until it is accepted. */
async function runClients(
  stopped: () => boolean,
  load: Load = { requests: [], refused: 0, accepted: 0 },
): Promise<Load> {
  const makers = Object.values(vendorRequests);
  const runClient = async (client: number) => {
    for (let turn = client; !stopped(); turn++) {
      const somebody = { email: `person-${turn % 50}@example.com`, phone: `+3363998${1000 + (turn % 50)}` };
      const request = makers[turn % makers.length]!(workspace.credentials, somebody);
      load.requests.push(request);
      while (!(await tryOnce(send, request))) {
        load.refused++;
        await delay(50);
      }
      load.accepted++;
    }
  };
  await Promise.all(Array.from({ length: 8 }, (_, client) => runClient(client)));
  return load;
}

/** What /readyz knows may be a second old. */
async function untilReadinessIs(status: number, milliseconds: number): Promise<void> {
  const startedAt = performance.now();
  while ((await readReadiness(send)).status !== status) {
    assert.ok(performance.now() - startedAt < milliseconds, `not ${status} after ${milliseconds} ms`);
    await delay(25);
  }
}

/** A 503 promises that nothing was stored, so even what has no key is there once for its one acceptance. */
async function assertOnce(load: Load): Promise<void> {
  const counts = await countMarkers(send, workspace);
  for (const { dialect, kind, markers } of load.requests)
    for (const marker of markers) assert.equal(counts.get(marker), 1, `${dialect} ${kind}: ${marker}`);
  await assertVerified(send, operator, workspace);
}

it('connections that are cut again and again in mid-load lose nothing, double nothing, and are made anew', async () => {
  let stopped = false;
  const load: Load = { requests: [], refused: 0, accepted: 0 };
  const running = runClients(() => stopped, load);
  let cut = 0;
  // As many rounds as it takes on a slow machine until there is something that could be lost.
  for (let round = 0; round < 12 || (load.accepted <= 50 && round < 100); round++) {
    await delay(100 + Math.random() * 150);
    const rows = await operator.query<{ done: boolean }>(
      `select pg_terminate_backend(pid) as done from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`,
    );
    cut += rows.filter((row) => row.done).length;
  }
  stopped = true;
  await running;
  assert.ok(cut > 0, 'connections were cut');
  assert.ok(load.accepted > 50, `${load.accepted} requests were accepted`);
  await untilReadinessIs(200, 3000);
  await assertOnce(load);
});

it('while the database is down clients are told to try again, /readyz says so, and it goes on by itself', async () => {
  let stopped = false;
  const running = runClients(() => stopped);
  for (let round = 0; round < 2; round++) {
    await delay(300);
    await database.stop();
    await untilReadinessIs(503, 3000);
    const alive = await send({ method: 'GET', path: '/healthz', headers: {} });
    assert.equal(alive.status, 200);
    // Beyond the time for which keys and configurations are remembered, so that these have to be asked for too.
    await delay(round === 0 ? 5500 : 500);
    await database.start();
    await untilReadinessIs(200, 10_000);
  }
  await delay(500);
  stopped = true;
  const load = await running;
  assert.ok(load.refused > 0, 'nobody was told to try again');
  await assertOnce(load);
});

it('a commit that went down with the database is not taken for that of another, which got its number', async () => {
  const { id } = workspace.created;
  // So many that what is behind it in numbers is done in the database's new life.
  const spendNumbers = async () => {
    for (let spent = 0; spent < 40; spent++)
      await operator.query('update write_probe set written_at = now()').catch(() => delay(100));
  };
  for (let round = 0; round < 3; round++) {
    let head: Head | undefined;
    const doomed = inTransaction(operator, async (tx) => {
      head = { ...(await lockHead(tx, id)), lastBatch: newId(Date.now()) };
      const [backend] = await tx.query<{ pid: number }>('select pg_backend_pid() as pid');
      assert.ok(backend);
      process.kill(backend.pid, 'SIGKILL');
      await tx.query('select pg_sleep(10)');
    });
    await assert.rejects(doomed);
    await untilReadinessIs(200, 20_000);
    await spendNumbers();
    const error = new CommitInDoubtError(new Error('a test'));
    const fate = await settleDoubt(operator, id, head, error, performance.now() + 20_000);
    assert.notEqual(fate, 'committed');
  }
});

it('a commit whose answer was lost is known to have taken place also when others have committed since', async () => {
  const { id } = workspace.created;
  let head: Head | undefined;
  await inTransaction(operator, async (tx) => {
    head = { ...(await lockHead(tx, id)), lastBatch: newId(Date.now()) };
  });
  const fate = await settleDoubt(
    operator,
    id,
    head,
    new CommitInDoubtError(new Error('a test')),
    performance.now() + 20_000,
  );
  assert.equal(fate, 'committed');
});
