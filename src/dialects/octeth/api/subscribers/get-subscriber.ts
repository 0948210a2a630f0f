import type { Access } from '../../../../core/credential/authenticator.ts';
import { readHolders } from '../../../../core/identity/identity-store.ts';
import { emailKey } from '../../../../core/value/normal-form.ts';
import { defaultNode, findSource, type Workspace } from '../../../../core/workspace/workspace.ts';
import type { Services } from '../../../dialect.ts';
import { CommandError, getSubscriberErrors } from '../../errors.ts';
import { type Fields, isFalse, parseListId } from '../fields.ts';
import { presentSubscriber } from './present.ts';
import { readShownSubscriber } from './read-subscriber.ts';

/**
 * Subscriber.Get (docs/spec/octeth.md A3): by SubscriberID, else by address.
 * @throws CommandError
 */
export async function getSubscriber(services: Services, { workspace }: Access, fields: Fields) {
  const email = fields.text('emailaddress');
  const number = fields.text('subscriberid');
  const missing: number[] = [];
  if (email === undefined && number === undefined) missing.push(1);
  if (fields.text('listid') === undefined) missing.push(2);
  if (missing.length > 0) throw new CommandError(getSubscriberErrors, missing);
  const listId = parseListId(fields.get('listid'));
  const list = listId === undefined ? undefined : findSource(workspace, 'octeth', 'list', listId);
  if (!list) throw new CommandError(getSubscriberErrors, [4]);
  const by = await findBy(services, workspace, number, email);
  const included = {
    events: !isFalse(fields.get('includeevents')),
    activity: !isFalse(fields.get('includeactivity')),
    revenue: !isFalse(fields.get('includerevenue')),
  };
  const shown = by && (await readShownSubscriber(services, workspace, list, by, included));
  if (!shown) throw new CommandError(getSubscriberErrors, [3]);
  return presentSubscriber(workspace, list, shown);
}

async function findBy(
  { database }: Services,
  workspace: Workspace,
  number: string | undefined,
  email: string | undefined,
): Promise<{ number: number } | { profileId: string } | undefined> {
  if (number !== undefined) return /^\d{1,15}$/.test(number) ? { number: Number(number) } : undefined;
  const value = emailKey(email ?? '');
  if (value === undefined) return undefined;
  const nodeId = defaultNode(workspace, 'octeth').id;
  const holders = await readHolders(database, workspace.id, [{ kind: 'email', value }], [nodeId]);
  return holders.find((holder) => holder.nodeId === nodeId);
}
