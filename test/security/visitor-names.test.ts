import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { beforeEach, describe, it } from 'node:test';
import { maximumEventTypes, maximumKeylessTypes } from '../../src/core/event-type/event-type.ts';
import { useApp } from '../helpers/app.ts';
import { ask, at } from '../helpers/native-client.ts';
import { inject } from '../helpers/vendor-client.ts';
import { eventsOf, type Stage, setStage } from './visitor.ts';

const test = await useApp();
let stage: Stage;
beforeEach(async () => {
  stage = await setStage(test);
});

interface TypeRow {
  readonly id: string;
  readonly name: string;
  readonly keyless: boolean;
  readonly archivedAt: string | null;
}

async function typesOf(): Promise<TypeRow[]> {
  const { status, body } = await ask(test, 'GET', at(stage.workspace, '/event-types?limit=1000'));
  assert.equal(status, 200);
  return body.eventTypes;
}

async function typeOf(name: string): Promise<TypeRow | undefined> {
  return (await typesOf()).find((type) => type.name === name);
}

/** Types of the workspace's, as if keyed calls had made them. */
const fillTypes = (count: number) => stage.store.addEventTypes('webengage', count);

describe('names that visitors make up', () => {
  it('make few types; beyond them one catch-all keeps them as a property, and keyed calls lack none', async () => {
    await stage.flood(maximumKeylessTypes + 150, (number) => ({ event: `junk ${number}` }));
    await stage.message({ event: 'pageView' });
    await stage.message({ event: 'identify', email: 'ada@shop.example' });
    const types = await typesOf();
    assert.equal(types.filter(({ keyless }) => keyless).length, maximumKeylessTypes);
    const rest = await eventsOf(stage, 'other visitor event');
    assert.equal(rest.length, 150);
    assert.match(String(rest[0]!.properties.$event), /^junk \d+$/);
    assert.equal((await eventsOf(stage, 'pageView')).length, 1);
    assert.equal((await eventsOf(stage, 'identify')).length, 1);
    assert.equal((await stage.store.accounting('octeth')).quarantined, undefined);
    await stage.assertVerified();
  });

  it('spend no room of keyed calls, whose last type is made with all of the visitors’ made', async () => {
    await stage.flood(maximumKeylessTypes + 5, (number) => ({ event: `junk ${number}` }));
    const before = (await typesOf()).filter(({ keyless }) => !keyless).length;
    await fillTypes(maximumEventTypes - before - 1);
    await stage.track({ Event: 'the last one', Email: 'ada@shop.example', UUID: randomUUID() });
    assert.equal((await eventsOf(stage, 'the last one')).length, 0, 'it would have made identify, too');
    await stage.track({ Event: 'the very last one', UUID: randomUUID() });
    assert.equal((await eventsOf(stage, 'the very last one')).length, 1);
  });

  it('are a type that the shop’s own events may use, and that goes on for visitors when the rest is spent', async () => {
    await stage.message({ event: 'signup' });
    await stage.flood(maximumKeylessTypes + 5, (number) => ({ event: `junk ${number}` }));
    await stage.track({ Event: 'signup', UUID: randomUUID() });
    await stage.message({ event: 'signup' });
    assert.equal((await eventsOf(stage, 'signup')).length, 3);
  });
});

describe('too many event types', () => {
  it('are refused in words that say what to do, which then helps', async () => {
    await fillTypes(maximumEventTypes);
    await stage.track({ Event: 'bought', UUID: randomUUID() });
    const [bad] = await stage.store.quarantined();
    assert.equal(bad!.rule, 'too-many-event-types');
    assert.equal(bad!.detail.maximum, maximumEventTypes);
    assert.match(String(bad!.detail.remedy), /throughline event-types delete/);
    const [filler] = await typesOf();
    const deleted = await ask(test, 'DELETE', at(stage.workspace, `/event-types/${filler!.id}`));
    assert.deepEqual([deleted.status, deleted.body], [200, { deletedEvents: 0, more: false }]);
    await stage.track({ Event: 'bought', UUID: randomUUID() });
    assert.equal((await eventsOf(stage, 'bought')).length, 1);
  });
});

describe('an event type', () => {
  it('that is archived takes no events, a visitor’s or a key’s, until it is taken back', async () => {
    await stage.track({ Event: 'bought', UUID: randomUUID() });
    const type = (await typeOf('bought'))!;
    const path = at(stage.workspace, `/event-types/${type.id}`);
    const archived = await ask(test, 'PATCH', path, { body: { archived: true } });
    assert.equal(archived.status, 200);
    assert.notEqual(archived.body.archivedAt, null);
    await stage.track({ Event: 'bought', UUID: randomUUID() });
    await stage.message({ event: 'bought' });
    const quarantined = await stage.store.quarantined();
    assert.deepEqual(
      quarantined.map(({ rule }) => rule),
      ['archived-event-type', 'archived-event-type'],
    );
    await ask(test, 'PATCH', path, { body: { archived: false } });
    await stage.track({ Event: 'bought', UUID: randomUUID() });
    assert.equal((await eventsOf(stage, 'bought')).length, 2);
    await stage.assertVerified();
  });

  it('that is deleted takes its events with it, and its name makes another', async () => {
    const conversion = { 'conversion-id': '1', 'conversion-name': 'x', 'conversion-value': 5 };
    await stage.track({ Event: 'conversion', UUID: randomUUID(), Properties: conversion });
    await stage.flood(260, () => ({ event: 'junk', properties: { colour: 'red' } }));
    for (const name of ['junk', 'conversion']) {
      const { id } = (await typeOf(name))!;
      const deleted = await ask(test, 'DELETE', at(stage.workspace, `/event-types/${id}`));
      assert.deepEqual(deleted.body, { deletedEvents: name === 'junk' ? 260 : 1, more: false });
      assert.equal((await ask(test, 'DELETE', at(stage.workspace, `/event-types/${id}`))).status, 404);
    }
    assert.deepEqual(
      (await typesOf()).map(({ name }) => name),
      [],
    );
    await stage.assertVerified();
    await stage.message({ event: 'junk' });
    assert.equal((await eventsOf(stage, 'junk')).length, 1);
    await stage.assertVerified();
  });

  it('from which conversations follow stays', async () => {
    const { appId, apiKey } = stage.workspace.credentials.signals;
    const message = {
      id: 'wamid.1',
      from: '33612345678',
      timestamp: '1767268800',
      type: 'text',
      text: { body: 'hi' },
    };
    const reply = await inject(test, {
      method: 'POST',
      url: `/webhooks/whatsapp/${appId}`,
      headers: { 'd360-api-key': apiKey },
      body: { messages: [message], contacts: [] },
    });
    assert.equal(reply.status, 200, reply.text);
    const { id } = (await typeOf('message'))!;
    assert.equal((await ask(test, 'DELETE', at(stage.workspace, `/event-types/${id}`))).status, 409);
  });

  it('of another workspace is not there', async () => {
    await stage.track({ Event: 'bought', UUID: randomUUID() });
    const { id } = (await typeOf('bought'))!;
    const other = await setStage(test);
    for (const [method, body] of [
      ['PATCH', { archived: true }],
      ['DELETE', undefined],
    ] as const)
      assert.equal(
        (await ask(test, method, at(other.workspace, `/event-types/${id}`), { body })).status,
        404,
      );
    assert.equal((await typeOf('bought'))!.archivedAt, null);
  });
});
