import type { FastifyInstance } from 'fastify';
import { nobody } from '../../core/consent/consent.ts';
import type { QuarantinedEvent } from '../../core/quarantine/quarantine.ts';
import { RequestError } from '../../errors.ts';
import { parseJson } from '../../http/body.ts';
import { submissionOf } from '../../http/ingest-operation.ts';
import { refuseOtherPaths, registerOperations } from '../../http/operation.ts';
import { compileAllButBodies } from '../../http/validation.ts';
import type { Submission } from '../../ingest/submission.ts';
import type { Dialect, Services } from '../dialect.ts';
import { accountKey, rateGroupNames } from './access.ts';
import { eventOperations } from './api/events/operations.ts';
import { parseEvent } from './api/events/parse.ts';
import { readingOf as readingOfEvents } from './api/events/prepare.ts';
import { userOperations } from './api/users/operations.ts';
import { parseUser } from './api/users/parse.ts';
import { readingOf as readingOfUsers } from './api/users/prepare.ts';
import { demo } from './demo.ts';
import { presentError } from './errors.ts';
import { provision } from './provision.ts';
import { AccountSettings } from './settings.ts';

/** docs/spec/webengage.md. */
export const webengage: Dialect = {
  name: provision.dialect,
  provision,
  settings: AccountSettings,
  rateGroups: rateGroupNames,
  // Of v2 nothing is served; its clients, too, read the errors.
  owns: (path) => /^\/v[12]\/accounts(?:\/|$)/.test(path),
  register,
  demo,
  addresses: ['api', 'api.in', 'api.ksa'].map((name) => ({
    host: `https://${name}.webengage.com`,
    path: '',
  })),
  presentError,
  replay,
  erasure: {
    keysOfMember: (name, text) =>
      name === 'userId'
        ? [{ kind: 'user', value: text }]
        : name === 'anonymousId'
          ? [{ kind: 'anonymous', value: text }]
          : [],
  },
};

const prefix = '/v1/accounts/:licenseCode';

function register(app: FastifyInstance, services: Services): void {
  registerOperations(app, services, [...eventOperations, ...userOperations], {
    prefix,
    tag: 'WebEngage',
    compile: compileAllButBodies,
  });
  // C7: what an account does not have is a bad request to those who may see the account.
  const refuse = () => new RequestError('invalid-request', 'Invalid resource.');
  refuseOtherPaths(app, services, { guard: accountKey, refuse }, prefix);
}

function replay(event: QuarantinedEvent): Submission {
  const text = Buffer.from(event.raw).toString();
  const body = parseJson(text);
  const isUser = event.request.kind === 'user';
  const reading = isUser ? readingOfUsers([parseUser(body)], nobody) : readingOfEvents([parseEvent(body)]);
  return {
    ...submissionOf('webengage', reading, text, event.receivedAt.getTime()),
    raw: () => event.raw,
    request: event.request,
  };
}
