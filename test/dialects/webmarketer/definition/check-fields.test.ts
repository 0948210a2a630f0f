import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkFields } from '../../../../src/dialects/webmarketer/definition/check-fields.ts';
import {
  type EventTypeDefinition,
  type FieldDefinition,
  findDefinitionFault,
  phoneCountriesOf,
} from '../../../../src/dialects/webmarketer/definition/definition.ts';
import { describeMetrics } from '../../../../src/dialects/webmarketer/definition/definition-metrics.ts';
import { identifyUser } from '../../../../src/dialects/webmarketer/definition/identify-user.ts';

function define(
  fields: Partial<FieldDefinition>[],
  more: Partial<EventTypeDefinition> = {},
): EventTypeDefinition {
  return {
    name: 'Type',
    fields: fields.map((field) => ({
      type: 'string',
      entity: 'event',
      storageKey: 'a',
      ingestionKey: null,
      discriminant: false,
      isPii: false,
      isMostProbableLocation: false,
      optional: false,
      ...field,
    })),
    metadata: {},
    phoneParsingConfig: null,
    expirationPolicy: null,
    attributable: true,
    ...more,
  };
}

const occurredAt = new Date('2024-01-01T00:00:00Z');
const context = { phoneCountries: ['FR'], currency: 'EUR', receivedAt: occurredAt };

function check(fields: Partial<FieldDefinition>[], data: Record<string, unknown>) {
  return checkFields(define(fields), data, context, occurredAt);
}

describe('checking the fields of an event', () => {
  it('reads a field by its ingestion key and keeps it under its storage key', () => {
    const { event } = check([{ storageKey: 'colour', ingestionKey: 'Couleur' }], {
      Couleur: 'red',
      colour: 'blue',
    });
    assert.equal(event.colour?.current, 'red');
  });

  it('reads the storage key where a user or event field has no ingestion key', () => {
    const fields: Partial<FieldDefinition>[] = [{}, { entity: 'user', storageKey: 'b' }];
    const { event, user } = check(fields, { a: 1, b: 2 });
    assert.deepEqual([event.a?.current, user.b?.current], ['1', '2']);
  });

  it('never reads a state or statistic that has no ingestion key, nor misses it', () => {
    const paid: Partial<FieldDefinition> = { entity: 'state', type: 'state', storageKey: 'paid' };
    assert.deepEqual(check([paid], { paid: 1 }).metrics, []);
    assert.deepEqual(check([paid], {}).faults, []);
    const [metric] = check([{ ...paid, ingestionKey: 'paid' }], { paid: 1 }).metrics;
    assert.deepEqual([metric?.key, metric?.kind, metric?.value], ['paid', 'state', 1]);
  });

  it('takes the empty text for absent, except where text is asked for', () => {
    assert.equal(check([{ type: 'email' }], { a: '' }).faults[0]?.type, 'missing-field');
    assert.deepEqual(check([{ type: 'email', optional: true }], { a: '' }).event, Object.create(null));
    assert.equal(check([{ type: 'string' }], { a: '' }).event.a?.current, '');
  });

  it('never takes an inherited property for a value', () => {
    const [fault] = check([{ storageKey: 'constructor' }], {}).faults;
    assert.equal(fault?.type, 'missing-field');
  });

  it('names every fault, not the first alone', () => {
    const fields: Partial<FieldDefinition>[] = [
      { type: 'number' },
      { storageKey: 'b' },
      { type: 'date', storageKey: 'c' },
    ];
    const { faults } = check(fields, { a: 'x', c: 'y' });
    assert.deepEqual(
      faults.map((fault) => fault.type),
      ['invalid-field', 'missing-field', 'invalid-field'],
    );
  });

  it('shows no more of an invalid value than a reader wants', () => {
    const [fault] = check([{ type: 'number' }], { a: 'x'.repeat(1_000_000) }).faults;
    assert.ok(fault?.type === 'invalid-field' && String(fault.value).length < 10_000);
  });

  it('takes a bare amount in the workspace’s currency', () => {
    const turnover: Partial<FieldDefinition> = { entity: 'statistic', type: 'currency', ingestionKey: 'a' };
    const metric = {
      key: 'a',
      kind: 'statistic',
      value: 5,
      currency: 'EUR',
      raw: 5,
      occurredAt: +occurredAt,
    };
    assert.deepEqual(check([turnover], { a: 5 }).metrics, [metric]);
  });
});

