import type { Access } from '../../../../core/credential/authenticator.ts';
import { ingestOperation, type Reading, type ShortCall } from '../../../../http/ingest-operation.ts';
import type { Operation } from '../../../../http/operation.ts';
import type { Services } from '../../../dialect.ts';
import { accountKeyWithin, plainAccessWithin, sourceOf } from '../../access.ts';
import { parseBulk, repeatOf } from '../parse.ts';
import { presentPlainly, presentQueued } from '../present.ts';
import { IngestHeaders, ingestChecks, QueuedReply } from '../schemas.ts';
import { parseKnownUser, parseUser } from './parse.ts';
import { readingOf } from './prepare.ts';
import { BulkUsersBody, UserBody } from './schemas.ts';

type Sent = Pick<ShortCall<unknown, Access>, 'access' | 'body' | 'request'>;

const exampleUser = {
  userId: 'customer-1042',
  firstName: 'Ada',
  lastName: 'Lovelace',
  email: 'ada@example.com',
  phone: '+4915112345678',
  emailOptIn: true,
  attributes: { Tier: 'gold' },
};

export const userOperations: readonly Operation<Services>[] = [
  ingestOperation({
    dialect: 'webengage',
    method: 'POST',
    path: '/users',
    summary: 'Send users',
    guard: accountKeyWithin('users'),
    checks: ingestChecks,
    documents: { headers: IngestHeaders, body: UserBody },
    example: exampleUser,
    status: 201,
    replies: { 201: QueuedReply },
    read: readUser,
    present: presentQueued,
    short: { admit: plainAccessWithin('users'), read: readUser, present: presentPlainly },
  }),
  ingestOperation({
    dialect: 'webengage',
    method: 'PUT',
    path: '/users',
    summary: 'Update users',
    guard: accountKeyWithin('users'),
    checks: ingestChecks,
    documents: { headers: IngestHeaders, body: UserBody },
    example: exampleUser,
    status: 200,
    replies: { 200: QueuedReply },
    read: ({ body, request, access }) => ({
      ...readingOf([parseKnownUser(body)], sourceOf(access)),
      ...repeatOf('users', request),
    }),
    present: presentQueued,
  }),
  ingestOperation({
    dialect: 'webengage',
    method: 'POST',
    path: '/bulk-users',
    summary: 'Send bulk users',
    guard: accountKeyWithin('bulk-users'),
    checks: ingestChecks,
    documents: { headers: IngestHeaders, body: BulkUsersBody },
    example: { users: [exampleUser] },
    status: 201,
    replies: { 201: QueuedReply },
    read: readBulkUsers,
    present: presentQueued,
    short: { admit: plainAccessWithin('bulk-users'), read: readBulkUsers, present: presentPlainly },
  }),
];

function readUser({ body, request, access }: Sent): Reading {
  return { ...readingOf([parseUser(body)], sourceOf(access)), ...repeatOf('users', request) };
}

function readBulkUsers({ body, request, access }: Sent): Reading {
  const { items, raw } = parseBulk(body, 'users', parseUser);
  return { ...readingOf(items, sourceOf(access)), raw, ...repeatOf('bulk-users', request) };
}
