import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { appendFileSync } from 'node:fs';
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
import { ErasureKeyFile } from '../../../src/core/erasure/erasure-key.ts';
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
