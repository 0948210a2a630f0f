import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Referral } from '../../../../src/dialects/signals/conversation/conversation.ts';
import { eventTypeId } from '../../../../src/dialects/signals/conversation/event-type-id.ts';
import type {
  ExternalFact,
  LeadFact,
  MessageFact,
} from '../../../../src/dialects/signals/conversation/fact.ts';
import { forgetOldest, type LeadState } from '../../../../src/dialects/signals/conversation/lead-state.ts';
import { type Received, receiveFact } from '../../../../src/dialects/signals/conversation/receive-fact.ts';
import {
  type ConversationRules,
  type Conversion,
  type TextRule,
  windowOf,
} from '../../../../src/dialects/signals/conversation/rules.ts';

/** Of a workspace that has set nothing. */
const noRules: ConversationRules = {
  windowMilliseconds: windowOf({}),
  conversions: new Map(),
  textRules: [],
  campaignOfAd: new Map(),
};

const hour = 60 * 60 * 1000;
const window = 24 * hour;
const app = 4;

function message(at: number, more: Partial<MessageFact> & { id?: string; app?: number } = {}): MessageFact {
  const { id = `wamid.${at}`, app: sourceId = app, ...rest } = more;
  return {
    kind: 'message',
    position: { at, rank: rest.referral ? 0 : 1, seq: 0 },
    eventId: `event of ${id}`,
    profileId: 'lead',
    messageId: id,
    sourceId,
    userId: null,
    appId: '93310',
    phone: '33612345678',
    referral: null,
    choice: null,
    text: null,
    ...rest,
  };
}

function sale(at: number, more: Partial<ExternalFact> = {}): ExternalFact {
  const id = `sale at ${at}`;
  return {
    kind: 'external',
    position: { at, rank: 2, seq: 0 },
    eventId: id,
    sourceId: null,
    previousId: null,
    revenue: { amount: 10, currency: 'EUR' },
    ...more,
  };
}

const ad = (referralId: string, clickId: string | null = `click-${referralId}`): Referral => ({
  origin: 'ad',
  referralId,
  clickId,
});

function receive(state: LeadState | undefined, fact: LeadFact, rules = noRules): Received {
  const received = receiveFact(state, fact, rules);
  assert.notEqual(received, 'late');
  return received as Received;
}

function receiveAll(facts: readonly LeadFact[], rules?: ConversationRules): Received[] {
  let state: LeadState | undefined;
  return facts.map((fact) => {
    const received = receive(state, fact, rules);
    state = received.state;
    return received;
  });
}

const typesOf = (received: readonly Received[]) =>
  received.map(({ events }) => events.map(({ type }) => type));
const valuesOf = ({ events }: Received) => events.map(({ type, typeValue }) => `${type} ${typeValue}`);
const measuresOf = ({ measures }: Received) => measures.map(({ measure }) => measure).sort();

describe('the messages of a lead', () => {
  it('raise conversation with the first, engagement with the second, and nothing with the third', () => {
    const received = receiveAll([message(0), message(hour), message(2 * hour)]);
    assert.deepEqual(typesOf(received), [['conversation'], ['engagement'], []]);
    assert.equal(received[0]!.events[0]!.conversation.id, received[1]!.events[0]!.conversation.id);
  });

  it('begin anew once the window has passed, which runs from the first message and is not prolonged', () => {
    const received = receiveAll([message(0), message(window - 1), message(window)]);
    assert.deepEqual(typesOf(received), [['conversation'], ['engagement'], ['conversation']]);
    assert.notEqual(received[2]!.events[0]!.conversation.id, received[0]!.events[0]!.conversation.id);
  });

  it('are apart for each app', () => {
    const received = receiveAll([message(0), message(1, { app: 5 }), message(2), message(3, { app: 5 })]);
    assert.deepEqual(typesOf(received), [['conversation'], ['conversation'], ['engagement'], ['engagement']]);
  });

  it('raise the choice of a button or list beside what they are in the conversation', () => {
    const choice = { type: 'list_reply', value: 'Size M' } as const;
    const [received] = receiveAll([message(0, { choice })]);
    assert.deepEqual(valuesOf(received!), ['conversation null', 'list_reply Size M']);
  });

  it('are counted as a session, and their lead once with each app and ad', () => {
    const received = receiveAll([
      message(0, { referral: ad('1') }),
      message(1),
      message(window, { referral: ad('1', 'again') }),
      message(window + 1),
      message(3 * window),
    ]);
    assert.deepEqual(received.map(measuresOf), [
      ['conversation', 'lead', 'session'],
      ['engaged', 'engagement'],
      ['conversation', 'session'],
      ['engagement'],
      ['conversation', 'lead', 'session', 'standalone-event', 'standalone-session'],
    ]);
  });
});

