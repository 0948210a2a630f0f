import { type Operation, operation } from '../../../../http/operation.ts';
import type { Services } from '../../../dialect.ts';
import { answer, checkedByCommand } from '../../access.ts';
import { findCommand } from '../commands.ts';
import { bodyFields, Fields } from '../fields.ts';
import { EventSearchBody, EventSearchReply } from './schemas.ts';

export const eventSearchOperations: readonly Operation<Services>[] = [
  operation({
    method: 'POST',
    path: '/api/v1/admin.events.search',
    summary: 'Search the events of a workspace',
    guard: checkedByCommand,
    documents: { body: EventSearchBody },
    example: {
      AdminAPIKey: '…',
      EventType: 'pageView',
      DateFrom: '2026-03-01',
      DateTo: '2026-03-31',
      RecordsPerRequest: 25,
    },
    replies: { 200: EventSearchReply },
    handle: (call) => answer(call, new Fields(bodyFields(call.body)), findCommand('admin.events.search')),
  }),
];
