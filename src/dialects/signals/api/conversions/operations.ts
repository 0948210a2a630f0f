import { RequestError } from '../../../../errors.ts';
import { type Operation, operation } from '../../../../http/operation.ts';
import type { Services } from '../../../dialect.ts';
import { anyKey, requireTrackedApp } from '../../access.ts';
import { warningsOf } from '../../conversion/generic-text.ts';
import { setConversion } from '../../conversion/manage-conversions.ts';
import { clientApp } from '../paths.ts';
import { success } from '../present.ts';
import { startRecount } from '../recount.ts';
import { ClientAppParameters, SuccessReply } from '../schemas.ts';
import { parseConversion } from './parse.ts';
import { ConvertedEventBody } from './schemas.ts';

/** docs/spec/signals.md ruling 1, B6. */
export const conversionOperations: readonly Operation<Services>[] = [
  operation({
    method: 'POST',
    path: `${clientApp}/converted_events`,
    summary: 'Create converted event',
    description: 'Sets the event that a campaign’s success is counted by, in place of the one it has.',
    guard: anyKey,
    checks: { path: ClientAppParameters },
    documents: { body: ConvertedEventBody },
    example: { campaign_id: '120210000000000001', type: 'keyword', type_value: 'order' },
    replies: { 200: SuccessReply },
    handle: async ({ services, access: { workspace }, path, body, reply }) => {
      requireTrackedApp(workspace, path);
      const conversion = parseConversion(body);
      const outcome = await setConversion(services, workspace.id, conversion);
      if (outcome === 'too-many')
        throw new RequestError(
          'conflict',
          'There are too many converted events: no further campaign can have one',
        );
      if (outcome === 'set') await startRecount(services, workspace.id);
      // The vendor's answer has no place for it.
      for (const warning of warningsOf(conversion)) reply.header('x-throughline-warning', warning);
      return success;
    },
  }),
];