describe('a click on an ad', () => {
  const adsOf = (received: readonly Received[]) =>
    received.map(({ state }) => state.apps.at(-1)!.conversation.referralId);

  it('is what later messages are attributed to until the window closes', () => {
    const received = receiveAll([message(0, { referral: ad('1') }), message(hour), message(window)]);
    assert.deepEqual(adsOf(received), ['1', '1', null]);
    assert.equal(received[1]!.events[0]!.adId, '1');
    assert.equal(received[2]!.events[0]!.conversation.origin, 'standalone');
  });

  it('replaces an earlier click and a standalone conversation', () => {
    const received = receiveAll([
      message(0),
      message(hour, { referral: ad('1') }),
      message(2 * hour, { referral: ad('2') }),
      message(3 * hour),
    ]);
    assert.deepEqual(adsOf(received), [null, '1', '2', '2']);
    assert.deepEqual(typesOf(received), [
      ['conversation'],
      ['conversation'],
      ['conversation'],
      ['engagement'],
    ]);
  });

  it('is one click when two messages tell of it, and another when the same ad is clicked again', () => {
    const received = receiveAll([
      message(0, { referral: ad('1', 'a') }),
      message(hour, { referral: ad('1', 'a') }),
      message(2 * hour, { referral: ad('1', 'b') }),
    ]);
    assert.deepEqual(typesOf(received), [['conversation'], ['engagement'], ['conversation']]);
    assert.deepEqual(
      received.map(({ click }) => click?.clickId),
      ['a', undefined, 'b'],
    );
  });

  it('without a click id is a new one each time', () => {
    const received = receiveAll([
      message(0, { referral: ad('1', null) }),
      message(hour, { referral: ad('1', null) }),
    ]);
    assert.deepEqual(typesOf(received), [['conversation'], ['conversation']]);
    assert.ok(received.every(({ click }) => click));
  });

  it('on a post keeps the post as the source and names no ad', () => {
    const [received] = receiveAll([
      message(0, { referral: { origin: 'post', referralId: '77', clickId: null } }),
    ]);
    const [event] = received!.events;
    assert.deepEqual([event!.adId, event!.conversation.referralId], [null, '77']);
    assert.deepEqual(measuresOf(received!), ['conversation', 'lead', 'session']);
  });
});

describe('a message that comes late', () => {
  const first = receiveAll([message(0), message(hour), message(3 * hour)]).at(-1)!.state;

  it('is taken at once where it changes nothing about the others', () => {
    const { state, events } = receive(first, message(2 * hour, { choice: { type: 'button', value: 'Yes' } }));
    assert.deepEqual(
      events.map(({ type }) => type),
      ['button'],
    );
    assert.equal(state.latest.at, 3 * hour);
  });

  it('is late where it may change one of them', () => {
    const two = receiveAll([message(0), message(2 * hour)]).at(-1)!.state;
    const sold = receiveAll([message(0), message(1), message(2, { app: 5 }), sale(hour)]).at(-1)!.state;
    for (const [state, late] of [
      [two, message(hour)],
      [first, message(-1)],
      [first, message(2 * hour, { app: 5 })],
      [first, message(2 * hour, { referral: ad('1') })],
      [sold, message(1000)],
      [first, sale(hour)],
    ] as const) {
      assert.equal(receiveFact(state, late, noRules), 'late');
    }
  });

  it('of one second comes behind those that were received before it, unless it tells of a click', () => {
    const { state } = receiveAll([message(0, { id: 'b' })]).at(-1)!;
    const next = { at: 0, seq: 1 };
    assert.notEqual(
      receiveFact(state, message(0, { id: 'a', position: { ...next, rank: 1 } }), noRules),
      'late',
    );
    const click = message(0, { referral: ad('1'), position: { ...next, rank: 0 } });
    assert.equal(receiveFact(state, click, noRules), 'late');
  });
});

