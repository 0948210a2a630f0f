import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseInstant } from '../../../src/dialects/webmarketer/field-type/field-type.ts';
import fc from '../../helpers/fast-check.ts';

function iso(value: unknown): string | undefined {
  return parseInstant(value)?.toISOString();
}

function php(date: string, timezoneType: number, timezone: string) {
  return { date, timezone_type: timezoneType, timezone };
}

test('the three documented ways to write one instant agree, the first with its typing error put right', () => {
  for (const text of ['2022-04-01T05:00:00', '2022-04-01T06:00:00+01:00', '2022-04-01T03:00:00-02:00']) {
    assert.equal(iso(text), '2022-04-01T05:00:00.000Z');
  }
  for (const text of ['2022-04-01Z05:00:00', '2022-04-01Z05:00', '2022-04-01Z05:00:00.000'])
    assert.equal(iso(text), '2022-04-01T05:00:00.000Z', 'as the vendor’s page writes it');
  for (const text of [
    '2022-04-01Z05:00:00Z',
    '2022-04-01Z06:00:00+01:00',
    '2022-04-01Z25:00:00',
    '2022-04-01Z'.repeat(2),
  ])
    assert.equal(iso(text), undefined, text);
});

test('a fraction of a second is kept to the millisecond', () => {
  assert.equal(iso('2023-08-21T19:22:19.6Z'), '2023-08-21T19:22:19.600Z');
  assert.equal(iso('2023-08-21T19:22:19.123999Z'), '2023-08-21T19:22:19.123Z');
});

test('a space for the T, small letters, a missing colon, seconds or time are taken', () => {
  assert.equal(iso('2004-09-22 14:15:00Z'), '2004-09-22T14:15:00.000Z');
  assert.equal(iso('2004-09-22t14:15:00z'), '2004-09-22T14:15:00.000Z');
  assert.equal(iso('2004-09-22T14:15:00+0200'), '2004-09-22T12:15:00.000Z');
  assert.equal(iso('2004-09-22T14:15'), '2004-09-22T14:15:00.000Z');
  assert.equal(iso('2004-09-22'), '2004-09-22T00:00:00.000Z');
});

test('a leap second runs into the next minute', () => {
  assert.equal(iso('2016-12-31T23:59:60Z'), '2017-01-01T00:00:00.000Z');
});

test('days, times and offsets that do not exist are no instants', () => {
  const texts = [
    '2023-02-29T00:00:00Z',
    '2023-13-01T00:00:00Z',
    '2023-00-01T00:00:00Z',
    '2023-01-00T00:00:00Z',
    '2023-01-01T24:00:00Z',
    '2023-01-01T00:60:00Z',
    '2023-01-01T00:00:61Z',
    '2023-01-01T00:00:00+24:00',
    '2023-01-01T00:00:00+01:60',
    '2023-01-01T00:00:00Zjunk',
    '2023-01-01T00:00:00 Europe/Paris',
    '23-01-01',
    '+002023-01-01T00:00:00Z',
    '',
  ];
  for (const text of texts) assert.equal(iso(text), undefined, text);
});

test('the years 1 to 9999 in UTC are taken and no others, which PostgreSQL could not read back', () => {
  assert.equal(iso('0001-01-01T00:00:00Z'), '0001-01-01T00:00:00.000Z');
  assert.equal(iso('0099-12-31T00:00:00Z'), '0099-12-31T00:00:00.000Z');
  assert.equal(iso('9999-12-31T23:59:59.999Z'), '9999-12-31T23:59:59.999Z');
  assert.equal(iso('0000-12-31T00:00:00Z'), undefined);
  assert.equal(iso('0001-01-01T00:00:00+01:00'), undefined);
  assert.equal(iso('9999-12-31T23:59:59-01:00'), undefined);
});

test("PHP's DateTime with an offset, an abbreviation or a zone is read as PHP would", () => {
  assert.equal(iso(php('2024-07-01 12:00:00.000000', 1, '+02:00')), '2024-07-01T10:00:00.000Z');
  assert.equal(iso(php('2024-07-01 12:00:00.250000', 1, '-03:30')), '2024-07-01T15:30:00.250Z');
  assert.equal(iso(php('2024-01-01 00:00:00.000000', 2, 'Z')), '2024-01-01T00:00:00.000Z');
  assert.equal(iso(php('2024-07-01 12:00:00.000000', 3, 'Europe/Paris')), '2024-07-01T10:00:00.000Z');
  assert.equal(iso(php('2024-01-01 12:00:00.000000', 3, 'Europe/Paris')), '2024-01-01T11:00:00.000Z');
  assert.equal(iso(php('2024-01-01 12:00:00.000000', 3, 'UTC')), '2024-01-01T12:00:00.000Z');
});

