import assert from 'node:assert/strict';
import { it } from 'node:test';
import {
  type CsvRecord,
  RecordReader,
  readRecords,
} from '../../../../src/dialects/contacthub/bulk/read-records.ts';
import fc from '../../../helpers/fast-check.ts';

const place = { isStart: false, isEnd: true, maximumRecord: 40 };

async function takeAll(window: Buffer, portion: number, isEnd = true): Promise<CsvRecord[]> {
  const reader = new RecordReader(window, { ...place, isEnd });
  const records: CsvRecord[] = [];
  for (;;) {
    const taken = await reader.take(portion);
    if (taken.length === 0) return records;
    assert.ok(taken.length <= portion);
    records.push(...taken);
  }
}

const told = (records: readonly CsvRecord[]) =>
  records.map((record) => ('cells' in record ? record.cells : record.broken));

const piece = fc.constantFrom(
  'a',
  'é',
  ' ',
  ',',
  ',',
  '"',
  '""',
  '"b"',
  '\r',
  '\n',
  '\n',
  '\r\n',
  'x'.repeat(45),
);
const text = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));

it('records are taken as the parser finds them, whatever the portions, and read again from the end of any of them', async () => {
  await fc.assert(
    fc.asyncProperty(text, fc.integer({ min: 1, max: 5 }), fc.nat(), async (csv, portion, cut) => {
      const window = Buffer.from(csv);
      const expected = told(await readRecords(window, place));
      const records = await takeAll(window, portion);
      assert.deepEqual(told(records), expected);
      const done = records.slice(0, records.length === 0 ? 0 : cut % records.length);
      const rest = await takeAll(window.subarray(done.at(-1)?.end ?? 0), portion);
      assert.deepEqual(told(rest), expected.slice(done.length));
    }),
    { numRuns: 400 },
  );
});

it('a record that is not whole is left for what comes behind, with and without quotes in a large window', async () => {
  const lines = Array.from({ length: 4_000 }, (_, row) => (row % 3 ? `${row},plain` : `${row},"a ""b""\nc"`));
  const window = Buffer.from(`${lines.join('\n')}\nlast,"not yet`);
  const records = await takeAll(window, 100, false);
  assert.equal(records.length, lines.length);
  assert.deepEqual(told(records).slice(0, 2), [
    ['0', 'a "b"\nc'],
    ['1', 'plain'],
  ]);
  assert.ok(window.subarray(records.at(-1)?.end).toString().trim() === 'last,"not yet');
});