describe('what is remembered of a lead', () => {
  it('does not grow without end; what it no longer knows is folded anew', () => {
    const many = Array.from({ length: 300 }, (_, index) =>
      message(index * hour, { referral: ad(String(index)) }),
    );
    const all = receiveAll(many).at(-1)!.state;
    const kept = forgetOldest(all);
    assert.ok(JSON.stringify(kept).length < 30_000);
    assert.equal(receiveFact(kept, message(400 * hour, { referral: ad('7') }), noRules), 'late');
    assert.notEqual(receiveFact(all, message(400 * hour, { referral: ad('7') }), noRules), 'late');
    assert.notEqual(receiveFact(kept, message(299 * hour + 1), noRules), 'late');
  });
});

describe('rules', () => {
  const rule = (more: Partial<TextRule>): TextRule => ({
    type: 'keyword',
    value: 'order',
    adId: null,
    campaignId: null,
    archivedAt: null,
    groupId: 'g',
    ...more,
  });
  const converts = (type: Conversion['type'], typeValue: string | null, typeId: string | null = null) =>
    new Map([['c', { campaignId: 'c', type, typeValue, typeId, createdAt: new Date(0) }]]);
  const rules = (more: Partial<ConversationRules>): ConversationRules => ({
    ...noRules,
    campaignOfAd: new Map([['1', 'c']]),
    ...more,
  });
  const raised = (fact: MessageFact, set: Partial<ConversationRules>) =>
    valuesOf(receive(undefined, fact, rules(set))).slice(1);
  const byAd = message(0, { referral: ad('1'), text: 'I order two' });
  const byNone = message(0, { text: 'I order two' });

  it('raise an event for each text that is found, once', () => {
    const textRules = [
      rule({}),
      rule({ groupId: 'h' }),
      rule({ type: 'conversation' }),
      rule({ value: 'menu' }),
    ];
    assert.deepEqual(raised(byNone, { textRules }), ['keyword order', 'conversation order']);
  });

  it('hold for their ad and campaign', () => {
    assert.deepEqual(raised(byNone, { textRules: [rule({ adId: '1' })] }), []);
    assert.deepEqual(raised(byAd, { textRules: [rule({ adId: '1' })] }), ['keyword order']);
    assert.deepEqual(raised(byAd, { textRules: [rule({ adId: '2' })] }), []);
    assert.deepEqual(raised(byAd, { textRules: [rule({ campaignId: 'c' })] }), ['keyword order']);
    assert.deepEqual(raised(byAd, { textRules: [rule({ campaignId: 'd' })] }), []);
  });

  it('hold until they are archived, and keep what came before', () => {
    assert.deepEqual(raised(byAd, { textRules: [rule({ archivedAt: 1 })] }), ['keyword order']);
    assert.deepEqual(raised(byAd, { textRules: [rule({ archivedAt: 0 })] }), []);
  });

  it('make a text that is a conversion an event of its type, and converted beside it', () => {
    assert.deepEqual(raised(byAd, { conversions: converts('keyword', 'order') }), [
      'keyword order',
      'converted order',
    ]);
    assert.deepEqual(raised(byAd, { conversions: converts('conversation', 'order') }), [
      'conversation order',
      'converted order',
    ]);
    assert.deepEqual(raised(byNone, { conversions: converts('keyword', 'order') }), []);
  });

  it('make an automatic event the conversion, by its value or its id', () => {
    const choice = { type: 'button', value: 'Yes' } as const;
    const chosen = message(0, { referral: ad('1'), choice });
    const id = eventTypeId('93310', 'button', 'Yes');
    assert.deepEqual(raised(chosen, { conversions: converts('button', 'Yes') }), [
      'button Yes',
      'converted Yes',
    ]);
    assert.deepEqual(raised(chosen, { conversions: converts('button', null, id) }), [
      'button Yes',
      'converted Yes',
    ]);
    assert.deepEqual(raised(chosen, { conversions: converts('button', 'No') }), ['button Yes']);
    assert.deepEqual(raised(byAd, { conversions: converts('conversation', null) }), ['converted null']);
  });

  it('take any text of the campaign for its conversion where it is converted', () => {
    const conversions = converts('converted', null);
    assert.deepEqual(raised(byAd, { conversions, textRules: [rule({})] }), [
      'keyword order',
      'converted order',
    ]);
    assert.deepEqual(raised(byAd, { conversions }), []);
  });

  it('count a lead as converted once, on the day of its first', () => {
    const set = rules({ conversions: converts('keyword', 'order') });
    const day = Date.UTC(2025, 0, 2);
    const at = (offset: number, text: string | null = null) => message(day + offset, { text });
    const started = message(day - 2 * hour, { referral: ad('1') });
    const received = receiveAll([started, at(-hour), at(0, 'order'), at(hour, 'order')], set);
    assert.deepEqual(received.slice(2).map(measuresOf), [
      ['converted', 'converted-lead', 'keyword'],
      ['converted', 'keyword'],
    ]);
    const { state } = received.at(-1)!;
    assert.notEqual(receiveFact(state, at(1, 'order'), set), 'late');
    // On the day before: the lead is counted on the wrong day.
    assert.equal(receiveFact(state, at(-1, 'order'), set), 'late');
  });
});

