import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { pino } from 'pino';
import { externalConnection, inspectServer } from '../../src/store/backends/external.ts';
import { openDatabase } from '../../src/store/database.ts';
import { openProbe } from '../../src/store/driver.ts';
import { StartupError } from '../../src/store/startup-error.ts';
import { createTestDatabase } from '../helpers/database.ts';

const logger = pino({ level: 'silent' });

function isOneLine(error: unknown, expected: RegExp): boolean {
  return error instanceof StartupError && expected.test(error.message) && !/\n|secret/.test(error.message);
}

function openUrl(databaseUrl: string) {
  return openDatabase({ dataDir: '/nowhere', databaseUrl, databasePoolSize: 2 }, logger);
}

test('a database that nothing listens for is one clear line without the password', async () => {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => probe.once('listening', resolve));
  const address = probe.address();
  assert.ok(address && typeof address === 'object');
  await new Promise((resolve) => probe.close(resolve));
  await assert.rejects(openUrl(`postgres://u:secret@127.0.0.1:${address.port}/d`), (error) =>
    isOneLine(error, /can't use the database d at 127\.0\.0\.1:\d+: .*ECONNREFUSED/),
  );
});

test('a missing socket is one clear line', async () => {
  await assert.rejects(openUrl('postgres://u:secret@localhost/d?host=/nowhere'), (error) =>
    isOneLine(error, /d at \/nowhere\/\.s\.PGSQL\.5432.*ENOENT/),
  );
});

test('a database that is too old is one clear line', async () => {
  const own = await createTestDatabase();
  const probe = openProbe(own.target, 10_000);
  try {
    await assert.rejects(inspectServer(probe, 'd at host', 990_000), (error) =>
      isOneLine(error, /^database too old: d at host is PostgreSQL \d+/),
    );
    assert.equal(await inspectServer(probe, 'd at host'), 'external');
  } finally {
    await probe.end();
    await own.drop();
  }
});

test('a socket folder in the address is handed over as the host', () => {
  const { url, options } = externalConnection(
    'postgres://u@localhost/d?host=/run/pg&port=5433&sslmode=disable',
  );
  assert.deepEqual(options, { host: '/run/pg', port: 5433 });
  assert.equal(url, 'postgres://u@localhost/d?sslmode=disable');
});
