import { compileForm } from '../../documents/compile.ts';
import { type EventTypeName, isEventTypeName } from '../../documents/enums.ts';
import { notFound } from '../../errors.ts';
import { consentAttributeOf } from '../../rules/event-consents.ts';
import { maximumConsents } from '../../settings/event-settings.ts';
import { checkBody, invalidBody } from '../body.ts';
import { repeats } from '../immutable.ts';
import {
  type ConsentPolicyBody,
  consentPolicyBody,
  type EventConfigurationBody,
  eventConfigurationBody,
  type PayloadSizeBody,
  payloadSizeBody,
  type StateBody,
  stateBody,
} from './schemas.ts';

const checks = {
  configuration: compileForm(eventConfigurationBody),
  state: compileForm(stateBody),
  consentPolicy: compileForm(consentPolicyBody),
  payloadSize: compileForm(payloadSizeBody),
};

/** The type that a path names. @throws RequestError `not-found` */
export function requireEventType(name: string): EventTypeName {
  if (!isEventTypeName(name)) throw notFound('event', name);
  return name;
}

/** Whether the type is to be enabled. `shown`: its configuration, of which all else may be repeated. @throws RequestError */
export function parseConfiguration(body: unknown, shown: Readonly<Record<string, unknown>>): boolean {
  const { enabled = true, ...repeated } = checkBody<EventConfigurationBody>(
    'event',
    checks.configuration,
    body,
  );
  const changed = Object.keys(repeated).filter((name) => !repeats(repeated[name], shown[name]));
  if (changed.length > 0)
    throw invalidBody(
      'event',
      changed.map((name) => ({ path: `/${name}`, message: 'is immutable' })),
    );
  return enabled;
}

/** @throws RequestError */
export function parseState(body: unknown): boolean {
  return checkBody<StateBody>('state', checks.state, body).value;
}

/** @throws RequestError `invalid-request` that names the first path that is no consent */
export function parseConsentPolicy(body: unknown): ConsentPolicyBody {
  const policy = checkBody<ConsentPolicyBody>('policy', checks.consentPolicy, body);
  for (const [type, paths] of Object.entries(policy)) {
    const unknown = paths.findIndex((path) => consentAttributeOf(path) === undefined);
    if (unknown !== -1) {
      const message = 'is no consent; give paths such as consents.marketing.automatic.email';
      throw invalidBody('policy', [{ path: `/${type}/${unknown}`, message }]);
    }
    if (paths.length > maximumConsents)
      throw invalidBody('policy', [
        { path: `/${type}`, message: `must not have more than ${maximumConsents} items` },
      ]);
  }
  return policy;
}

/** @throws RequestError */
export function parsePayloadSizes(body: unknown): PayloadSizeBody {
  return checkBody<PayloadSizeBody>('policy', checks.payloadSize, body);
}
