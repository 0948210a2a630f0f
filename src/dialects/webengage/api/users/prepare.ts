import { findUnstorable } from '../../../../core/event/storable.ts';
import type { AttributeChanges } from '../../../../core/profile/attributes.ts';
import { defaultNode, type Workspace } from '../../../../core/workspace/workspace.ts';
import type { Reading } from '../../../../http/ingest-operation.ts';
import type { Prepared } from '../../../../ingest/item.ts';
import { contactsOf, keepAttributes, unstorableId, userSubject } from '../prepare.ts';
import type { UserRequest } from './parse.ts';

/** The users of one request. */
export function readingOf(users: readonly UserRequest[]): Reading {
  return {
    carriesEvents: false,
    size: users.length,
    prepare: (workspace, receivedAt) => users.map((user) => prepareUser(user, workspace, receivedAt)),
    request: { kind: 'user' },
  };
}

/** What the engine is told of a user: absent values stay as they are. */
function prepareUser(request: UserRequest, workspace: Workspace, receivedAt: number): Prepared {
  const { user, values, cutValues } = request;
  if (!user.id.isWellFormed()) return unstorableId(user, null, receivedAt);
  const { kept, dropped } = keepAttributes(request.attributes);
  // There is no event that would be checked for it.
  const found = findUnstorable(values) ?? findUnstorable(kept);
  if (found) {
    const violation = { rule: found.rule, path: found.path, detail: {} };
    return { kind: 'violation', type: null, occurredAt: receivedAt, violation };
  }
  if (cutValues > 0) dropped['string-cut'] = (dropped['string-cut'] ?? 0) + cutValues;
  const changes: AttributeChanges = { ...values };
  for (const name of Object.keys(kept)) changes[`attributes.${name}`] = kept[name];
  return {
    kind: 'edit',
    nodeId: defaultNode(workspace, 'webengage').id,
    subject: userSubject(user, contactsOf(values, user, workspace)),
    edit: () => ({ kind: 'edited', changes }),
    lockedPrefix: 'attributes.',
    droppedAttributes: dropped,
    unknownMembers: request.unknownMembers,
  };
}
