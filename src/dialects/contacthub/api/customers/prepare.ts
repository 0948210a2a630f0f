import type { ConsentAuthor } from '../../../../core/consent/consent.ts';
import type { Key } from '../../../../core/identity/identity.ts';
import type { Node } from '../../../../core/node/node.ts';
import type { AttributeChanges } from '../../../../core/profile/attributes.ts';
import type { Workspace } from '../../../../core/workspace/workspace.ts';
import type { Companion, Edit, EditItem, Fault, KeyRule, RecordView } from '../../../../ingest/item.ts';
import { validateCustomer, validateExtended } from '../../documents/validate.ts';
import type { ShownRecord } from '../../query/record.ts';
import { consentChanges } from '../../rules/consent-changes.ts';
import type { FlatCustomer } from '../../rules/customer-attributes.ts';
import { changeItem, type ItemWrite } from '../../rules/customer-items.ts';
import {
  customerKeyKinds,
  customerKeys,
  haveSameKeys,
  matchingPolicyOf,
  touches,
} from '../../rules/customer-keys.ts';
import { changeCustomer, maximumItems } from '../../rules/customer-write.ts';
import { withExtendedDates } from '../../rules/extended-dates.ts';
import { type ExtendedSchema, extendedSchemaOf } from '../../rules/extended-properties.ts';
import { hiddenPaths, isHidden } from '../../rules/hidden-properties.ts';
import { withSource } from '../../rules/source-copies.ts';
import { rankedSourcesOf } from '../../rules/source-priority.ts';
import type { CustomerWrite } from './parse.ts';

/**
 * What the engine is told of a new customer, or of one that the node's policy finds again. `expects`: whether it may find one; the
 * policy says so unless it is given.
 */
export function prepareCreate(
  write: CustomerWrite,
  workspace: Workspace,
  nodeId: number,
  receivedAt: number,
  expects?: 'new' | 'any',
): EditItem {
  const node = nodeOf(workspace, nodeId);
  const given = givenBy(write, workspace, node);
  return {
    ...editIn(node, workspace, editCustomer(write, workspace, node, receivedAt), given),
    companions: sessionsOf(write.sessionValue),
    subject: {
      ...meetingKeys(given),
      keys: given.keys.filter(({ kind }) => kind === 'matching'),
      anonymous: false,
      expects: expects ?? (node.settings.uniquenessPolicy === 'BLOCK' ? 'new' : 'any'),
    },
  };
}

/** What the engine is told of a change to a customer that was named by its id. */
export function prepareUpdate(
  write: CustomerWrite,
  workspace: Workspace,
  customer: Pick<ShownRecord, 'nodeId'>,
  profileId: string,
  receivedAt: number,
): EditItem {
  const node = nodeOf(workspace, customer.nodeId);
  const given = givenBy(write, workspace, node);
  return {
    ...editIn(node, workspace, editCustomer(write, workspace, node, receivedAt), given),
    companions: sessionsOf(write.sessionValue),
    subject: { ...meetingKeys(given), profileId },
    // Only a change of what the policy matches by can give the customer a key that somebody else has.
    ...(touches(write.flat, matchingPolicyOf(node)?.paths ?? []) ? { uniqueKind: 'matching' } : {}),
  };
}

/** What the engine is told of a write of one item of a customer's collections; the outcome's answer is the item. */
export function prepareItemWrite(
  write: ItemWrite,
  workspace: Workspace,
  customer: ShownRecord,
  profileId: string,
  by: { readonly author: ConsentAuthor; readonly receivedAt: number },
): EditItem {
  const node = nodeOf(workspace, customer.nodeId);
  const isDisabled = isHidden(`base.${write.list}`, workspace);
  const edit = (record: RecordView): Edit => {
    if (isDisabled) return { kind: 'refused', reason: 'conflict', faults: [{ path: '', message: disabled }] };
    const change = changeItem(record, write);
    switch (change.kind) {
      case 'not-there':
        return { kind: 'refused', reason: 'not-there' };
      case 'full': {
        const message = `there are ${maximumItems} already`;
        return { kind: 'refused', reason: 'conflict', faults: [{ path: '', message }] };
      }
      case 'changed': {
        const { flat, changes, item } = change;
        const rule = write.kind === 'remove' ? 'strict' : 'append';
        const at = new Date(by.receivedAt);
        const isRanked = rankedSourcesOf(node).length > 0;
        const noted = withSource(changes, record, { flat, rule, author: by.author, at, isRanked });
        return { kind: 'edited', changes: noted, answer: item };
      }
    }
  };
  return { ...editIn(node, workspace, edit), subject: { profileId } };
}

/** A session is unique in its node, and follows the customer that it was bound to first. */
export function sessionsOf(value: string | undefined): Companion[] {
  if (value === undefined) return [];
  return [{ keys: [{ kind: 'session', value }], binding: { when: 'always', follows: 'one-record' } }];
}

