import type { Access } from '../../../../core/credential/authenticator.ts';
import { findSource } from '../../../../core/workspace/workspace.ts';
import { RequestError } from '../../../../errors.ts';
import type { Services } from '../../../dialect.ts';
import { addCustomField } from '../../custom-field/add-custom-field.ts';
import { maximumCustomFields } from '../../custom-field/custom-field.ts';
import { CommandError, customFieldErrors } from '../../errors.ts';
import type { Fields } from '../fields.ts';
import { parseCustomField } from './parse.ts';

/**
 * CustomField.Create (docs/spec/octeth.md A3).
 * @throws CommandError, all that is wrong at once
 */
export async function createCustomField(services: Services, { workspace }: Access, fields: Fields) {
  const wanted = parseCustomField(fields, (listId) => findSource(workspace, 'octeth', 'list', listId));
  const field = await addCustomField(services, workspace.id, wanted);
  if (field === 'alias-taken') throw new CommandError(customFieldErrors, [1000]);
  if (field === 'too-many')
    throw new RequestError(
      'conflict',
      `There are ${maximumCustomFields} custom fields, which is the most there can be; write to one that is there.`,
    );
  return { Success: true, ErrorCode: 0, ErrorText: '', CustomFieldID: field.id };
}
