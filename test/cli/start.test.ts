import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { run, runHere, sendEvent, useServer } from './server-process.ts';

const execute = promisify(execFile);
const server = await useServer();
const { folder } = server;

function assertOneLine(stderr: string, expected: RegExp): void {
  assert.match(stderr, expected);
  assert.equal(stderr.trimEnd().split('\n').length, 1, stderr);
}

describe('throughline start', () => {
  it('writes credentials.json in its public form, for its owner alone', async () => {
    const credentials = await folder.credentials();
    assert.equal((await stat(folder.credentialsPath)).mode & 0o777, 0o600);
    assert.match(credentials.baseUrl, /^http:\/\/127\.0\.0\.1:\d+$/);
    const form = (value: object): unknown =>
      Object.fromEntries(
        Object.entries(value).map(([name, member]) => [
          name,
          typeof member === 'object' ? form(member) : typeof member,
        ]),
      );
    const text = (...names: string[]) => Object.fromEntries(names.map((name) => [name, 'string']));
    assert.deepEqual(form(credentials), {
      baseUrl: 'string',
      workspace: text('id', 'slug'),
      admin: text('token'),
      webmarketer: {
        ...text('projectId', 'wmktId', 'accessToken'),
        serviceAccount: text('clientId', 'privateKey', 'privateKeyId', 'serviceAccountEmail'),
      },
      octeth: text('apiKey', 'adminApiKey', 'listId', 'username', 'password'),
      contacthub: text('token', 'adminToken', 'operatorToken', 'dpoToken', 'workspaceId', 'nodeId'),
      webengage: text('licenseCode', 'apiKey'),
      signals: {
        ...text(
          'token',
          'apiKey',
          'partnerId',
          'clientId',
          'appId',
          'adAccountId',
          'appSecret',
          'verifyToken',
        ),
        ...text('username', 'password'),
      },
    });
    assert.equal(credentials.workspace.slug, 'demo');
  });

  it('prints the address, the data folder, the credentials and three curl commands that work as printed', async () => {
    const { baseUrl } = await folder.credentials();
    for (const printed of [baseUrl, folder.path, folder.credentialsPath])
      assert.ok(server.process.stdout.includes(printed));
    const commands = server.process.stdout.split('\n').filter((line) => line.startsWith('curl '));
    assert.equal(commands.length, 3);
    const answers: string[] = [];
    for (const command of commands) {
      const { stdout } = await execute('sh', ['-c', command.replace('curl ', 'curl --fail-with-body ')], {
        cwd: '/',
      });
      answers.push(stdout);
    }
    assert.equal(JSON.parse(answers[0]!).status, 'success');
    assert.deepEqual(JSON.parse(answers[1]!), { response: { status: 'queued' } });
    const person = JSON.parse(answers[2]!) as { profiles: { dialect: string }[] };
    assert.deepEqual(person.profiles.map((profile) => profile.dialect).sort(), ['octeth', 'webengage']);
  });

  it('gives a file of before there was Octeth’s administrator’s key one, and leaves the rest', async () => {
    const { octeth, ...others } = await folder.credentials();
    const { adminApiKey: _, ...older } = octeth;
    await writeFile(folder.credentialsPath, JSON.stringify({ ...others, octeth: older }));
    await server.restart();
    const { octeth: keys, baseUrl } = await folder.credentials();
    const { adminApiKey, ...rest } = keys;
    assert.deepEqual(rest, older);
    const reply = await fetch(`${baseUrl}/api/v1/admin.events.search`, {
      method: 'POST',
      body: JSON.stringify({ AdminAPIKey: adminApiKey }),
    });
    assert.equal(reply.status, 200);
  });

  it('reuses everything at the next start but the address', async (t) => {
    const first = await folder.credentials();
    await server.stop();
    const startedAt = performance.now();
    await server.start();
    const second = await folder.credentials();
    assert.equal((await sendEvent(second)).status, 201);
    t.diagnostic(`second start to first accepted event: ${Math.round(performance.now() - startedAt)} ms`);
    assert.deepEqual({ ...second, baseUrl: first.baseUrl }, first);
    assert.ok(server.process.stdout.includes(second.baseUrl));
  });

  it('issues new keys on demand alone when the file is gone, and leaves the old ones valid', async () => {
    const old = await folder.credentials();
    await server.fail(1, /credentials\.json is there; move it away first/, 'credentials');
    await rm(folder.credentialsPath);
    const listIds = async () => (await server.succeed('keys', 'list')).match(/^[\da-f-]{36}/gm);
    const keys = await listIds();
    await server.restart();
    assert.match(server.process.stdout, /Credentials +none here: "npx throughline credentials"/);
    assert.doesNotMatch(server.process.stdout, /curl/);
    assert.deepEqual(await listIds(), keys);
    await server.fail(1, /credentials\.json is missing; .*throughline credentials/, 'demo');
    assert.match(await server.succeed('credentials'), /credentials\.json is written/);
    await server.restart();
    const fresh = await folder.credentials();
    assert.equal(fresh.workspace.id, old.workspace.id);
    assert.notEqual(fresh.webengage.apiKey, old.webengage.apiKey);
    assert.notEqual(fresh.octeth.username, old.octeth.username);
    assert.equal((await sendEvent(fresh)).status, 201);
    assert.equal((await sendEvent(fresh, undefined, old.webengage.apiKey)).status, 201);
  });

  it("sets a file of another database's workspace aside, whole", async () => {
    const own = await folder.credentials();
    const id = '01999999-0000-7000-8000-000000000000';
    const foreign = JSON.stringify({ ...own, workspace: { id, slug: 'demo' } });
    await writeFile(folder.credentialsPath, foreign);
    await writeFile(join(folder.path, `credentials.${own.workspace.id}.json`), JSON.stringify(own));
    await server.restart();
    assert.equal(
      (await folder.credentials()).webengage.apiKey,
      own.webengage.apiKey,
      'its own is taken back',
    );
    const files = (await readdir(folder.path)).filter((name) => name.startsWith('credentials.')).sort();
    assert.deepEqual(files, [`credentials.${id}.json`, 'credentials.json']);
  });

  it('keeps a file that is broken under another name', async () => {
    await writeFile(folder.credentialsPath, '{"baseUrl":');
    await server.restart();
    assert.ok((await readdir(folder.path)).some((name) => name.startsWith('credentials.unusable-')));
    await server.succeed('credentials');
    await server.restart();
    assert.equal((await sendEvent(await folder.credentials())).status, 201);
  });

  it('recovers by itself after kill -9', async () => {
    await server.stop('SIGKILL');
    await server.start();
    assert.equal((await sendEvent(await folder.credentials())).status, 201);
  });

  it('refuses a data folder that a live process uses, in one line', async () => {
    const { code, stderr } = await run(['start', '--data-dir', folder.path, '--port', '0']);
    assert.equal(code, 1);
    assertOneLine(stderr, /data folder .* is in use by another running process/);
  });

  it('says in one line that the port is taken, and lets go of the data folder', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => holder.once('listening', resolve));
    const { port } = holder.address() as { port: number };
    await server.stop();
    const { code, stderr } = await run(['start', '--data-dir', folder.path, '--port', String(port)]);
    holder.close();
    await server.start();
    assert.equal(code, 1);
    assertOneLine(stderr, new RegExp(`port ${port} of 127\\.0\\.0\\.1 is taken`));
  });

  it('answers what was accepted and then ends with 0 at SIGTERM, and with its database', async () => {
    const credentials = await folder.credentials();
    const answers = Array.from({ length: 200 }, (_, index) =>
      sendEvent(credentials, { userId: `u${index}`, eventName: 'At the end' }).then(
        (reply) => reply.status,
        () => 'not accepted' as const,
      ),
    );
    await new Promise((resolve) => setTimeout(resolve, 40));
    const { code, signal } = await server.stop();
    assert.deepEqual({ code, signal }, { code: 0, signal: null });
    const statuses = await Promise.all(answers);
    for (const status of statuses)
      assert.ok(status === 201 || status === 503 || status === 'not accepted', `${status}`);
    assert.ok(!(await readdir(join(folder.path, 'postgres'))).includes('postmaster.pid'));
    await server.start();
  });

  it('ends no connection at SIGTERM that a client has just sent a request into', async () => {
    const credentials = await folder.credentials();
    const endings: string[] = [];
    const keepSending = async () => {
      for (;;) {
        try {
          const { status } = await sendEvent(credentials);
          assert.ok(status === 201 || status === 503, `${status}`);
        } catch (error) {
          const cause = error instanceof Error ? error.cause : undefined;
          endings.push(String(Reflect.get(Object(cause), 'code')));
          return;
        }
      }
    };
    const clients = Array.from({ length: 8 }, keepSending);
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.equal((await server.stop()).code, 0);
    await Promise.all(clients);
    // Who comes when it has ended finds nobody.
    assert.deepEqual(
      endings,
      clients.map(() => 'ECONNREFUSED'),
    );
    await server.start();
  });

  it('logs neither personal data nor secrets', async () => {
    const credentials = await folder.credentials();
    await sendEvent(credentials, { userId: 'secret.person@example.com', eventName: 'x\u0000y' });
    await sendEvent(credentials, '{"userId":"secret.person@example.com"');
    await sendEvent(credentials, { userId: 'secret.person@example.com', eventName: 'x' }, 'wrong-secret-key');
    await fetch(`${credentials.baseUrl}/nowhere?email=secret.person@example.com`);
    const { stdout, stderr } = await server.stop();
    await server.start();
    assert.doesNotMatch(stdout + stderr, /secret/);
    assert.ok(!(stdout + stderr).includes(credentials.webengage.apiKey));
    for (const line of stderr.trim().split('\n')) assert.equal(typeof JSON.parse(line).level, 'string');
  });
});

