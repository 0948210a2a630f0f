import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normalizeEmail } from '../../../src/core/value/normal-form.ts';
import fc from '../../helpers/fast-check.ts';
import { fastest } from '../../helpers/fastest.ts';

test('an e-mail address is trimmed and put in lower case', () => {
  assert.equal(normalizeEmail('  John.Locke@Webmarketer.IO\n'), 'john.locke@webmarketer.io');
  assert.equal(normalizeEmail("O'Neil+news@sub.example.co.uk"), "o'neil+news@sub.example.co.uk");
});

test('an internationalised address is composed, so that both spellings of an accent match', () => {
  assert.equal(normalizeEmail('Rene\u0301@Exa\u0308mple.fr'), 'ren\u00e9@ex\u00e4mple.fr');
  assert.equal(normalizeEmail('ren\u00e9@ex\u00e4mple.fr'), 'ren\u00e9@ex\u00e4mple.fr');
});

test('what is not the syntax of an address has no normal form', () => {
  const texts = [
    '',
    '@',
    'john',
    'john@',
    '@example.com',
    'john@localhost',
    'john@example..com',
    'john@.example.com',
    'john@example.com.',
    '.john@example.com',
    'john.@example.com',
    'jo..hn@example.com',
    'jo hn@example.com',
    'john@exa mple.com',
    'john@exa_mple.com',
    'john@-example.com',
    'john@example-.com',
    'john@127.0.0.1',
    'john@[127.0.0.1]',
    'john@doe@example.com',
    '"john"@example.com',
    'John <john@example.com>',
    'john@example.com,jane@example.com',
    'john\0@example.com',
    '\ud800@example.com',
  ];
  for (const text of texts) assert.equal(normalizeEmail(text), undefined, JSON.stringify(text));
});

test('the local part, each label and the whole address are bounded', () => {
  const labels = `${'b'.repeat(63)}.${'c'.repeat(63)}.com`;
  assert.equal(normalizeEmail(`${'a'.repeat(64)}@${labels}`), `${'a'.repeat(64)}@${labels}`);
  assert.equal(normalizeEmail(`${'a'.repeat(65)}@example.com`), undefined);
  assert.equal(normalizeEmail(`a@${'b'.repeat(64)}.com`), undefined);
  assert.equal(normalizeEmail(`a@${`${'b'.repeat(50)}.`.repeat(5)}com`), undefined);
});

test('a hostile text of a megabyte is refused at once', async () => {
  const texts = [`${'a.'.repeat(500_000)}@`, '@'.repeat(1_000_000), `a@${'a-'.repeat(500_000)}`];
  const milliseconds = await fastest(() => {
    for (const text of texts) assert.equal(normalizeEmail(text), undefined);
  });
  assert.ok(milliseconds < 100, `took ${milliseconds} ms`);
});

test('every generated address is valid and normalises to a form that normalises to itself', () => {
  fc.assert(
    fc.property(fc.emailAddress(), (address) => {
      const normalized = normalizeEmail(address);
      assert.ok(normalized !== undefined);
      assert.equal(normalizeEmail(normalized), normalized);
    }),
    { numRuns: 1000 },
  );
});

test('no text makes it throw, and a normal form of any script is its own normal form', () => {
  const part = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.tuple(part, part).map(([a, b]) => `${a}@${b}.eu`),
      ),
      (text) => {
        const normalized = normalizeEmail(text);
        if (normalized !== undefined) assert.equal(normalizeEmail(normalized), normalized);
      },
    ),
    { numRuns: 3000 },
  );
});
