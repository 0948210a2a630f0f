import { defaultValues, toAttributes } from '../../../core/custom-field/match-fields.ts';
import type { AttributeChanges } from '../../../core/profile/attributes.ts';
import { defaultNode, type Workspace } from '../../../core/workspace/workspace.ts';
import type { Command } from '../../../ingest/submission.ts';
import { isObject } from '../fields.ts';
import { keyedAddress, keyedMembership, membershipPath, newMembership } from '../membership.ts';
import { subscriberKeyKinds, subscriberKeys } from '../subscriber-facet.ts';
import type { NewSubscriber } from './parse.ts';

/** What the engine is told of a new subscriber, or of one that is written over. */
export function prepareSubscriber(
  subscriber: NewSubscriber,
  workspace: Workspace,
  receivedAt: number,
): Command {
  return {
    kind: 'command',
    nodeId: defaultNode(workspace, 'octeth').id,
    facets: [
      {
        keys: [{ kind: 'email', value: subscriber.email.normal }],
        contacts: [],
        anonymous: false,
        expects: 'any',
        refuses: (values) => refusesOver(subscriber, keyedMembership(values, subscriber.list.externalId)),
        write: (values) => writeSubscriber(subscriber, workspace, values, receivedAt),
        rekeying: {
          kinds: subscriberKeyKinds,
          keysOf: (values) => subscriberKeys(workspace, values),
          ...(subscriber.enforcesUnique ? { uniqueKind: 'uniqueValue' } : {}),
        },
      },
    ],
  };
}

/** Whether a membership that is there must not be written over: as a duplicate, or as one that was ended. */
function refusesOver(subscriber: NewSubscriber, membership: Record<string, unknown> | undefined): boolean {
  if (!membership) return false;
  return !(isUnsubscribed(membership) ? subscriber.updateIfUnsubscribed : subscriber.updateIfDuplicate);
}

export function isUnsubscribed(membership: unknown): boolean {
  return isObject(membership) && membership.Status === 'Unsubscribed';
}

function writeSubscriber(
  { list, email, membership, values }: NewSubscriber,
  workspace: Workspace,
  current: Record<string, unknown>,
  receivedAt: number,
): AttributeChanges {
  const known = keyedMembership(current, list.externalId);
  return {
    // spec/octeth.md C14: the address keeps the case that it was first written in.
    ...(keyedAddress(current) === undefined ? { EmailAddress: email.written } : {}),
    [membershipPath(list.externalId)]: { ...(known ?? newMembership(receivedAt)), ...membership },
    ...(known ? {} : defaultValues(workspace, list, values)),
    ...toAttributes(workspace, values),
  };
}
