import { type Operation, operation } from '../../../../http/operation.ts';
import type { Services } from '../../../dialect.ts';
import { answer, checkedByCommand } from '../../access.ts';
import { findCommand } from '../commands.ts';
import { bodyFields, Fields } from '../fields.ts';
import { queryOf } from '../form-body.ts';
import {
  EventBody,
  PropertyListBody,
  PropertyListQuery,
  PropertyListReply,
  TrackedReply,
} from './schemas.ts';

const listPath = '/api/v1/website_events.properties';
const listSummary = 'The properties that events of a list carry';

export const eventOperations: readonly Operation<Services>[] = [
  operation({
    method: 'POST',
    path: '/api/v1/event',
    summary: 'Track an event',
    guard: checkedByCommand,
    documents: { body: EventBody },
    example: {
      APIKey: '…',
      ListID: 1,
      Event: 'purchase',
      Email: 'ada@example.com',
      Properties: { orderId: '1042', total: 59.9 },
    },
    replies: { 200: TrackedReply },
    handle: (call) => answer(call, new Fields(bodyFields(call.body)), findCommand('event.track')),
  }),
  // C2: parameters of either call may be in the query.
  operation({
    method: 'POST',
    path: listPath,
    summary: listSummary,
    guard: checkedByCommand,
    documents: { body: PropertyListBody },
    example: { APIKey: '…', ListID: 1 },
    replies: { 200: PropertyListReply },
    handle: (call) =>
      answer(
        call,
        new Fields(queryOf(call.request), bodyFields(call.body)),
        findCommand('website_events.properties'),
      ),
  }),
  operation({
    method: 'GET',
    path: listPath,
    summary: listSummary,
    guard: checkedByCommand,
    checks: { query: PropertyListQuery },
    replies: { 200: PropertyListReply },
    handle: (call) =>
      answer(call, new Fields(queryOf(call.request)), findCommand('website_events.properties')),
  }),
];
