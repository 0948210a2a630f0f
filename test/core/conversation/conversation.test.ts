import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type ConversationState,
  eventTypeId,
  type LeadMessage,
  type ReceivedMessage,
  type Referral,
  receiveMessage,
} from '../../../src/core/conversation/conversation.ts';
import { attribute } from '../../../src/core/conversation/conversation-event.ts';

const hour = 60 * 60 * 1000;
const window = 24 * hour;

function message(sentAt: number, more: Partial<LeadMessage> = {}): LeadMessage {
  return {
    id: `wamid.${sentAt}`,
    appId: '93310',
    phone: '33612345678',
    sentAt,
    referral: null,
    choice: null,
    ...more,
  };
}

const ad = (sourceId: string, clickId: string | null = `click-${sourceId}`): Referral => ({
  origin: 'ad',
  sourceId,
  clickId,
});

function receiveAll(...messages: LeadMessage[]): ReceivedMessage[] {
  let state: ConversationState | undefined;
  return messages.map((next) => {
    const received = receiveMessage(state, next, window);
    state = received.state;
    return received;
  });
}

const typesOf = (received: readonly ReceivedMessage[]) =>
  received.map(({ events }) => events.map(({ type }) => type));

describe('the messages of a lead', () => {
  it('raise conversation with the first, engagement with the second, and nothing with the third', () => {
    const received = receiveAll(message(0), message(hour), message(2 * hour));
    assert.deepEqual(typesOf(received), [['conversation'], ['engagement'], []]);
    assert.equal(new Set(received.map(({ conversation }) => conversation.id)).size, 1);
  });

  it('begin anew once the window has passed, which runs from the first message and is not prolonged', () => {
    const received = receiveAll(message(0), message(window - 1), message(window));
    assert.deepEqual(typesOf(received), [['conversation'], ['engagement'], ['conversation']]);
    assert.notEqual(received[2]!.conversation.id, received[0]!.conversation.id);
  });

  it('raise the choice of a button or list beside what they are in the conversation', () => {
    const choice = { type: 'list_reply', value: 'Size M' } as const;
    const [received] = receiveAll(message(0, { choice }));
    assert.deepEqual(received!.events, [{ type: 'conversation', value: null }, choice]);
  });
});

describe('a click on an ad', () => {
  it('is what later messages are attributed to until the window closes', () => {
    const received = receiveAll(message(0, { referral: ad('1') }), message(hour), message(window));
    const ads = received.map(({ conversation }) => attribute(message(0), conversation).ad_id);
    assert.deepEqual(ads, ['1', '1', null]);
    assert.equal(received[2]!.conversation.origin, 'standalone');
  });

  it('replaces an earlier click and a standalone conversation', () => {
    const received = receiveAll(
      message(0),
      message(hour, { referral: ad('1') }),
      message(2 * hour, { referral: ad('2') }),
      message(3 * hour),
    );
    assert.deepEqual(
      received.map(({ conversation }) => conversation.sourceId),
      [null, '1', '2', '2'],
    );
    assert.deepEqual(typesOf(received), [
      ['conversation'],
      ['conversation'],
      ['conversation'],
      ['engagement'],
    ]);
  });

  it('is one click when two messages tell of it, and another when the same ad is clicked again', () => {
    const received = receiveAll(
      message(0, { referral: ad('1', 'a') }),
      message(hour, { referral: ad('1', 'a') }),
      message(2 * hour, { referral: ad('1', 'b') }),
    );
    assert.deepEqual(typesOf(received), [['conversation'], ['engagement'], ['conversation']]);
  });

  it('without a click id is a new one each time', () => {
    const received = receiveAll(
      message(0, { referral: ad('1', null) }),
      message(hour, { referral: ad('1', null) }),
    );
    assert.deepEqual(typesOf(received), [['conversation'], ['conversation']]);
  });

  it('on a post keeps the post as the source and names no ad', () => {
    const [received] = receiveAll(
      message(0, { referral: { origin: 'post', sourceId: '77', clickId: null } }),
    );
    const attribution = attribute(message(0), received!.conversation);
    assert.equal(attribution.ad_id, null);
    assert.equal(attribution.source_id, '77');
    assert.equal(attribution.origin, 'post');
  });
});

describe('a message that comes late', () => {
  it('belongs to the conversation of the time it was sent, and leaves the newer one as it is', () => {
    const received = receiveAll(
      message(0, { referral: ad('1') }),
      message(10 * hour, { referral: ad('2') }),
      message(5 * hour),
      message(11 * hour),
    );
    assert.deepEqual(
      received.map(({ conversation }) => conversation.sourceId),
      ['1', '2', '1', '2'],
    );
    assert.equal(received[2]!.state.lastSentAt, 10 * hour);
    assert.deepEqual(typesOf(received).slice(2), [['engagement'], ['engagement']]);
  });

  it('and is a click gives its ad to what is sent after it', () => {
    const received = receiveAll(message(hour), message(0, { referral: ad('1') }), message(2 * hour));
    assert.equal(received[2]!.conversation.sourceId, '1');
    assert.equal(received[2]!.conversation.messages, 3);
  });

  it('leaves the same conversations behind as in order, whatever the order within the window', () => {
    const messages = [
      message(0, { referral: ad('1') }),
      message(hour),
      message(3 * hour, { referral: ad('2') }),
      message(4 * hour),
    ];
    const inOrder = receiveAll(...messages).at(-1)!.state;
    const [a, b, c, d] = messages as [LeadMessage, LeadMessage, LeadMessage, LeadMessage];
    for (const shuffled of [
      [a, c, b, d],
      [b, a, c, d],
      [a, b, d, c],
    ]) {
      const { state } = receiveAll(...shuffled).at(-1)!;
      assert.deepEqual(
        state.conversations.map(({ id, sourceId, openedAt }) => ({ id, sourceId, openedAt })),
        inOrder.conversations.map(({ id, sourceId, openedAt }) => ({ id, sourceId, openedAt })),
      );
    }
  });

  it('does not make the memory of a lead grow without end', () => {
    const many = Array.from({ length: 100 }, (_, index) => message(index * 25 * hour));
    const { state } = receiveAll(...many).at(-1)!;
    assert.ok(state.conversations.length <= 8);
    assert.equal(state.conversations.at(-1)!.openedAt, 99 * 25 * hour);
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
