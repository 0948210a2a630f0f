import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  dayAfter,
  dayIn,
  daysOf,
  firstWeekOf,
  planAccountSpan,
  planSpan,
} from '../../../../src/dialects/signals/advertising/plan-days.ts';

const now = Date.parse('2026-03-20T23:30:00Z');
const day = 24 * 60 * 60 * 1000;
const never = { timezone: 'UTC', refreshedAt: null };

function sinceOf(account: Parameters<typeof planAccountSpan>[0], resumeFrom: string | null = null): string {
  return planAccountSpan(account, now, 90, resumeFrom).since;
}

describe('the days that a refresh asks for', () => {
  it('are days of the account’s zone', () => {
    assert.equal(dayIn('UTC', now), '2026-03-20');
    assert.equal(dayIn('Europe/Berlin', now), '2026-03-21');
    assert.equal(dayIn('America/New_York', now), '2026-03-20');
    assert.equal(dayIn(null, now), '2026-03-20');
  });

  it('are ninety the first time, without a gap and each once', () => {
    const whole = planAccountSpan(never, now, 90, null);
    assert.deepEqual(whole, { since: '2025-12-21', until: '2026-03-20' });
    const days: string[] = [];
    for (let { since } = whole; since <= whole.until; ) {
      const week = firstWeekOf({ ...whole, since });
      assert.ok(daysOf(week).length <= 7);
      days.push(...daysOf(week));
      since = dayAfter(week.until);
    }
    assert.deepEqual(days, daysOf(whole));
    assert.equal(days.length, 90);
  });

  it('are those that could have been corrected since the last refresh', () => {
    assert.equal(sinceOf({ ...never, refreshedAt: new Date(now) }), '2026-02-21');
    assert.equal(sinceOf({ ...never, refreshedAt: new Date(now - 10 * day) }), '2026-02-11');
  });

  it('begin where a refresh was cut off, but never after the last 28', () => {
    assert.equal(sinceOf(never, '2026-01-10'), '2026-01-10');
    assert.equal(sinceOf(never, '2026-03-19'), '2026-02-21');
    assert.equal(sinceOf(never, '2025-12-01'), '2025-12-21');
    const refreshedAt = new Date(now - 60 * day);
    assert.equal(sinceOf({ ...never, refreshedAt }, '2026-02-01'), '2026-02-01');
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
