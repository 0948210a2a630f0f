import type { AttributeChanges } from '../../../../core/profile/attributes.ts';
import { defaultNode, type Workspace } from '../../../../core/workspace/workspace.ts';
import type { EditItem } from '../../../../ingest/item.ts';
import { defaultValues, toAttributes } from '../../custom-field/match-fields.ts';
import { keyedAddress, keyedMembership, membershipPath, newMembership } from '../../subscriber/membership.ts';
import { subscriberKeyKinds, subscriberKeys } from '../../subscriber/subscriber.ts';
import { isObject } from '../fields.ts';
import type { NewSubscriber } from './parse.ts';

/** What the engine is told of a new subscriber, or of one that is written over. */
export function prepareSubscriber(
  subscriber: NewSubscriber,
  workspace: Workspace,
  receivedAt: number,
): EditItem {
  return {
    kind: 'edit',
    nodeId: defaultNode(workspace, 'octeth').id,
    subject: {
      keys: [{ kind: 'email', value: subscriber.email.normal }],
      contacts: [],
      anonymous: false,
      expects: 'any',
    },
    edit: ({ shown }) =>
      refusesOver(subscriber, keyedMembership(shown, subscriber.list.externalId))
        ? { kind: 'refused', reason: 'already-there' }
        : { kind: 'edited', changes: writeSubscriber(subscriber, workspace, shown, receivedAt) },
    keyRule: { kinds: subscriberKeyKinds, of: (values) => subscriberKeys(workspace, values) },
    ...(subscriber.enforcesUnique ? { uniqueKind: 'uniqueValue' } : {}),
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
    // docs/spec/octeth.md C14: the address keeps the case that it was first written in.
    ...(keyedAddress(current) === undefined ? { EmailAddress: email.written } : {}),
    [membershipPath(list.externalId)]: { ...(known ?? newMembership(receivedAt)), ...membership },
    ...(known ? {} : defaultValues(workspace, list, values)),
    ...toAttributes(workspace, values),
  };
}
