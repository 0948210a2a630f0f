import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, loadConfig, splitConfigFlags } from '../../src/config.ts';
import { settingsOfOne } from '../../src/processes/share.ts';

test('without settings the defaults hold and the data folder is absolute', () => {
  const config = loadConfig({}, []);
  assert.equal(config.host, '127.0.0.1');
  assert.equal(config.port, 8080);
  assert.equal(config.dataDir, `${process.cwd()}/data`);
  assert.equal(config.databaseUrl, undefined);
  assert.equal(config.bodyLimitBytes, 1_048_576);
  assert.equal(config.queueLimitBytes, 67_108_864);
  assert.ok(Object.isFrozen(config));
});

test('Meta is asked over TLS, or on this machine, at an address without a slash at its end', () => {
  assert.deepEqual(loadConfig({}, []).meta, {
    baseUrl: 'https://graph.facebook.com',
    version: 'v25.0',
    appSecret: undefined,
    backfillDays: 90,
  });
  const given = loadConfig({ THROUGHLINE_META_URL: 'http://127.0.0.1:9000/graph/' }, []);
  assert.equal(given.meta.baseUrl, 'http://127.0.0.1:9000/graph');
});

test('a flag wins over the environment, and port 0 is allowed', () => {
  const config = loadConfig({ PORT: '9000', HOST: '0.0.0.0' }, ['--port', '0', '--host=::1']);
  assert.equal(config.port, 0);
  assert.equal(config.host, '::1');
});

test('proxies are addresses and networks; none is trusted unless it is named', () => {
  assert.deepEqual(loadConfig({}, []).trustedProxies, []);
  const TRUSTED_PROXIES = ' 10.0.0.0/8,::1 , fd00::/8,,::ffff:192.0.2.1';
  assert.deepEqual(loadConfig({ TRUSTED_PROXIES }, []).trustedProxies, [
    '10.0.0.0/8',
    '::1',
    'fd00::/8',
    '::ffff:192.0.2.1',
  ]);
});

test('a workspace has a quarter of the connections for its questions, or what is set', () => {
  const config = loadConfig({}, []);
  assert.deepEqual([config.readMilliseconds, config.readsPerWorkspace], [10_000, 2]);
  assert.equal(loadConfig({ THROUGHLINE_DATABASE_POOL: '2' }, []).readsPerWorkspace, 1);
  const set = { THROUGHLINE_READ_TIMEOUT: '30', THROUGHLINE_READS_PER_WORKSPACE: '7' };
  assert.deepEqual(
    [loadConfig(set, []).readMilliseconds, loadConfig(set, []).readsPerWorkspace],
    [30_000, 7],
  );
});

test('each of several processes has its share of what the whole server may take, and some of all', () => {
  const whole = loadConfig({ THROUGHLINE_CONNECTIONS: '101' }, []);
  assert.equal(settingsOfOne(whole), whole);
  const shares = (environment: NodeJS.ProcessEnv, processes: string) => {
    const one = settingsOfOne(loadConfig(environment, ['--processes', processes]));
    return [one.databasePoolSize, one.readsPerWorkspace, one.queueLimitBytes, one.maximumConnections];
  };
  const environment = { THROUGHLINE_CONNECTIONS: '101' };
  assert.deepEqual(shares(environment, '2'), [4, 1, 33_554_432, 51]);
  assert.deepEqual(shares(environment, '32'), [2, 1, 2_097_152, 4]);
});

test('an empty value counts as not given', () => {
  assert.equal(loadConfig({ PORT: '', DATABASE_URL: '' }, []).port, 8080);
});

const refused: [string, NodeJS.ProcessEnv, string[], RegExp][] = [
  ...[
    'nginx',
    '10.0.0.0/33',
    '10.0.0.0/0',
    '10.0.0/8',
    '::1/129',
    '::ffff:a00:0/104',
    '1.2.3.4/8/8',
    'true',
    '*',
    '1',
  ].map((proxy): [string, NodeJS.ProcessEnv, string[], RegExp] => [
    `${proxy} as a proxy`,
    { TRUSTED_PROXIES: `127.0.0.1,${proxy}` },
    [],
    new RegExp(`TRUSTED_PROXIES .*"${RegExp.escape(proxy)}"`),
  ]),
  ['a port out of range', { PORT: '65536' }, [], /PORT .*65535/],
  ['a port that is no number', {}, ['--port', '80x'], /PORT/],
  [
    'no process',
    { THROUGHLINE_PROCESSES: '0' },
    [],
    /THROUGHLINE_PROCESSES \(--processes\) .*from 1 to 32, not "0"/,
  ],
  ['too many processes', {}, ['--processes', '33'], /--processes.*from 1 to 32/],
  ['processes that are no number', {}, ['--processes=two'], /--processes/],
  [
    'a queue that holds no largest body for each process',
    { THROUGHLINE_PROCESSES: '4', THROUGHLINE_QUEUE_LIMIT: '3145728' },
    [],
    /THROUGHLINE_QUEUE_LIMIT must be 4194304 or more .*THROUGHLINE_BODY_LIMIT/,
  ],
  ['an unknown flag', {}, ['--prot', '1'], /--prot/],
  ['a flag without a value', {}, ['--port'], /--port/],
  ['an unknown log level', { LOG_LEVEL: 'loud' }, [], /LOG_LEVEL/],
  ['a body limit of nothing', { THROUGHLINE_BODY_LIMIT: '0' }, [], /THROUGHLINE_BODY_LIMIT/],
  [
    'Meta over plain HTTP elsewhere',
    { THROUGHLINE_META_URL: 'http://graph.example.com' },
    [],
    /THROUGHLINE_META_URL/,
  ],
  [
    'a version of Meta’s API that is none',
    { THROUGHLINE_META_VERSION: '25' },
    [],
    /THROUGHLINE_META_VERSION/,
  ],
  ['too short a back-fill', { THROUGHLINE_META_BACKFILL_DAYS: '7' }, [], /THROUGHLINE_META_BACKFILL_DAYS/],
  [
    'all connections for one workspace',
    { THROUGHLINE_READS_PER_WORKSPACE: '8' },
    [],
    /THROUGHLINE_READS_PER_WORKSPACE .*from 1 to 7/,
  ],
  ['a database of another make', { DATABASE_URL: 'mysql://a:secret@b/c' }, [], /DATABASE_URL/],
];
for (const [what, environment, argv, expected] of refused) {
  test(`${what} is refused in one line`, () => {
    assert.throws(
      () => loadConfig(environment, argv),
      (error) =>
        error instanceof ConfigError &&
        expected.test(error.message) &&
        !error.message.includes('\n') &&
        !error.message.includes('secret'),
    );
  });
}

test("a command's own arguments are told from the settings flags", () => {
  assert.deepEqual(splitConfigFlags(['create', '--data-dir', 'd', '--name=x', '--port=1', 'y']), {
    configFlags: ['--data-dir', 'd', '--port=1'],
    rest: ['create', '--name=x', 'y'],
  });
});
