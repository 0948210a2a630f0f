import assert from 'node:assert/strict';
import { it } from 'node:test';
import { TextPieces } from '../../src/http/text-pieces.ts';
import fc from '../helpers/fast-check.ts';

const part = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.constantFrom('\ud800', 'é'.repeat(70_001), '👩'.repeat(65_537), 'x'.repeat(262_144), ''),
);
const joined = (texts: readonly string[]) => Buffer.from(texts.map((text) => text.toWellFormed()).join(','));

it('pieces are the bytes of what was added, however often their memory was used before', () => {
  const open: { pieces: TextPieces; bytes: Buffer }[] = [];
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 8 }), fc.boolean(), (texts, releases) => {
      const pieces = new TextPieces();
      pieces.addJoined(texts);
      const bytes = joined(texts);
      assert.equal(pieces.bytes, bytes.length);
      open.push({ pieces, bytes });
      for (const one of open) assert.ok(Buffer.concat(one.pieces.pieces).equals(one.bytes));
      if (releases || open.length > 6) open.shift()?.pieces.release();
    }),
    { numRuns: 60 },
  );
});