function nodeOf(workspace: Workspace, nodeId: number): Node {
  const node = workspace.nodes.get(nodeId);
  if (!node) throw new Error(`workspace ${workspace.slug} has no node ${nodeId}`);
  return node;
}

/** The values that a write gives, and the keys that they make. */
interface Given {
  readonly values: CustomerWrite['values'];
  readonly keys: readonly Key[];
}

function givenBy({ values }: CustomerWrite, { settings }: Workspace, node: Node): Given {
  return { values, keys: customerKeys(values, node, settings.phoneCountries) };
}

/** By what others are the same person, and whose events have waited for this customer. */
function meetingKeys({ keys }: Given): { contacts: Key[]; adopts: Key[] } {
  const contacts = keys.filter(({ kind }) => kind !== 'matching');
  const adopts = contacts
    .filter((key) => key.kind === 'external')
    .map((key): Key => ({ kind: 'externalReference', value: key.value }));
  return { contacts, adopts };
}

/**
 * An edit of a customer of the node. Its keys follow its values; while the node's keys are made anew, or where the node is no more, it is
 * refused.
 */
function editIn(
  node: Node,
  { settings: { phoneCountries } }: Workspace,
  edit: (record: RecordView) => Edit,
  given?: Given,
): Pick<EditItem, 'kind' | 'nodeId' | 'edit'> & { readonly keyRule: KeyRule } {
  const obstacle = node.archivedAt ? 'not-there' : node.settings.reindexing ? 'closed' : undefined;
  return {
    kind: 'edit',
    nodeId: node.id,
    edit: obstacle === undefined ? edit : () => ({ kind: 'refused', reason: obstacle }),
    keyRule: {
      kinds: customerKeyKinds,
      of: (values) =>
        given && haveSameKeys(values, given.values, node)
          ? given.keys
          : customerKeys(values, node, phoneCountries),
    },
  };
}

function editCustomer(
  write: CustomerWrite,
  workspace: Workspace,
  node: Node,
  receivedAt: number,
): (record: RecordView) => Edit {
  const { rule, author } = write;
  const hidden = hiddenPaths(workspace);
  const schema = extendedSchemaOf(workspace);
  const dated = withExtendedDates(write.flat, schema);
  const flat = hidden.size > 0 ? { ...dated, kept: hidden } : dated;
  const unfit = [
    ...faultsOfDisabled(flat, hidden),
    ...(schema ? faultsOfExtended(schema, write.body.extended) : []),
  ];
  const isRanked = rankedSourcesOf(node).length > 0;
  return (record) => {
    const changes = changeCustomer(record, flat, rule, schema?.mergeRules);
    const grown = rule === 'append' && record.exists ? faultsOfGrown(changes, schema) : [];
    const faults = [...staleItems(write, record), ...unfit, ...grown];
    if (faults.length > 0) return { kind: 'refused', reason: 'conflict', faults: faults.slice(0, 1) };
    const noted = withSource(changes, record, { flat, rule, author, at: new Date(receivedAt), isRanked });
    return { kind: 'edited', changes: noted, consents: consentChanges(changes, author) };
  };
}

const disabled = 'is disabled in this workspace';

/** Clients send back what they were shown, with null in the place of what is disabled: that says nothing. */
function faultsOfDisabled({ given }: FlatCustomer, hidden: ReadonlySet<string>): readonly Fault[] {
  return [...hidden]
    .filter((path) => path.startsWith('base.') && isSaid(given.get(path)))
    .map((path) => ({ path: `/${path.replaceAll('.', '/')}`, message: disabled }));
}

function isSaid(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null;
}

function faultsOfExtended({ definitions }: ExtendedSchema, extended: unknown): readonly Fault[] {
  return extended === undefined || extended === null
    ? []
    : validateExtended(definitions, extended, '/extended');
}

/** What was given may be within its limits, and what it makes together with what was there beyond them. */
function faultsOfGrown(changes: AttributeChanges, schema: ExtendedSchema | undefined): readonly Fault[] {
  const below = (prefix: string) =>
    Object.entries(changes).flatMap(([path, value]) =>
      path.startsWith(prefix) ? [[path.slice(prefix.length), value] as const] : [],
    );
  const tags = below('tags.');
  const faults = tags.length > 0 ? validateCustomer('patch', { tags: Object.fromEntries(tags) }) : [];
  return schema ? [...faults, ...faultsOfExtended(schema, Object.fromEntries(below('extended.')))] : faults;
}

/** A version that the customer had when the caller read it, and has no longer: another's write came between. */
function staleItems({ body, kind }: CustomerWrite, { exists, version }: RecordView): Fault[] {
  const given = body.version ?? null;
  if (kind !== 'patch' || !exists || given === null || given === version) return [];
  return [{ path: '/version', message: 'is immutable' }];
}
