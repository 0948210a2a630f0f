import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  ExactNumber,
  isNumber,
  plainDigits,
  readDouble,
  toNumber,
  withDoubles,
} from '../../src/json/exact-number.ts';
import { readJson } from '../../src/json/read-json.ts';
import fc from '../helpers/fast-check.ts';
import { decimalOf, decimalsOf, numberText, objectText } from './decimals.ts';

describe('JSON that is read', () => {
  it('is written again with every number at its value', () => {
    fc.assert(
      fc.property(objectText, (json) => {
        assert.deepEqual(decimalsOf(JSON.stringify(readJson(json))), decimalsOf(json));
      }),
      { numRuns: 2000 },
    );
  });

  it('holds plain numbers wherever a double has the value, and what JSON.parse makes of all the rest', () => {
    fc.assert(
      fc.property(objectText, (json) => {
        assert.deepEqual(withDoubles(readJson(json)), JSON.parse(json));
      }),
      { numRuns: 2000 },
    );
    fc.assert(
      fc.property(numberText, (text) => {
        const isHeld = decimalOf(String(Number(text))) === decimalOf(text);
        const isLong = Math.abs(Number(text)) >= 1e21 && !/e/i.test(text);
        assert.equal(toNumber(text) instanceof ExactNumber, !isHeld || isLong);
        assert.deepEqual(readJson(text), toNumber(text));
      }),
      { numRuns: 5000 },
    );
  });

  it('has numbers whose digits can be written without an exponent and without zeros at the end', () => {
    fc.assert(
      fc.property(numberText, (text) => {
        const plain = plainDigits(toNumber(text));
        assert.match(plain, /^(0|-?[1-9]\d*|-?(0|[1-9]\d*)\.\d*[1-9])$/);
        assert.equal(decimalOf(plain), decimalOf(text));
      }),
      { numRuns: 5000 },
    );
  });

  it('is refused at the place of the text where it is none, whatever numbers stand before', () => {
    for (const json of ['{"a":12345678901234567890,}', '[12345678901234567890 1]', '{"a":1e999 "b":1}']) {
      const place = (parse: (text: string) => unknown) => {
        try {
          return parse(json);
        } catch (error) {
          return /at position \d+/.exec(String(error))?.[0];
        }
      };
      assert.match(String(place(JSON.parse)), /^at position/);
      assert.equal(place(readJson), place(JSON.parse));
    }
  });

  it('is refused whatever numbers stand where none can', () => {
    const long = '12345678901234567890';
    for (const json of [
      `{${long}:1}`,
      `{${long} \n:1}`,
      `{"a":1,${long}}`,
      `[0${long}]`,
      `[+${long}]`,
      `[--${long}]`,
      `[${long}.]`,
      `[.${long}]`,
      `[${long}e]`,
      `[${long}x]`,
      `["a"${long}]`,
      `[${long} ${long}]`,
      `${long},`,
      `"${long}`,
      `["${long}\\"]`,
      `[1.2.${long}]`,
    ])
      assert.throws(() => readJson(json), SyntaxError, json);
  });

  it('takes no longer for many exact numbers than a few times the parsing', () => {
    const json = `[${Array(40_000).fill('12345678901234567890,"\\"1"').join(',')}]`;
    const start = performance.now();
    readJson(json);
    assert.ok(performance.now() - start < 1000);
    const zeros = `[1${'0'.repeat(500_000)}1, "${'\\"'.repeat(300_000)}`;
    assert.throws(() => readJson(zeros), SyntaxError);
    assert.ok(performance.now() - start < 2000);
  });
});

describe('a value with doubles in place of exact numbers', () => {
  it('is made at once, however it nests', () => {
    const nested = (inner: string, depth: number) => `${'[{"a":'.repeat(depth)}${inner}${'}]'.repeat(depth)}`;
    const json = nested('9007199254740993', 32);
    assert.deepEqual(withDoubles(readJson(json)), JSON.parse(json));
    const lists = `${'['.repeat(64)}9007199254740993${']'.repeat(64)}`;
    assert.deepEqual(withDoubles(readJson(lists)), JSON.parse(lists));
  });

  it('is the very value where there are none, however deep', () => {
    let value: unknown = 1;
    for (let depth = 0; depth < 100_000; depth++) value = { a: [value] };
    assert.equal(withDoubles(value), value);
  });
});

describe('an exact number', () => {
  it('is its digits as a text and in JSON', () => {
    const number = toNumber('9007199254740993');
    assert.equal(String(number), '9007199254740993');
    assert.equal(JSON.stringify({ a: [number] }), '{"a":[9007199254740993]}');
  });

  it('is kept within the range of doubles, to a thousand characters', () => {
    for (const text of ['1e400', '-1e400', '1e-400', '3e-324', `0.${'1'.repeat(1000)}`])
      assert.equal(isNumber(toNumber(text)), false, text);
    for (const text of ['9007199254740993', `0.${'1'.repeat(900)}`, '0e-400', '1e308'])
      assert.equal(isNumber(toNumber(text)), true, text);
  });

  it('is reckoned with where it only spells a double out', () => {
    assert.equal(readDouble(toNumber('0.10000000000000001')), 0.1);
    assert.equal(readDouble(toNumber('0.1000000000000000055511151231257827')), 0.1);
    assert.equal(readDouble(toNumber('19.989999999999998')), 19.989999999999998);
    assert.equal(readDouble(toNumber('9007199254740993')), undefined);
    assert.equal(readDouble(toNumber('0.1234567890123456789')), undefined);
    assert.equal(readDouble(toNumber('1e400')), undefined);
  });
});
