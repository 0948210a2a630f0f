import { type Operation, operation } from '../../../../http/operation.ts';
import type { Services } from '../../../dialect.ts';
import { answer, checkedByCommand } from '../../access.ts';
import { findCommand } from '../commands.ts';
import { bodyFields, Fields } from '../fields.ts';
import { SubscriberBody } from './schemas.ts';

export const subscriberOperations: readonly Operation<Services>[] = [
  operation({
    method: 'POST',
    path: '/api/v1/subscriber.create',
    summary: 'Add a subscriber to a list',
    guard: checkedByCommand,
    documents: { body: SubscriberBody },
    example: {
      APIKey: '…',
      ListID: 1,
      EmailAddress: 'ada@example.com',
      Status: 'Subscribed',
      SubscriptionDate: '2026-03-02 09:30:00',
      SubscriptionIP: '192.0.2.1',
    },
    handle: (call) => answer(call, new Fields(bodyFields(call.body)), findCommand('subscriber.create')),
  }),
];
