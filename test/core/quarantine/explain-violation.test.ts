import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { explainedRules, explainViolation } from '../../../src/core/quarantine/explain-violation.ts';

const root = join(import.meta.dirname, '../../..');

/** Every rule that the source names for a violation, or for what can't be stored. */
function rulesOfSource(): Set<string> {
  const rules = new Set<string>();
  for (const file of globSync('src/{core,ingest,dialects}/**/*.ts', { cwd: root })) {
    const text = readFileSync(join(root, file), 'utf8');
    const named = /(?:rule: |violation\(|\[\{ type: )'([a-z]+(?:-[a-z]+)+)'/g;
    for (const [, rule] of text.matchAll(named)) rules.add(rule!);
  }
  return rules;
}

test('every rule that an event can break has a sentence that says what would be right', () => {
  const rules = rulesOfSource();
  assert.ok(rules.size >= 14, [...rules].join(', '));
  for (const rule of rules) {
    assert.ok(explainedRules.has(rule), `${rule} has no sentence`);
    assert.match(explainViolation({ rule, path: null }), /^[A-Z][^:]+: .{10,}\.$/, `${rule} has no remedy`);
  }
});

test('it says where, if that is known', () => {
  assert.match(
    explainViolation({ rule: 'missing-field', path: '/data/phone' }),
    /^At \/data\/phone: a mandatory field/,
  );
  assert.equal(explainViolation({ rule: 'of-the-future', path: null }), 'Of the future.');
});
