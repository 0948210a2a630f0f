import type { Access } from '../../../../core/credential/authenticator.ts';
import { readProfiles } from '../../../../core/profile/profile-store.ts';
import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { RequestError } from '../../../../errors.ts';
import type { Outcome } from '../../../../ingest/outcome.ts';
import { committedOutcomes } from '../../../../ingest/request.ts';
import type { Submission } from '../../../../ingest/submission.ts';
import type { Services } from '../../../dialect.ts';
import { SubscriberError } from '../../errors.ts';
import type { Fields } from '../fields.ts';
import { type NewSubscriber, parseNewSubscriber } from './parse.ts';
import { isUnsubscribed, prepareSubscriber } from './prepare.ts';
import { presentSubscriber } from './present.ts';
import { readShownSubscriber } from './read-subscriber.ts';

/**
 * subscriber.create (docs/spec/octeth.md A3), answered when it is committed.
 * @throws SubscriberError
 */
export async function createSubscriber(services: Services, { workspace }: Access, fields: Fields) {
  const subscriber = parseNewSubscriber(fields, workspace);
  const raw = fields.toJsonWithoutSecrets();
  const submission = toSubmission(subscriber, raw, services.clock());
  const answer = await services.ingest.submit(workspace.id, submission);
  const [outcome] = committedOutcomes(answer, () => new SubscriberError(4, 'source-archived'));
  const profileId = await settle(services, workspace, subscriber, outcome!);
  const included = { events: true, activity: false, revenue: false };
  const shown = await readShownSubscriber(services, workspace, subscriber.list, { profileId }, included);
  if (!shown) throw tryAgain();
  return { ...presentSubscriber(workspace, subscriber.list, shown), SubscriberJourneys: [] };
}

function toSubmission(subscriber: NewSubscriber, raw: string, receivedAt: number): Submission {
  return {
    dialect: 'octeth',
    source: subscriber.list,
    receivedAt,
    carriesEvents: false,
    bytes: raw.length,
    size: 1,
    prepare: (workspace) => [prepareSubscriber(subscriber, workspace, receivedAt)],
    raw: () => raw,
    request: {},
  };
}

/** The subscriber's profile, or the vendor's code for why it was not written. */
async function settle(
  { database }: Services,
  workspace: Workspace,
  { list }: NewSubscriber,
  outcome: Outcome,
): Promise<string> {
  if (outcome.kind === 'saved') return outcome.profileIds[0]!;
  // Somebody who was forgotten (docs/erasure.md) wants no mail any more.
  if (outcome.kind === 'dropped') throw new SubscriberError(21);
  if (outcome.kind !== 'refused') throw new RequestError('fault');
  if (outcome.reason === 'key-taken') throw new SubscriberError(27);
  if (outcome.reason !== 'already-there' || outcome.profileId === null) throw tryAgain();
  const [profile] = await readProfiles(database, workspace.id, [outcome.profileId]);
  const membership = profile?.attributes[`lists.${list.externalId}`]?.[0];
  throw new SubscriberError(isUnsubscribed(membership) ? 21 : 20);
}

/** It was erased a moment ago. */
function tryAgain(): RequestError {
  return new RequestError('overloaded', undefined, { retryAfterSeconds: 1 });
}