describe('an external event', () => {
  it('belongs to the lead’s last conversation, to that of the app that is named, or to that of an earlier one', () => {
    const started = [message(0, { referral: ad('1') }), message(hour, { app: 5 })];
    const received = receiveAll([
      ...started,
      sale(2 * hour),
      sale(3 * hour, { sourceId: app }),
      message(4 * hour, { referral: ad('2') }),
      sale(5 * hour, { previousId: `sale at ${3 * hour}` }),
      sale(6 * hour),
    ]);
    const targets = received.flatMap(({ sale: made }) => (made ? [[made.sourceId, made.target?.adId]] : []));
    assert.deepEqual(targets, [
      [5, null],
      [app, '1'],
      [app, '1'],
      [app, '2'],
    ]);
  });

  it('of a lead who never wrote is attributed to nothing', () => {
    const [made] = receiveAll([sale(0)]);
    assert.equal(made!.sale!.target, null);
    assert.deepEqual(
      made!.measures.map(({ sourceId, adId, typeValue, amount }) => [sourceId, adId, typeValue, amount]),
      [[0, '', 'EUR', 10]],
    );
  });

  it('without a revenue is no sale, and still one that others may name', () => {
    const received = receiveAll([
      message(0, { referral: ad('1') }),
      sale(1, { revenue: null }),
      message(2, { referral: ad('2') }),
      sale(3, { previousId: 'sale at 1' }),
    ]);
    assert.equal(received[1]!.sale, null);
    assert.equal(received[3]!.sale!.target!.adId, '1');
  });
});

describe('the id of an event’s type', () => {
  it('is 24 hex digits, the same for the same app, type and value only', () => {
    const id = eventTypeId('93310', 'keyword', 'order');
    assert.match(id, /^[0-9a-f]{24}$/);
    assert.equal(eventTypeId('93310', 'keyword', 'order'), id);
    for (const other of [
      eventTypeId('72822', 'keyword', 'order'),
      eventTypeId('93310', 'button', 'order'),
      eventTypeId('93310', 'keyword', 'Order'),
      eventTypeId('93310', 'keyword', null),
    ]) {
      assert.notEqual(other, id);
    }
  });
});
