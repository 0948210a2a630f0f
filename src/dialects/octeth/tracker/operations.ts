import { type Operation, open, operation } from '../../../http/operation.ts';
import type { Services } from '../../dialect.ts';
import { visitor } from '../access.ts';
import { MessageBody, MessageReply, TrackerQuery } from './schemas.ts';
import { messageLimitBytes, takeMessage } from './tracker-message.ts';
import { sendTrackerScript } from './tracker-script.ts';

/** What pages call. */
export const trackerOperations: readonly Operation<Services>[] = [
  operation({
    method: 'GET',
    path: '/t.js',
    summary: 'The browser tracker',
    guard: open(),
    checks: { query: TrackerQuery },
    handle: ({ query, request, reply }) => sendTrackerScript(query.v, request, reply),
  }),
  operation({
    method: 'POST',
    path: '/hello/message',
    summary: 'A message of the browser tracker',
    guard: visitor,
    documents: { body: MessageBody },
    example: {
      v: 1,
      user: '0198c0de-0000-7000-8000-000000000001',
      list: '0198c0de-0000-7000-8000-000000000002',
      id: '0198c0de-0000-7000-8000-000000000003',
      uuid: '0198c0de-0000-7000-8000-000000000004',
      event: 'pageView',
      properties: { url: 'https://shop.example/' },
    },
    replies: { 200: MessageReply },
    bodyLimit: messageLimitBytes,
    handle: ({ services, body, request, reply }) => {
      // The header is the vendor's (docs/spec/octeth.md A3), on refusals too.
      reply.header('x-server', 'oempro_vector');
      return takeMessage(services, request, body);
    },
  }),
];
