import type { Access } from '../../../../core/credential/authenticator.ts';
import { addSource } from '../../../../core/source/add-source.ts';
import { defaultNode } from '../../../../core/workspace/workspace.ts';
import type { Services } from '../../../dialect.ts';
import { CommandError, listErrors } from '../../errors.ts';
import { provision } from '../../provision.ts';
import { type Fields, readText } from '../fields.ts';
import { listsOf } from './list.ts';

/** All are in memory with the workspace's configuration. */
const maximumLists = 10_000;
/** Of the vendor's column. */
const maximumNameLength = 250;
const maximumDescriptionLength = 2000;

/**
 * List.Create (docs/spec/octeth.md A3).
 * @throws CommandError
 */
export async function createList(services: Services, { workspace }: Access, fields: Fields) {
  const codes: number[] = [];
  const name = readText(fields, 'subscriberlistname', maximumNameLength);
  if (name === undefined) codes.push(1);
  const optInMode = (fields.text('optinmode') ?? 'single').toLowerCase();
  if (optInMode !== 'single' && optInMode !== 'double') codes.push(20);
  if (listsOf(workspace).length >= maximumLists) codes.push(3);
  if (name === undefined || codes.length > 0) throw new CommandError(listErrors.createList, codes);
  const description = readText(fields, 'description', maximumDescriptionLength);
  const wanted = {
    name,
    nodeId: defaultNode(workspace, 'octeth').id,
    settings: { optInMode: optInMode === 'double' ? 'Double' : 'Single', description: description ?? '' },
  };
  // The number is made under the workspace's lock, so it is never another list's.
  const added = await addSource(services, provision, workspace, wanted, new Date(services.clock()));
  return { Success: true, ErrorCode: 0, ErrorText: '', ListID: Number(added!.source.externalId) };
}
