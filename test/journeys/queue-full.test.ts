import assert from 'node:assert/strict';
import { before, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { inTransaction } from '../../src/store/transaction.ts';
import { useApp } from '../helpers/app.ts';
import { assertVerified, countMarkers, injectInto, tryOnce } from './send.ts';
import { prepareVendors, type Send, type VendorRequest, vendorRequests } from './vendors.ts';

const queueLimit = 1024 * 1024;
const somebody = { email: 'ada@example.com', phone: '+33639980001' };

const test = await useApp({ environment: { THROUGHLINE_QUEUE_LIMIT: String(queueLimit) } });
let send: Send;

before(async () => {
  send = injectInto(test);
  await prepareVendors(send, test.workspace.credentials);
});

/** Keeps every writer of the workspace waiting until it is released. */
async function holdWorkspace(): Promise<() => Promise<void>> {
  const holding = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const transaction = inTransaction(test.database, async (tx) => {
    await tx.query('select from workspace_head where workspace_id = $1 for update', [
      test.workspace.created.id,
    ]);
    holding.resolve();
    await released.promise;
  });
  await holding.promise;
  return async () => {
    released.resolve();
    await transaction;
  };
}

/** A WebEngage event whose body has exactly so many bytes. */
function requestOf(bytes: number): VendorRequest {
  const request = vendorRequests['webengage event']!(test.workspace.credentials, somebody);
  const padding = bytes - request.body.length - ',"padding":""'.length;
  return { ...request, body: request.body.replace(/\}\}$/, `,"padding":"${'x'.repeat(padding)}"}}`) };
}

it('a full queue answers 503 with Retry-After in each vendor’s form, keeps nothing of it, and recovers by itself', async () => {
  const release = await holdWorkspace();
  const waiting = [requestOf(900_000), requestOf(queueLimit - 900_000 - 50)];
  const waitingAnswers = Promise.all(waiting.map((request) => tryOnce(send, request)));
  while (test.app.services.ingest.queuedBytes < queueLimit - 50) await delay(2);

  const refused = Object.values(vendorRequests).map((make) => make(test.workspace.credentials, somebody));
  for (const request of refused)
    assert.equal(await tryOnce(send, request), false, `${request.dialect} ${request.kind} was taken`);
  const ready = await send({ method: 'GET', path: '/readyz', headers: {} });
  assert.match(ready.text, /"bytes":10485\d\d/);

  await release();
  assert.deepEqual(await waitingAnswers, [true, true], 'what was taken is answered');
  const stored = await countMarkers(send, test.workspace);
  assert.deepEqual(
    [...stored.keys()].sort(),
    waiting.flatMap((request) => request.markers).sort(),
    'nothing of what was refused was stored',
  );

  for (const request of refused) assert.equal(await tryOnce(send, request), true);
  const complete = await countMarkers(send, test.workspace);
  const markers = [...waiting, ...refused].flatMap((request) => request.markers);
  assert.deepEqual([...complete.keys()].sort(), markers.sort());
  assert.deepEqual(new Set(complete.values()), new Set([1]));
  assert.equal(test.app.services.ingest.queuedBytes, 0);
  await assertVerified(send, test.database, test.workspace);
});
