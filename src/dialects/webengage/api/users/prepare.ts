import type { ConsentAuthor, ConsentChange } from '../../../../core/consent/consent.ts';
import { findUnstorable } from '../../../../core/event/storable.ts';
import type { AttributeChanges } from '../../../../core/profile/attributes.ts';
import { defaultNode, type Workspace } from '../../../../core/workspace/workspace.ts';
import type { Reading } from '../../../../http/ingest-operation.ts';
import type { Prepared } from '../../../../ingest/item.ts';
import { contactsOf, keepAttributes, unstorableId, userSubject } from '../prepare.ts';
import { optInFields, type UserRequest } from './parse.ts';

/** The users of one request. */
export function readingOf(users: readonly UserRequest[], author: ConsentAuthor): Reading {
  return {
    source: null,
    carriesEvents: false,
    size: users.length,
    prepare: (workspace, receivedAt) => users.map((user) => prepareUser(user, author, workspace, receivedAt)),
    request: { kind: 'user' },
  };
}

/** What the engine is told of a user: absent values stay as they are. */
function prepareUser(
  request: UserRequest,
  author: ConsentAuthor,
  workspace: Workspace,
  receivedAt: number,
): Prepared {
  const { user, values, cutValues } = request;
  if (!user.id.isWellFormed()) return unstorableId(user, null, receivedAt);
  const { kept, dropped } = keepAttributes(request.attributes);
  // There is no event that would be checked for it.
  const found = findUnstorable(values);
  const inAttributes = found ? undefined : findUnstorable(kept);
  const unstorable = inAttributes ? { ...inAttributes, path: `/attributes${inAttributes.path}` } : found;
  if (unstorable) {
    const violation = { ...unstorable, detail: {} };
    return { kind: 'violation', type: null, occurredAt: receivedAt, violation };
  }
  if (cutValues > 0) dropped['string-cut'] = (dropped['string-cut'] ?? 0) + cutValues;
  const changes: AttributeChanges = { ...values };
  for (const name of Object.keys(kept)) changes[`attributes.${name}`] = kept[name];
  return {
    kind: 'edit',
    nodeId: defaultNode(workspace, 'webengage').id,
    subject: userSubject(user, contactsOf(values, user, workspace)),
    edit: ({ shown }) => ({ kind: 'edited', changes, consents: optInChanges(values, shown, author) }),
    lockedPrefix: 'attributes.',
    droppedAttributes: dropped,
    unknownMembers: request.unknownMembers,
  };
}

/** The channels that the user now wants to be written to by, or no longer. */
function optInChanges(
  values: AttributeChanges,
  shown: Readonly<Record<string, unknown>>,
  author: ConsentAuthor,
): ConsentChange[] {
  return optInFields
    .filter((field) => values[field] !== undefined && values[field] !== shown[field])
    .map((property) => ({ act: 'consent-changed', property, value: String(values[property]), author }));
}
