import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  matchesText,
  maximumRuleTextLength,
} from '../../../../src/dialects/signals/conversation/match-text.ts';
import { maximumActiveGroups } from '../../../../src/dialects/signals/conversion/event-group.ts';
import { warningsOf } from '../../../../src/dialects/signals/conversion/generic-text.ts';
import fc from '../../../helpers/fast-check.ts';
import { fastest } from '../../../helpers/fastest.ts';

/** What a person would check by eye: the words of the rule stand side by side among those of the message. */
function standsInWords(rule: readonly string[], message: readonly string[]): boolean {
  return message.some((_, at) => rule.every((word, index) => message[at + index] === word));
}

const words = fc.constantFrom(
  'order',
  'reorder',
  'orders',
  'été',
  'ete',
  'no',
  'now',
  '7',
  '77',
  'ß',
  'да',
  'дата',
);
const cases = fc.constantFrom(
  (text: string) => text,
  (text: string) => text.toLowerCase(),
  (text: string) => (text.includes('ß') ? text : text.toUpperCase()),
  (text: string) => text.normalize('NFD'),
);
const separators = fc.constantFrom(' ', '  ', '\n', '\t', '\u00a0');

describe('matching a text', () => {
  it('finds a rule where its words stand side by side, whatever the case, the form and the space', () => {
    fc.assert(
      fc.property(
        fc.array(words, { minLength: 1, maxLength: 3 }),
        fc.array(words, { maxLength: 8 }),
        cases,
        separators,
        (rule, message, form, separator) => {
          const text = form(message.join(separator));
          assert.equal(matchesText(rule.join(' '), text), standsInWords(rule, message), text);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('agrees with a regular expression for rules with any signs', () => {
    const signs = fc.string({
      unit: fc.constantFrom('a', 'b', 'é', '1', ' ', '!', '.', '*', '\\', '$', '😀'),
    });
    const escaped = (text: string) => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
    fc.assert(
      fc.property(signs, signs, (rule, message) => {
        const wanted = rule.trim().replaceAll(/ +/g, ' ');
        const text = message.trim().replaceAll(/ +/g, ' ');
        const word = '[\\p{L}\\p{N}]';
        const begins = new RegExp(`^${word}`, 'u').test(wanted) ? `(?<!${word})` : '';
        const ends = new RegExp(`${word}$`, 'u').test(wanted) ? `(?!${word})` : '';
        const expected = wanted !== '' && new RegExp(`${begins}${escaped(wanted)}${ends}`, 'u').test(text);
        assert.equal(matchesText(rule, message), expected);
      }),
      { numRuns: 3000 },
    );
  });

  for (const [rule, message, isMatch] of [
    ['I’m ready to order!', "hello, i'm READY to\norder! now", true],
    ["I'm ready", 'I’m ready', true],
    ['ordered', 'reordered', false],
    ['café', 'UN CAFE\u0301', true],
    ['cafe', 'café', false],
    ['e', 'e\u0301', false],
    ['ｏｒｄｅｒ', 'order', true],
    ['ΟΔΟΣ', 'οδος, 5', true],
    ['订购', '我想订购这个', true],
    ['ซื้อ', 'อยากซื้อครับ', true],
    ['ซ', 'ซื้อ', false],
    ['order', '我order这个', true],
    ['привет', 'приветы', false],
    ['50%', 'save 50% now', true],
    ['😀', 'so😀so', true],
    ['   ', 'anything', false],
    ['', '', false],
  ] as const) {
    it(`${isMatch ? 'finds' : 'does not find'} ${JSON.stringify(rule)} in ${JSON.stringify(message)}`, () => {
      assert.equal(matchesText(rule, message), isMatch);
    });
  }

  it('takes no longer for a message that is made to be slow', () => {
    const message = `${'a '.repeat(50_000)}b`;
    const rule = `${'a '.repeat(maximumRuleTextLength / 2 - 1)}b`.slice(0, maximumRuleTextLength);
    const before = performance.now();
    assert.equal(matchesText(rule, message), true);
    assert.equal(matchesText(`${'a'.repeat(100)}b`, 'a'.repeat(100_000)), false);
    assert.equal(matchesText('a'.repeat(100), 'a'.repeat(100_000)), false);
    assert.ok(performance.now() - before < 1000);
  });

  it('takes no longer for as many rules as there may be, with a message that holds them all in one word', async () => {
    const message = 'a'.repeat(4096);
    const milliseconds = await fastest(() => {
      for (let rule = 0; rule < maximumActiveGroups; rule++)
        assert.equal(matchesText('a'.repeat(100 + (rule % 100)), message), false);
    });
    assert.ok(milliseconds < 300, `took ${milliseconds} ms`);
  });
});

describe('warning of a text that matches by chance', () => {
  for (const text of [
    'Yes',
    'NO!',
    'hello',
    'Ok.',
    'oui',
    'Ja',
    'Olá',
    'привет',
    'はい',
    '好的',
    'مرحبا',
    'go',
    'A',
  ]) {
    it(`warns of ${text}`, () => assert.equal(warningsOf({ type: 'keyword', typeValue: text }).length, 1));
  }

  for (const text of ["I'm ready to order!", 'Product ordered', 'SPRING24', '订购']) {
    it(`does not warn of ${text}`, () =>
      assert.deepEqual(warningsOf({ type: 'keyword', typeValue: text }), []));
  }
});
