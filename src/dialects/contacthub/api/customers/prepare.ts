import type { ConsentAuthor } from '../../../../core/consent/consent.ts';
import type { Key } from '../../../../core/identity/identity.ts';
import type { Node } from '../../../../core/node/node.ts';
import type { AttributeChanges } from '../../../../core/profile/attributes.ts';
import type { Workspace } from '../../../../core/workspace/workspace.ts';
import type { Companion, EditItem, Fault, KeyRule, RecordView } from '../../../../ingest/item.ts';
import type { ShownRecord } from '../../query/record.ts';
import { consentChanges } from '../../rules/consent-changes.ts';
import {
  contactKeys,
  customerKeyKinds,
  customerKeys,
  matchingKey,
  matchingPolicyOf,
  touches,
} from '../../rules/customer-keys.ts';
import { changeCustomer } from '../../rules/customer-write.ts';
import type { CustomerWrite } from './parse.ts';

/** What the engine is told of a new customer, or of one that the node's policy finds again. */
export function prepareCreate(write: CustomerWrite, workspace: Workspace, nodeId: number): EditItem {
  const node = workspace.nodes.get(nodeId)!;
  const policy = matchingPolicyOf(node);
  const key = policy && matchingKey(Object.fromEntries(write.flat.given), policy);
  return {
    ...customerEdit(write, workspace, node),
    subject: {
      ...meetingKeys(write, workspace),
      keys: key ? [key] : [],
      anonymous: false,
      expects: node.settings.uniquenessPolicy === 'BLOCK' ? 'new' : 'any',
    },
  };
}

/** What the engine is told of a change to a customer that was named by its id. */
export function prepareUpdate(
  write: CustomerWrite,
  workspace: Workspace,
  customer: ShownRecord,
  profileId: string,
): EditItem {
  const node = workspace.nodes.get(customer.nodeId)!;
  return {
    ...customerEdit(write, workspace, node),
    subject: { ...meetingKeys(write, workspace), profileId },
    // Only a change of what the policy matches by can give the customer a key that somebody else has.
    ...(touches(write.flat, matchingPolicyOf(node)?.paths ?? []) ? { uniqueKind: 'matching' } : {}),
  };
}

/** A session is unique in its node, and follows the customer that it was bound to first. */
export function sessionsOf(value: string | undefined): Companion[] {
  if (value === undefined) return [];
  return [{ keys: [{ kind: 'session', value }], binding: { when: 'always', follows: 'one-record' } }];
}

/** By what others are the same person, and whose events have waited for this customer. */
function meetingKeys(write: CustomerWrite, workspace: Workspace): { contacts: Key[]; adopts: Key[] } {
  const contacts = contactKeys(Object.fromEntries(write.flat.given), workspace.settings.phoneCountries);
  const adopts = contacts
    .filter((key) => key.kind === 'external')
    .map((key): Key => ({ kind: 'externalReference', value: key.value }));
  return { contacts, adopts };
}

function customerEdit(
  write: CustomerWrite,
  workspace: Workspace,
  node: Node,
): Pick<EditItem, 'kind' | 'nodeId' | 'companions' | 'edit'> & { readonly keyRule: KeyRule } {
  const { phoneCountries } = workspace.settings;
  return {
    kind: 'edit',
    nodeId: node.id,
    companions: sessionsOf(write.sessionValue),
    edit: (record) => {
      const items = staleItems(write, record);
      if (items.length > 0) return { kind: 'refused', reason: 'conflict', faults: items };
      const changes = changeCustomer(record, write.flat, write.rule);
      const consents = consentChanges(changes, write.author);
      return { kind: 'edited', changes: withAuthor(changes, record.values, write.author), consents };
    },
    keyRule: { kinds: customerKeyKinds, of: (values) => customerKeys(values, node, phoneCountries) },
  };
}

/** A version that the customer had when the caller read it, and has no longer: another's write came between. */
function staleItems({ body, kind }: CustomerWrite, { exists, version }: RecordView): Fault[] {
  const given = body.version ?? null;
  if (kind !== 'patch' || !exists || given === null || given === version) return [];
  return [{ path: '/version', message: 'is immutable' }];
}

/** A write that changes nothing has no author. */
function withAuthor(
  changes: AttributeChanges,
  values: Readonly<Record<string, unknown>>,
  { sourceId, userId }: ConsentAuthor,
): AttributeChanges {
  const isNew = values['sourceInfo.registeredBy'] === undefined;
  if (!isNew && Object.keys(changes).length === 0) return changes;
  const author = sourceId ?? userId;
  if (isNew) changes['sourceInfo.registeredBy'] = author;
  changes['sourceInfo.updatedBy'] = author;
  return changes;
}
