import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { appendFileSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  erasureJournalFile,
  type JournalledErasure,
  readJournal,
  writeJournal,
} from '../../../src/core/erasure/erasure-journal.ts';
import { ErasureKeyFile, otherKeyFile } from '../../../src/core/erasure/erasure-key.ts';
import {
  erasureRecordText,
  keyIdsOf,
  readErasureRecord,
  writeErasureRecord,
} from '../../../src/core/erasure/erasure-record.ts';
import { useFolder } from '../../helpers/folder.ts';

const dataDir = await useFolder();

function erasureOf(id: string): JournalledErasure {
  return {
    id,
    workspace: 'w',
    requestedAt: 'now',
    requestedBy: 'a test',
    keyId: 'k',
    profileIds: [],
    hashes: [],
  };
}

it('the journal keeps every erasure behind a line that was cut short', async () => {
  await writeJournal(dataDir, erasureOf('first'));
  appendFileSync(join(dataDir, erasureJournalFile), '{"id":"cut sho');
  await writeJournal(dataDir, erasureOf('second'));
  await writeJournal(dataDir, erasureOf('third'));
  assert.deepEqual(
    (await readJournal(dataDir)).map(({ id }) => id),
    ['first', 'second', 'third'],
  );
});

it('a key that could not be written for want of room is made when there is some', async () => {
  const source = fileURLToPath(new URL('../../../src/core/erasure/erasure-key.ts', import.meta.url));
  const program = `
    const { ErasureKeyFile } = await import(${JSON.stringify(source)});
    await new ErasureKeyFile(${JSON.stringify(dataDir)}).open(null);
  `;
  // No file can get a byte, as on a full disk.
  const shell = ['-c', 'ulimit -f 0 && exec "$0" --input-type=module -e "$1"', process.execPath, program];
  await assert.rejects(promisify(execFile)('/bin/sh', shell), /EFBIG/);
  const key = await new ErasureKeyFile(dataDir).open(null);
  assert.equal((await new ErasureKeyFile(dataDir).open(key.id)).id, key.id);
});

it('a record takes the keys along that imported workspaces were forgotten by', async () => {
  const [here, there, restored] = [join(dataDir, 'here'), join(dataDir, 'there'), join(dataDir, 'restored')];
  for (const folder of [here, there, restored]) mkdirSync(folder);
  const own = await new ErasureKeyFile(here).open(null);
  const other = await new ErasureKeyFile(there).open(null);
  copyFileSync(join(there, 'erasure-key'), join(here, otherKeyFile(other.id)));
  const file = join(dataDir, 'kept.erasures');
  writeFileSync(file, erasureRecordText(await readErasureRecord(here)));
  const record = await readErasureRecord(file);
  assert.deepEqual([...keyIdsOf(record)], [own.id, other.id]);
  writeErasureRecord(restored, record);
  for (const { id } of [own, other]) assert.equal((await new ErasureKeyFile(restored).open(id)).id, id);
});
