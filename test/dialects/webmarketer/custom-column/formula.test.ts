import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  evaluateFormula,
  type Formula,
  maximumFormulaLength,
  metricKeysOf,
  parseFormula,
} from '../../../../src/dialects/webmarketer/custom-column/formula.ts';
import fc from '../../../helpers/fast-check.ts';

const metrics = new Map([
  ['turnover', 300],
  ['cost', 120],
  ['event-count', 4],
  ['state-delay-paid', 86_400],
  ['2024', 7],
]);

function parse(text: string): Formula {
  const formula = parseFormula(text);
  if ('fault' in formula) assert.fail(`${text} ${formula.fault}`);
  return formula;
}

function evaluate(text: string): number | null {
  return evaluateFormula(parse(text), (key) => metrics.get(key) ?? 0);
}

describe('a formula', () => {
  it('is evaluated with the usual precedence, from left to right', () => {
    assert.equal(evaluate('1 + 2 * 3'), 7);
    assert.equal(evaluate('(1 + 2) * 3'), 9);
    assert.equal(evaluate('10 - 4 - 3'), 3);
    assert.equal(evaluate('100 / 10 / 5'), 2);
    assert.equal(evaluate('2 * -3'), -6);
    assert.equal(evaluate('--3'), 3);
    assert.equal(evaluate('0.5*8'), 4);
  });
  it('looks at metrics by their keys, whose hyphens are no signs', () => {
    assert.equal(evaluate('turnover / event-count'), 75);
    assert.equal(evaluate('turnover - cost'), 180);
    assert.equal(evaluate('(turnover - cost) / cost * 100'), 150);
    assert.equal(evaluate('state-delay-paid/3600'), 24);
    assert.equal(evaluate('turnover- cost'), 180, 'no key ends with a hyphen unless it is in braces');
    assert.equal(evaluate('turnover -cost'), 180);
  });
  it('takes a key that begins with a digit in braces', () => {
    assert.equal(evaluate('{2024} * 2'), 14);
    assert.equal(evaluate('2024 * 2'), 4048);
    assert.deepEqual(metricKeysOf(parse('{a-} - {a-}')), ['a-']);
  });
  it('takes a metric that there is not for 0', () => {
    assert.equal(evaluate('unknown + 1'), 1);
  });
  it('has no value where something is divided by zero, or is too large for a number', () => {
    assert.equal(evaluate('turnover / unknown'), null);
    assert.equal(evaluate('1 / (1 / unknown)'), null);
    assert.equal(evaluate('0 / 0'), null);
    const huge = Array.from({ length: 30 }, () => '999999999999999').join(' * ');
    assert.equal(evaluate(huge), null);
  });
  it('never gives the negative zero', () => {
    assert.ok(Object.is(evaluate('-unknown'), 0));
  });
  it('names the metrics that it looks at, each once', () => {
    assert.deepEqual(metricKeysOf(parse('(a + b) / a * -{c} + 2')), ['a', 'b', 'c']);
  });
});

describe('what is no formula', () => {
  for (const text of [
    '',
    '   ',
    '+',
    '1 +',
    '* 2',
    'a b',
    'a 2',
    '(a',
    'a)',
    '()',
    'a ** 2',
    'a % 2',
    'a; b',
    'a, b',
    'sum(a)',
    'a = 1',
    '"a"',
    'process.exit()',
    '{a',
    '{}',
    '{a b}',
    'é',
    '1e3',
    '1.2.3',
    '2nd',
    '.5',
    '5.',
    '1 / \u0000',
  ])
    it(`such as ${JSON.stringify(text)} is told so`, () => {
      const formula = parseFormula(text);
      assert.ok('fault' in formula, JSON.stringify(formula));
    });
  it('is one that is too long, has too many parts or is nested too deep', () => {
    const isFault = (text: string) => 'fault' in parseFormula(text);
    assert.equal(isFault(Array.from({ length: 200 }, () => 'a').join('+')), false);
    assert.equal(isFault(Array.from({ length: 201 }, () => 'a').join('+')), true);
    assert.equal(isFault(`a${' '.repeat(maximumFormulaLength - 1)}`), false);
    assert.equal(isFault(`a${' '.repeat(maximumFormulaLength)}`), true);
    assert.equal(isFault(`${'('.repeat(31)}a${')'.repeat(31)}`), false);
    assert.equal(isFault(`${'('.repeat(32)}a${')'.repeat(32)}`), true);
    assert.equal(isFault(`${'-'.repeat(32)}a`), true);
    assert.equal(isFault('a'.repeat(101)), true);
  });
});

type Tree = number | readonly [string, Tree, Tree];

const trees = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5 },
    fc.nat(1000),
    fc.tuple(fc.constantFrom('+', '-', '*', '/'), tie('tree'), tie('tree')),
  ),
})).tree;

function write(tree: Tree): string {
  return typeof tree === 'number' ? String(tree) : `(${write(tree[1])} ${tree[0]} ${write(tree[2])})`;
}

function compute(tree: Tree): number {
  if (typeof tree === 'number') return tree;
  const [left, right] = [compute(tree[1]), compute(tree[2])];
  if (tree[0] === '+') return left + right;
  if (tree[0] === '-') return left - right;
  if (tree[0] === '*') return left * right;
  return right === 0 ? Number.NaN : left / right;
}

it('any formula has the value that its tree has', () => {
  fc.assert(
    fc.property(trees, (tree) => {
      const text = write(tree);
      fc.pre(text.length <= maximumFormulaLength && (text.match(/[^\s]+/g)?.length ?? 0) < 100);
      const expected = compute(tree);
      const formula = parse(text);
      const value = evaluateFormula(formula, () => 0);
      assert.equal(value, Number.isFinite(expected) ? expected : null);
    }),
    { numRuns: 300 },
  );
});

it('no text makes the parser throw, and none takes it long', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...'ab01+-*/(){}.:_ -'), maxLength: maximumFormulaLength }),
      (text) => {
        const formula = parseFormula(text);
        if (!('fault' in formula)) evaluateFormula(formula, () => 1);
      },
    ),
    { numRuns: 300 },
  );
});
