import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { transfer } from '../../src/dialects/registry.ts';
import { inTransaction } from '../../src/store/transaction.ts';
import { exportWorkspace } from '../../src/transfer/export-workspace.ts';
import { CommandProcess } from '../cli/server-process.ts';
import { WebengageClient } from '../dialects/webengage/client.ts';
import { verifyWorkspace } from '../helpers/derived.ts';
import { startInstallation } from './places.ts';

const origin = await startInstallation('moving');
const place = await startInstallation('elsewhere');
const file = join(origin.dataDir, 'moving.ndjson');
let text: string;

const send = (userId: string) =>
  new WebengageClient(origin.test).call('/events', { userId, eventName: 'Added to Cart' });

/** A file beside the whole one. */
function variant(name: string, content: string | Buffer): string {
  const path = join(origin.dataDir, name);
  writeFileSync(path, content);
  return path;
}

before(async () => {
  for (let user = 0; user < 30; user++) assert.ok((await send(`user-${user}`)).status < 300);
  await origin.succeed('export', file);
  text = readFileSync(file, 'utf8');
});

describe('throughline export', () => {
  it('begins with what it is and ends with what is in it, and is its owner’s alone', async () => {
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.equal(lines[0].format, 'throughline-workspace');
    assert.equal(lines[0].workspace.slug, 'moving');
    const events = lines.filter(({ record }) => record === 'event');
    assert.equal(lines.at(-1).counts.event, events.length);
    assert.equal(lines[0].seq, lines.find(({ record }) => record === 'head').seq);
    await origin.refuse(/there is a .* already/, 'export', file);
    await origin.refuse(/no such folder/, 'export', join(origin.dataDir, 'nowhere', 'x.ndjson'));
    await origin.refuse(/there is no workspace "nobody"/, 'export', '--workspace', 'nobody', `${file}.gz`);
  });

  it('writes all as of one moment, though events come in while it does', async () => {
    const { database, app, workspace } = origin.test;
    const own = await app.services.workspaces.get(workspace.created.id);
    const pieces: Buffer[] = [];
    const options = { kinds: transfer.kinds, product: 'test', now: new Date(), onProgress() {} };
    await exportWorkspace(database, own, options, async (chunks) => {
      for (let user = 0; user < 5; user++) assert.ok((await send(`late-${user}`)).status < 300);
      for await (const chunk of chunks) pieces.push(chunk);
    });
    const written = Buffer.concat(pieces).toString();
    assert.ok(!written.includes('late-'));
    await place.succeed('import', variant('moment.ndjson', written), '--as', 'moment');
    assert.equal(
      written.split('\n').filter((line) => line.startsWith('{"record":"event"')).length,
      text.split('\n').filter((line) => line.startsWith('{"record":"event"')).length,
    );
    await place.succeed('workspace', 'delete', 'moment', '--yes');
  });
});

