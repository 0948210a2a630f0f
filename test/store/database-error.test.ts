import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { isOutage, provesRollback } from '../../src/store/database-error.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';

let own: TestDatabase;

before(async () => {
  own = await createTestDatabase();
});
after(() => own.drop());

async function fail(message: string, state: string): Promise<unknown> {
  return own.database
    .query(`do $$ begin raise exception '${message}' using errcode = '${state}'; end $$`)
    .then(
      () => assert.fail('it has not failed'),
      (error: unknown) => error,
    );
}

it('takes for an outage what Citus says of a node that is lost, and no other fault of the same state', async () => {
  for (const message of [
    'postmaster was shut down, exiting',
    'failure on connection marked as essential: 10.0.0.2:5432',
    'could not commit transaction for shard 102008 on at least one active node',
  ]) {
    const error = await fail(message, 'XX000');
    assert.equal(isOutage(error), true, message);
    assert.equal(provesRollback(error), false, message);
  }
  assert.equal(isOutage(await fail('cache lookup failed for relation 1', 'XX000')), false);
  assert.equal(isOutage(await fail('postmaster was shut down, exiting', 'P0001')), false);
});
