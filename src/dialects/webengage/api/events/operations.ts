import { ingestOperation, type Reading, type ShortCall } from '../../../../http/ingest-operation.ts';
import type { Operation } from '../../../../http/operation.ts';
import type { Services } from '../../../dialect.ts';
import { accountKeyWithin, plainAccessWithin } from '../../access.ts';
import { parseBulk, repeatOf } from '../parse.ts';
import { presentPlainly, presentQueued } from '../present.ts';
import { IngestHeaders, ingestChecks, QueuedReply } from '../schemas.ts';
import { parseEvent } from './parse.ts';
import { readingOf } from './prepare.ts';
import { BulkEventsBody, EventBody } from './schemas.ts';

const exampleEvent = {
  userId: 'customer-1042',
  eventName: 'Order placed',
  eventTime: '2026-03-02T09:30:00-0000',
  eventData: { orderId: '1042', total: 59.9 },
};

type Sent = Pick<ShortCall<unknown, unknown>, 'body' | 'request'>;

export const eventOperations: readonly Operation<Services>[] = [
  ingestOperation({
    dialect: 'webengage',
    method: 'POST',
    path: '/events',
    summary: 'Send events',
    guard: accountKeyWithin('events'),
    checks: ingestChecks,
    documents: { headers: IngestHeaders, body: EventBody },
    example: exampleEvent,
    status: 201,
    replies: { 201: QueuedReply },
    read: readEvent,
    present: presentQueued,
    short: { admit: plainAccessWithin('events'), read: readEvent, present: presentPlainly },
  }),
  ingestOperation({
    dialect: 'webengage',
    method: 'POST',
    path: '/bulk-events',
    summary: 'Send bulk events',
    guard: accountKeyWithin('bulk-events'),
    checks: ingestChecks,
    documents: { headers: IngestHeaders, body: BulkEventsBody },
    example: { events: [exampleEvent] },
    status: 201,
    replies: { 201: QueuedReply },
    read: readBulkEvents,
    present: presentQueued,
    short: { admit: plainAccessWithin('bulk-events'), read: readBulkEvents, present: presentPlainly },
  }),
];

function readEvent({ body, request }: Sent): Reading {
  return { ...readingOf([parseEvent(body)]), ...repeatOf('events', request) };
}

function readBulkEvents({ body, request }: Sent): Reading {
  const { items, raw } = parseBulk(body, 'events', parseEvent);
  return { ...readingOf(items), raw, ...repeatOf('bulk-events', request) };
}
