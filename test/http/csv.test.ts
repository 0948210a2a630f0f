import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'csv-parse/sync';
import { writeCsv } from '../../src/http/csv.ts';
import fc from '../helpers/fast-check.ts';

test('a cell with a line feed or a carriage return is in quotes, and is one cell', () => {
  assert.equal(
    writeCsv([['a', 'first line\nsecond line', 'b\rc', null]]),
    'a,"first line\nsecond line","b\rc",\r\n',
  );
});

test('what a spreadsheet would run begins with an apostrophe, also behind what a spreadsheet leaves out', () => {
  const running = [
    '=1+1',
    '+1',
    '-1',
    '@a',
    '\t=1',
    '\r=1',
    '\n=1',
    ' =1',
    '\u00a0=1',
    '\ufeff=1',
    '\u200b+1',
    '＝1',
    '\u0000-1',
    '\ta',
  ];
  for (const cell of running)
    assert.equal(parse(writeCsv([[cell]]))[0]?.[0], `'${cell}`, JSON.stringify(cell));
  for (const cell of ['a=1', '1-1', "'=1", ' a', '😀', ''])
    assert.equal(parse(writeCsv([[cell, 'x']]))[0]?.[0], cell, JSON.stringify(cell));
});

test('every row is read back as it was, but for the apostrophes', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', '=', ' ', "'", '\u2028', 'é') });
  const rows = fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(rows, (sent) => {
      const read: string[][] = parse(writeCsv(sent), { record_delimiter: '\r\n', skip_empty_lines: false });
      assert.equal(read.length, sent.length);
      for (const [index, row] of sent.entries()) {
        for (const [column, text] of row.entries())
          assert.ok([text, `'${text}`].includes(read[index]![column]!), JSON.stringify([text, read[index]]));
      }
    }),
    { numRuns: 500 },
  );
});
