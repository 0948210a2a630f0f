import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dayIn, planAccountSpans, planSpan } from '../../../../src/dialects/signals/advertising/plan-days.ts';

const now = Date.parse('2026-03-20T23:30:00Z');
const day = 24 * 60 * 60 * 1000;
const never = { timezone: 'UTC', refreshedAt: null, attemptedAt: null, resumeFrom: null };

function sinceOf(account: Parameters<typeof planAccountSpans>[0], at = now): string | undefined {
  return planAccountSpans(account, at, 90)[0]?.since;
}

describe('the days that a refresh asks for', () => {
  it('are days of the account’s zone', () => {
    assert.equal(dayIn('UTC', now), '2026-03-20');
    assert.equal(dayIn('Europe/Berlin', now), '2026-03-21');
    assert.equal(dayIn('America/New_York', now), '2026-03-20');
    assert.equal(dayIn(null, now), '2026-03-20');
  });

  it('are ninety the first time, without a gap and each once', () => {
    const spans = planAccountSpans(never, now, 90);
    let days = 0;
    let next = spans[0]!.since;
    for (const { since, until } of spans) {
      assert.equal(since, next);
      const length = Temporal.PlainDate.from(since).until(until).days + 1;
      assert.ok(length >= 1 && length <= 7);
      days += length;
      next = Temporal.PlainDate.from(until).add({ days: 1 }).toString();
    }
    assert.equal(days, 90);
    assert.equal(spans.at(-1)!.until, '2026-03-20');
  });

  it('are those that could have been corrected since the last refresh', () => {
    assert.equal(sinceOf({ ...never, refreshedAt: new Date(now) }), '2026-02-21');
    assert.equal(sinceOf({ ...never, refreshedAt: new Date(now - 10 * day) }), '2026-02-11');
  });

  it('begin where a refresh was cut off today, but never after the last 28', () => {
    const attemptedAt = new Date(now - 60_000);
    assert.equal(sinceOf({ ...never, attemptedAt, resumeFrom: '2026-01-10' }), '2026-01-10');
    assert.equal(sinceOf({ ...never, attemptedAt, resumeFrom: '2026-03-19' }), '2026-02-21');
    const refreshedAt = new Date(now - 60 * day);
    assert.equal(sinceOf({ ...never, refreshedAt, attemptedAt, resumeFrom: '2026-02-01' }), '2026-02-01');
  });

  it('begin anew when it was cut off days ago: what was read then may have been corrected', () => {
    const attemptedAt = new Date(now - 2 * day);
    assert.equal(sinceOf({ ...never, attemptedAt, resumeFrom: '2026-02-10' }), '2025-12-21');
  });

  it('are as many for one ad', () => {
    assert.deepEqual(planSpan(never, now, 90), { since: '2025-12-21', until: '2026-03-20' });
    const refreshedAt = new Date(now);
    assert.deepEqual(planSpan({ timezone: 'UTC', refreshedAt }, now, 90), {
      since: '2026-02-21',
      until: '2026-03-20',
    });
  });
});
