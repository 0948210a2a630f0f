import { RequestError } from '../../../errors.ts';
import { type Operation, operation } from '../../../http/operation.ts';
import type { Services } from '../../dialect.ts';
import { answer, checkedByCommand } from '../access.ts';
import { findCommand } from './commands.ts';
import { bodyFields, Fields } from './fields.ts';
import { queryOf } from './form-body.ts';
import { LegacyBody } from './schemas.ts';

/** The older way in to every command. Clients of old send all of a call in the query, by GET. */
export const legacyOperations: readonly Operation<Services>[] = [
  operation({
    method: 'POST',
    path: '/api.php',
    summary: 'A command in the older form',
    guard: checkedByCommand,
    documents: { body: LegacyBody },
    example: { Command: 'Lists.Get', ResponseFormat: 'JSON', APIKey: '…' },
    handle: (call) => {
      const fields = new Fields(queryOf(call.request), bodyFields(call.body));
      return answer(call, fields, findCommand(fields.text('command') ?? ''));
    },
  }),
  // No schema of the query: some clients say a parameter twice, of which the last counts.
  operation({
    method: 'GET',
    path: '/api.php',
    summary: 'A command in the older form, all of it in the query',
    guard: checkedByCommand,
    hasHead: false,
    handle: (call) => {
      const fields = new Fields(queryOf(call.request));
      const command = fields.text('command');
      if (command === undefined)
        throw new RequestError('unknown-route', 'Send a Command, by POST or in the query.');
      return answer(call, fields, findCommand(command));
    },
  }),
];
