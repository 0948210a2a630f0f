import assert from 'node:assert/strict';
import { beforeEach, it } from 'node:test';
import {
  maximumFailuresOfAddress,
  maximumFailuresOfName,
  SignInThrottle,
} from '../../../src/core/credential/sign-in-throttle.ts';

let now: number;
let throttle: SignInThrottle;
beforeEach(() => {
  now = Date.UTC(2026, 2, 1);
  throttle = new SignInThrottle(() => now);
});

const attempt = (name: string | null, address = '192.0.2.1') =>
  ({ dialect: 'octeth', name, address }) as const;

function failOften(
  times: number,
  name: (index: number) => string | null,
  address?: (index: number) => string,
) {
  for (let index = 0; index < times; index++) throttle.begin(attempt(name(index), address?.(index)));
}

it('stops a name after ten failures, wherever they come from, until fifteen minutes after the first', () => {
  failOften(
    maximumFailuresOfName - 1,
    () => 'ann',
    (index) => `192.0.2.${index}`,
  );
  assert.equal(throttle.waitSeconds(attempt('ann')), 0);
  now += 60_000;
  throttle.begin(attempt('ann'));
  assert.equal(throttle.waitSeconds(attempt('ann', '198.51.100.1')), 14 * 60);
  assert.equal(throttle.waitSeconds(attempt('bob')), 0);
  assert.equal(throttle.waitSeconds({ ...attempt('ann'), dialect: 'signals' }), 0);
  now += 14 * 60_000;
  assert.equal(throttle.waitSeconds(attempt('ann')), 0);
  throttle.begin(attempt('ann'));
  assert.equal(throttle.waitSeconds(attempt('ann')), 0, 'it counts anew');
});

it('stops an address after a hundred failures, whatever the names', () => {
  failOften(maximumFailuresOfAddress, (index) => (index % 2 ? `name-${index}` : null));
  assert.equal(throttle.waitSeconds(attempt('ann')), 15 * 60);
  assert.equal(throttle.waitSeconds(attempt('ann', '192.0.2.2')), 0);
});

it('takes a network of 64 bits for one address of IPv6, and an IPv4 address in either writing for one', () => {
  failOften(
    maximumFailuresOfAddress,
    () => null,
    (index) => (index % 2 ? `2001:DB8::${index.toString(16)}` : `2001:db8:0:0:${index}::1`),
  );
  assert.ok(throttle.waitSeconds(attempt(null, '2001:db8:0:0:ffff:ffff:ffff:ffff')) > 0);
  assert.equal(throttle.waitSeconds(attempt(null, '2001:db8:0:1::1')), 0);
  assert.equal(throttle.waitSeconds(attempt(null, '::1')), 0);
  failOften(
    maximumFailuresOfAddress,
    () => null,
    (index) => (index % 2 ? '192.0.2.7' : '::ffff:192.0.2.7'),
  );
  assert.ok(throttle.waitSeconds(attempt(null, '192.0.2.7')) > 0);
});

it('forgets a name’s failures when it has signed in, and not those of the address', () => {
  failOften(maximumFailuresOfName - 1, () => 'ann');
  throttle.begin(attempt('ann'));
  throttle.succeed(attempt('ann'));
  throttle.begin(attempt('ann'));
  assert.equal(throttle.waitSeconds(attempt('ann')), 0);
  failOften(maximumFailuresOfAddress - maximumFailuresOfName, (index) => `name-${index}`);
  assert.ok(throttle.waitSeconds(attempt('ann')) > 0);
});

it('counts no attempt that was right, however many there are', () => {
  for (let index = 0; index < 3 * maximumFailuresOfAddress; index++) {
    assert.equal(throttle.waitSeconds(attempt('ann')), 0);
    throttle.begin(attempt('ann'));
    throttle.succeed(attempt('ann'));
  }
});

it('keeps a bounded number of names, of which those that failed again outlast a flood of others', () => {
  const addresses = (index: number) => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`;
  const isBlocked = (name: string) => throttle.waitSeconds(attempt(name, '198.51.100.1')) > 0;
  failOften(maximumFailuresOfName, () => 'ann');
  failOften(maximumFailuresOfName - 1, () => 'ben');
  failOften(30_000, (index) => `name-${index}`, addresses);
  assert.ok(isBlocked('ann'));
  failOften(1, () => 'ben', addresses);
  assert.ok(isBlocked('ben'));
  // Where all have failed again, the first goes of whom nobody has asked since.
  for (let round = 0; round < 2; round++)
    failOften(9_999, (index) => `again-${round % 2}-${index}`, addresses);
  failOften(9_999, (index) => `again-1-${index}`, addresses);
  assert.ok(isBlocked('ann'));
});