describe('throughline import', () => {
  it('refuses a file that is cut, damaged, of a later version, or none', async () => {
    const cut = text.slice(0, text.lastIndexOf('{"record":"end"'));
    const first = text.slice(0, text.indexOf('\n'));
    const packed = gzipSync(text);
    const refusals: [RegExp, string, string | Buffer][] = [
      [/it is cut: its last line/, 'cut.ndjson', cut],
      [/it is cut: its last line/, 'half-a-line.ndjson', text.slice(0, -20)],
      [/it is cut: its end is not there/, 'cut.ndjson.gz', packed.subarray(0, packed.length - 30)],
      [/not what gzip has packed/, 'plain.ndjson.gz', text],
      [/it is damaged: its checksum/, 'damaged.ndjson', text.replace('user-7', 'user-8')],
      [/does not begin as an export/, 'other.ndjson', '{"a":1}\n{"b":2}\n'],
      [/is no export of a workspace/, 'empty.ndjson', ''],
      [
        /version 2 of the format.*install that one/,
        'later.ndjson',
        text.replace('"version":1', '"version":2'),
      ],
      [/records "thing", which this version/, 'unknown.ndjson', `${first}\n{"record":"thing"}\n${cut}`],
      [/a line that is no record/, 'no-record.ndjson', `${first}\nnothing\n${cut}`],
    ];
    for (const [expected, name, content] of refusals)
      await place.refuse(expected, 'import', variant(name, content));
    await place.refuse(/it is not there/, 'import', join(origin.dataDir, 'missing.ndjson'));
    assert.doesNotMatch(await place.succeed('workspace', 'list'), /moving/);
  });

  it('refuses a workspace that stands already, a slug that is taken, and a name that is another’s', async () => {
    await origin.refuse(/it is here already, as "moving"/, 'import', file);
    await origin.refuse(/it is here already, as "moving"/, 'import', file, '--as', 'other');
    const usage = await place.run('import', file, '--as', 'No Slug');
    assert.equal(usage.code, 2);
    await place.refuse(
      /there is a workspace "elsewhere" already; name another with --as/,
      'import',
      file,
      '--as',
      'elsewhere',
    );
    const license = origin.test.workspace.credentials.webengage.licenseCode;
    await place.succeed('bindings', 'add', 'webengage', 'license', license);
    await place.refuse(
      new RegExp(`license ${license} of webengage is the workspace elsewhere's`),
      'import',
      file,
    );
    await place.succeed('bindings', 'remove', 'webengage', 'license', license);
  });

  it('leaves what one command removes where it was killed, and can be done again', {
    timeout: 120_000,
  }, async () => {
    const locked = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    const holding = inTransaction(place.test.database, async (tx) => {
      await tx.query('lock table event in access exclusive mode');
      locked.resolve();
      await released.promise;
    });
    await locked.promise;
    const environment = { DATABASE_URL: place.databaseUrl, THROUGHLINE_DATA_DIR: place.dataDir };
    const killed = new CommandProcess(['import', file], environment);
    await untilWaiting();
    killed.child.kill('SIGKILL');
    await killed.ended;
    released.resolve();
    await holding;
    const key = { authorization: `Bearer ${origin.test.workspace.credentials.webengage.apiKey}` };
    const { licenseCode } = origin.test.workspace.credentials.webengage;
    const knocking = await place.test.app.http.inject({
      method: 'POST',
      url: `/v1/accounts/${licenseCode}/events`,
      headers: key,
      payload: { userId: 'x', eventName: 'x' },
    });
    assert.equal(knocking.statusCode, 401, 'nothing opens it');
    await place.refuse(/throughline workspace delete moving --yes removes what is left/, 'import', file);
    await place.succeed('workspace', 'delete', 'moving', '--yes');
    assert.match(await place.succeed('import', file), /moving +order-gapless +ok/);
  });

  it('takes away by itself what it has stored where it can’t go on', async () => {
    await place.succeed('workspace', 'delete', 'moving', '--yes');
    await place.test.database.query(`
      create function refuse_event() returns trigger language plpgsql as $$
        begin raise exception 'no' using errcode = '23514'; end $$;
      create trigger refuse before insert on event for each row execute function refuse_event();`);
    await place.refuse(/records \d+ to \d+, each event, can't be stored: no/, 'import', file);
    await place.test.database.query('drop function refuse_event() cascade');
    assert.doesNotMatch(await place.succeed('workspace', 'list'), /moving/);
    assert.match(await place.succeed('import', file, '--as', 'moved'), /moved +order-gapless +ok/);
    const [moved] = await place.test.database.query<{ id: number }>(
      "select id from workspace where slug = 'moved'",
    );
    const { checks } = await verifyWorkspace(place.test.database, moved!.id as never);
    assert.deepEqual(
      checks.filter(({ ok }) => !ok),
      [],
    );
  });
});

/** Until the import waits for the table. */
async function untilWaiting(): Promise<void> {
  for (;;) {
    const [row] = await origin.test.database.query<{ waiting: number }>(
      `select count(*)::integer as waiting from pg_locks where not granted and mode = 'RowExclusiveLock'`,
    );
    if (row!.waiting > 0) return;
    await once(AbortSignal.timeout(50), 'abort');
  }
}