describe('a start that can not be', () => {
  it('is one line for a data folder that is none', async () => {
    const path = join(tmpdir(), `tl-cli-file-${process.pid}`);
    await writeFile(path, '');
    for (const dataDir of [path, join(path, 'data')]) {
      const { code, stderr } = await runHere(['start', '--data-dir', dataDir, '--port', '0']);
      assert.equal(code, 1);
      assertOneLine(stderr, /the data folder .* can't be one: there is a file of that name/);
    }
    await rm(path);
  });

  it('makes no database where the port is taken, nor for a command whose folder has none', async () => {
    const path = join(tmpdir(), `tl-cli-none-${process.pid}`);
    const holder = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => holder.once('listening', resolve));
    const { port } = holder.address() as { port: number };
    const { stderr } = await runHere(['start', '--data-dir', path, '--port', String(port)]);
    holder.close();
    assertOneLine(stderr, /is taken/);
    const verified = await runHere(['verify', '--data-dir', path]);
    assert.equal(verified.code, 1);
    assertOneLine(verified.stderr, /there is no database in .*DATABASE_URL/);
    assert.ok(!existsSync(path));
  });

  it('is one line for a database that does not answer, without its password', async () => {
    const { code, stderr } = await run(['start', '--data-dir', folder.path], {
      DATABASE_URL: 'postgres://u:hidden@127.0.0.1:1/d',
    });
    assert.equal(code, 1);
    assertOneLine(stderr, /can't use the database d at 127\.0\.0\.1:1/);
    assert.doesNotMatch(stderr, /hidden/);
  });

  it('is one line for a flag or value that makes no sense', async () => {
    for (const [args, expected] of [
      [['start', '--prot', '1'], /Unknown option '--prot'/],
      [['start', '--port', 'x'], /PORT \(--port\) must be a whole number/],
      [['begin'], /there is no command "begin"/],
    ] as const) {
      const { code, stderr } = await runHere([...args]);
      assert.equal(code, 2);
      assertOneLine(stderr, expected);
    }
  });
});
