import type { Access } from '../../../../core/credential/authenticator.ts';
import { findSource } from '../../../../core/workspace/workspace.ts';
import { readCatalogue } from '../../../../projections/catalogue/catalogue.ts';
import type { Services } from '../../../dialect.ts';
import type { Fields } from '../fields.ts';
import { parsePropertyListQuestion } from './parse.ts';
import { presentPropertyList } from './present.ts';

/**
 * Which properties the events of a list carry.
 * @throws RequestError with the vendor's code 1 to 3
 */
export async function listProperties(services: Services, access: Access, fields: Fields, asNumber: boolean) {
  const { id } = access.workspace;
  const listId = parsePropertyListQuestion(
    fields,
    (given) => findSource(access.workspace, 'octeth', 'list', given) !== undefined,
  );
  const list = findSource(access.workspace, 'octeth', 'list', listId)!;
  const entries = await readCatalogue(services.database, id, list.id);
  let { eventTypes } = access.workspace;
  // Another process may have stored the first event of a type.
  if (entries.some(({ typeId }) => !eventTypes.byId(typeId)))
    ({ eventTypes } = await services.workspaces.reload(id));
  const named = entries.flatMap(({ typeId, name }) => {
    const type = eventTypes.byId(typeId);
    return type ? [{ type: type.name, name }] : [];
  });
  return presentPropertyList(listId, asNumber, named);
}