test('the zone abbreviations have their offsets', () => {
  const hours: [string, number][] = [
    ['UTC', 0],
    ['gmt', 0],
    ['WET', 0],
    ['CET', 1],
    ['BST', 1],
    ['CEST', 2],
    ['EET', 2],
    ['EEST', 3],
    ['MSK', 3],
    ['NST', -3.5],
    ['NDT', -2.5],
    ['AST', -4],
    ['EST', -5],
    ['CST', -6],
    ['MST', -7],
    ['PST', -8],
    ['AKST', -9],
    ['HST', -10],
    ['ADT', -3],
    ['EDT', -4],
    ['CDT', -5],
    ['MDT', -6],
    ['PDT', -7],
    ['AKDT', -8],
    ['HKT', 8],
    ['JST', 9],
    ['ACST', 9.5],
    ['ACDT', 10.5],
    ['AEST', 10],
    ['AEDT', 11],
    ['NZST', 12],
    ['NZDT', 13],
  ];
  const noon = Date.UTC(2024, 0, 1, 12);
  for (const [name, offset] of hours) {
    const instant = parseInstant(php('2024-01-01 12:00:00.000000', 2, name));
    assert.equal((noon - Number(instant)) / 3_600_000, offset, name);
  }
});

test('a wall clock that the change of clocks skips or repeats is read with the offset before the change', () => {
  assert.equal(iso(php('2024-03-31 02:30:00.000000', 3, 'Europe/Paris')), '2024-03-31T01:30:00.000Z');
  assert.equal(iso(php('2024-10-27 02:30:00.000000', 3, 'Europe/Paris')), '2024-10-27T00:30:00.000Z');
});

test('a DateTime object with a wrong kind, an unknown zone or a broken date is no instant', () => {
  const date = '2024-01-01 12:00:00.000000';
  const values = [
    php(date, 0, 'Z'),
    php(date, 4, 'Z'),
    php(date, 1, 'Z'),
    php(date, 2, 'XYZ'),
    php(date, 2, 'IST'),
    php(date, 3, 'Mars/Olympus'),
    php(date, 3, '+02:00'),
    php(date, 3, '2020-01-01T00:00Z'),
    php(`${date}Z`, 2, 'Z'),
    php('-0001-11-30 00:00:00.000000', 3, 'UTC'),
    php('', 3, 'UTC'),
    { date },
    { date, timezone_type: 3 },
    { timezone_type: 3, timezone: 'UTC' },
    {},
  ];
  for (const value of values) assert.equal(iso(value), undefined, JSON.stringify(value));
});

test('every instant survives being written at any offset', () => {
  const instants = fc.date({ min: new Date('0002-01-01'), max: new Date('9998-12-31'), noInvalidDate: true });
  fc.assert(
    fc.property(instants, fc.integer({ min: -23, max: 23 }), (instant, hours) => {
      const wallClock = new Date(instant.getTime() + hours * 3_600_000).toISOString().slice(0, -1);
      const offset = `${hours < 0 ? '-' : '+'}${String(Math.abs(hours)).padStart(2, '0')}:00`;
      assert.equal(iso(wallClock + offset), instant.toISOString());
      assert.equal(iso(php(wallClock.replace('T', ' '), 1, offset)), instant.toISOString());
    }),
    { numRuns: 500 },
  );
});

test('no value makes it throw', () => {
  const phpLike = fc.record({
    date: fc.oneof(fc.string(), fc.constant('2024-01-01 00:00:00.000000')),
    timezone_type: fc.oneof(fc.constantFrom(1, 2, 3), fc.anything()),
    timezone: fc.oneof(fc.string(), fc.anything()),
  });
  fc.assert(
    fc.property(fc.oneof(fc.anything(), phpLike), (value) => {
      const instant = parseInstant(value);
      if (instant !== undefined) assert.equal(iso(instant.toISOString()), instant.toISOString());
    }),
    { numRuns: 2000 },
  );
});
