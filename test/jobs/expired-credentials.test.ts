import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { pino } from 'pino';
import { hashSecret } from '../../src/core/credential/credential.ts';
import { insertCredential } from '../../src/core/credential/credential-store.ts';
import { newId } from '../../src/core/id.ts';
import { deleteExpiredCredentials } from '../../src/jobs/expired-credentials.ts';
import { maintain } from '../../src/jobs/maintenance.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';

const day = 24 * 60 * 60 * 1000;
const now = Date.parse('2026-03-01T12:00:00Z');

let own: TestDatabase;

before(async () => {
  own = await createTestDatabase();
});
after(() => own.drop());
beforeEach(() => own.database.query('delete from credential'));

async function issue(
  name: string,
  expiresAt: number | null,
  kind: 'access-token' | 'key' = 'access-token',
): Promise<void> {
  const credential = {
    id: newId(now),
    workspaceId: null,
    dialect: 'webmarketer',
    kind,
    role: 'service-account',
    name,
    subject: null,
    madeFrom: null,
    settings: {},
    createdAt: new Date(now - 100 * day),
    expiresAt: expiresAt === null ? null : new Date(expiresAt),
    lastUsedAt: null,
    revokedAt: null,
  } as const;
  await insertCredential(own.database, credential, { secretHash: hashSecret(name), verifier: null });
}

async function namesLeft(): Promise<string[]> {
  const rows = await own.database.query<{ name: string }>('select name from credential order by name');
  return rows.map((row) => row.name);
}

describe('expired credentials', () => {
  it('go a day after they expired; the others, and keys that never expire, stay', async () => {
    await issue('key', null, 'key');
    await issue('rotated key', now - 2 * day, 'key');
    await issue('valid', now + 1);
    await issue('expired an hour ago', now - day / 24);
    await issue('expired a day ago', now - day);
    await issue('long expired', now - day - 1);
    await maintain(own.database, now, pino({ level: 'silent' }));
    assert.deepEqual(await namesLeft(), [
      'expired a day ago',
      'expired an hour ago',
      'key',
      'rotated key',
      'valid',
    ]);
  });

  it('go in slices, as many as a round takes, and the rest in the next', async () => {
    await own.database.query(
      `insert into credential (secret_hash, id, dialect, kind, role, name, created_at, expires_at)
       select int8send(n), gen_random_uuid(), 'webmarketer', 'access-token', 'service-account', 'expired', $1, $1
         from generate_series(1, 20001) as n`,
      [new Date(now - 2 * day)],
    );
    await deleteExpiredCredentials(own.database, now);
    assert.deepEqual(await namesLeft(), ['expired']);
    await Promise.all([1, 2].map(() => deleteExpiredCredentials(own.database, now)));
    assert.deepEqual(await namesLeft(), []);
  });
});