describe('who a user is by the checked fields', () => {
  function identify(fields: Partial<FieldDefinition>[], data: Record<string, unknown>) {
    const definition = define(fields.map((field) => ({ entity: 'user', ...field })));
    return identifyUser(definition, checkFields(definition, data, context, occurredAt).user, ['FR']);
  }

  it('is a key for each discriminant field, and a contact for each e-mail and phone', () => {
    const fields: Partial<FieldDefinition>[] = [
      { type: 'email', storageKey: 'mail', discriminant: true },
      { type: 'phone', storageKey: 'tel', discriminant: true },
      { type: 'phone', storageKey: 'office' },
      { type: 'number', storageKey: 'number', discriminant: true },
    ];
    const data = { mail: 'A@B.example', tel: '0612345678', office: '+33612345679', number: '7' };
    assert.deepEqual(identify(fields, data), {
      discriminants: [
        { kind: 'field', value: 'mail\na@b.example' },
        { kind: 'field', value: 'tel\n+33612345678' },
        { kind: 'field', value: 'number\n7' },
      ],
      contacts: [
        { kind: 'email', value: 'a@b.example' },
        { kind: 'phone', value: '+33612345678' },
        { kind: 'phone', value: '+33612345679' },
      ],
    });
  });

  it('is not told by empty, invalid or endless values', () => {
    const field: Partial<FieldDefinition> = { discriminant: true, optional: true };
    for (const value of ['', '  ', 'x'.repeat(600), null]) {
      assert.deepEqual(identify([field], { a: value }).discriminants, []);
    }
    assert.deepEqual(identify([{ ...field, type: 'email' }], { a: 'nobody' }).discriminants, []);
  });
});

describe('a definition', () => {
  it('orders its phone countries, or leaves them to the workspace', () => {
    assert.deepEqual(phoneCountriesOf(define([]), ['FR']), ['FR']);
    const phoneParsingConfig = [
      { order: 2, countryCode: 'FR' },
      { order: 1, countryCode: 'BE' },
    ];
    assert.deepEqual(phoneCountriesOf(define([], { phoneParsingConfig }), ['DE']), ['BE', 'FR']);
  });

  it('may read a key by few fields only, so that one value cannot be kept without end', () => {
    const readers = (count: number) =>
      define(
        Array.from({ length: count }, (_, index) => ({ storageKey: `s${index}`, ingestionKey: 'same' })),
      );
    assert.equal(findDefinitionFault(readers(4)), undefined);
    assert.match(findDefinitionFault(readers(5)) ?? '', /ingestionKey/);
  });

  it('may have a storage key once for the user, once for the event and once for the metrics', () => {
    const fields: Partial<FieldDefinition>[] = [{}, { entity: 'user' }, { entity: 'state', type: 'state' }];
    assert.equal(findDefinitionFault(define(fields)), undefined);
    const twice = [...fields, { entity: 'statistic', type: 'number' } as const];
    assert.match(findDefinitionFault(define(twice)) ?? '', /storageKey/);
  });
});

describe('the metrics of an event', () => {
  const paid: Partial<FieldDefinition> = { entity: 'state', type: 'state', storageKey: 'paid' };
  const event = { id: 'x', occurredAt, receivedAt: new Date('2024-01-02T00:00:00Z') };
  const set = (value: number, at: string) => ({
    eventId: 'x',
    key: 'paid',
    kind: 'state' as const,
    value,
    currency: null,
    raw: value,
    counted: true,
    occurredAt: new Date(at),
    createdAt: new Date(at),
    updatedAt: new Date(at),
  });
  const delayOf = (stored: ReturnType<typeof set>[]) =>
    describeMetrics(define([paid]), event, stored, {}).find((metric) => metric.key === 'state-delay-paid')
      ?.data;

  it('hold the delay of a state in seconds, negative when the state came first, null once it is 0 again', () => {
    assert.equal(delayOf([set(1, '2024-01-01T00:01:00Z')])?.current, 60);
    assert.equal(delayOf([set(1, '2023-12-31T23:59:00Z')])?.current, -60);
    assert.equal(delayOf([set(0, '2024-01-01T00:01:00Z')])?.current, null);
    assert.equal(delayOf([])?.current, null);
  });

  it('have ids that stay', () => {
    const ids = () => describeMetrics(define([paid]), event, [], {}).map((metric) => metric.id);
    assert.deepEqual(ids(), ids());
    assert.equal(new Set(ids()).size, 3);
  });
});
