import type { FastifyInstance } from 'fastify';
import { type Operation, registerOperations } from '../../http/operation.ts';
import { compileAllButBodies } from '../../http/validation.ts';
import type { Dialect, Services } from '../dialect.ts';
import { commandNames } from './api/commands.ts';
import { eventSearchOperations } from './api/event-search/operations.ts';
import { eventOperations } from './api/events/operations.ts';
import { replay } from './api/events/track-event.ts';
import { registerForms } from './api/form-body.ts';
import { legacyOperations } from './api/operations.ts';
import { subscriberOperations } from './api/subscribers/operations.ts';
import { customFields } from './custom-field/custom-field-store.ts';
import { demo } from './demo.ts';
import { presentError, withoutSlash } from './errors.ts';
import { registerTracker } from './native/tracker.ts';
import { provision } from './provision.ts';
import { retention } from './retention/delete-website-events.ts';
import { ListSettings, UserSettings } from './settings.ts';
import { keysOfMember } from './subscriber/keys-of-member.ts';
import { trackerOperations } from './tracker/operations.ts';
import { transfer } from './transfer.ts';

const operations: readonly Operation<Services>[] = [
  ...eventOperations,
  ...subscriberOperations,
  ...eventSearchOperations,
  ...legacyOperations,
  ...trackerOperations,
];

const paths: readonly string[] = operations.flatMap((one) => one.paths);

/** What is called as a command is, whether there is such a one or not: the answer is in this vendor's form. */
const commandPath = /^\/api\/v1\/\w+\.[\w.]+$/;

/** docs/spec/octeth.md. Webmarketer has the rest of /api/v1/. */
export const octeth: Dialect = {
  name: provision.dialect,
  provision,
  transfer,
  settings: UserSettings,
  sourceSettings: ListSettings,
  parts: [customFields],
  rateGroups: [...commandNames, 'hello.message', 'hello.message.bytes'].map((name) => `octeth:${name}`),
  owns: (path) => paths.includes(withoutSlash(path)) || commandPath.test(withoutSlash(path)),
  register,
  demo,
  addresses: [{ host: 'the host of your Octeth', path: '' }],
  presentError,
  retention,
  replay,
  registerNative: registerTracker,
  explainer: {
    remedyOf: ({ rule }) =>
      rule === 'missing-field'
        ? {
            text: 'Send it: the API asks each conversion for it. The same conversion that is sent with it is taken.',
          }
        : undefined,
  },
  erasure: { keysOfMember },
  // The key is in the body, never in a cookie, so any page may ask.
  cors: {
    origin: '*',
    methods: ['GET', 'POST', 'OPTIONS'],
    allowedHeaders: ['content-type', 'authorization'],
    maxAge: 86_400,
  },
};

function register(app: FastifyInstance, services: Services): void {
  registerForms(app);
  registerOperations(app, services, operations, { tag: 'Octeth', compile: compileAllButBodies });
}
