import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cutText } from '../../src/core/cut-text.ts';
import fc from '../helpers/fast-check.ts';

test('a text is cut between characters as a reader sees them', () => {
  assert.equal(cutText('abc', 3), 'abc');
  assert.equal(cutText('abcd', 3), 'abc');
  assert.equal(cutText('ab😀', 3), 'ab');
  assert.equal(cutText('ab😀c', 4), 'ab😀');
  const family = '👨‍👩‍👧‍👦';
  assert.equal(cutText(`ab${family}`, 6), 'ab');
  assert.equal(cutText(`caf${'e\u0301'}!`, 4), 'caf');
  assert.equal(cutText('a\r\nb', 2), 'a');
  assert.equal(cutText(`e${'\u0301'.repeat(2000)}`, 1000).length, 1000);
});

test('a cut text is a beginning of the whole one, no longer than it may be, and can be stored', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.nat({ max: 150 }), (text, maximum) => {
      const cut = cutText(text, maximum);
      assert.ok(text.startsWith(cut) && cut.length <= maximum && cut.isWellFormed());
      if (text.length > maximum) assert.ok(maximum - cut.length < 64);
    }),
    { numRuns: 2000 },
  );
});
