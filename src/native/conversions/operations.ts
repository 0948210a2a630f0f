import Type from 'typebox';
import { defaultRules } from '../../core/attribution/conversion.ts';
import { type Conversion, conversions } from '../../core/attribution/conversion-store.ts';
import {
  addConversion,
  type ConversionRefusal,
  changeConversion,
  maximumConversions,
  removeConversion,
} from '../../core/attribution/manage-conversions.ts';
import { type Operation, operation } from '../../http/operation.ts';
import { inWorkspace } from '../guards.ts';
import { noSuch, refuseNamed } from '../refusals.ts';
import { errors, WorkspaceParameters } from '../schemas/common.ts';
import type { NativeServices } from '../services.ts';
import { eventOf, settingsOf } from './parse.ts';
import { presentConversion, presentRules } from './present.ts';
import { ConversionBody, ConversionParameters, ConversionReply, ConversionsReply } from './schemas.ts';

const path = '/workspaces/:workspace/conversions';

const noConversion = () =>
  noSuch(
    'params/conversionId',
    'The workspace has no conversion of this id; GET …/conversions lists those there are.',
  );

/** @throws RequestError for what is refused */
function taken(answer: Conversion | ConversionRefusal): Conversion {
  switch (answer) {
    case 'no-such-conversion':
      throw noConversion();
    case 'name-taken':
    case 'too-many':
      throw refuseNamed(answer, 'conversion', maximumConversions);
    default:
      return answer;
  }
}

/** What counts as success, and by which rules the touches before it get the credit. */
export const conversionOperations: readonly Operation<NativeServices>[] = [
  operation({
    method: 'GET',
    path,
    summary: 'List the conversions of which sums are kept',
    guard: inWorkspace,
    checks: { path: WorkspaceParameters },
    replies: { 200: ConversionsReply, ...errors(404) },
    handle: async ({ services, access }) => {
      const workspace = await services.workspaces.reload(access.workspace.id);
      return {
        conversions: workspace.parts.get(conversions).map(presentConversion),
        defaults: presentRules(defaultRules),
      };
    },
  }),
  operation({
    method: 'POST',
    path,
    summary: 'Keep sums of a conversion, by which questions about it are answered at once',
    description: `What is stored already is counted by a job; until that is over its status is counting. A workspace has at most ${maximumConversions}.`,
    guard: inWorkspace,
    checks: { path: WorkspaceParameters, body: ConversionBody },
    status: 201,
    replies: { 201: ConversionReply, ...errors(404, 409) },
    handle: async ({ services, access, body: { name, event, ...said } }) => {
      const workspace = await services.workspaces.reload(access.workspace.id);
      const settings = settingsOf(eventOf(workspace, event, 'body/event', services.knownTypes), said, 'body');
      const now = new Date(services.clock());
      const conversion = taken(await addConversion(services, workspace.id, { name, settings }, now));
      void services.jobs.look();
      return presentConversion(conversion);
    },
  }),
  operation({
    method: 'GET',
    path: `${path}/:conversionId`,
    summary: 'A conversion of which sums are kept',
    guard: inWorkspace,
    checks: { path: ConversionParameters },
    replies: { 200: ConversionReply, ...errors(404) },
    handle: async ({ services, access, path: { conversionId } }) => {
      const workspace = await services.workspaces.reload(access.workspace.id);
      const found = workspace.parts.get(conversions).find(({ id }) => id === conversionId);
      if (!found) throw noConversion();
      return presentConversion(found);
    },
  }),
  operation({
    method: 'PUT',
    path: `${path}/:conversionId`,
    summary: 'Put other settings, or another name, in place of a conversion’s',
    description: 'What is left out is as the defaults have it. Other settings are counted anew, by a job.',
    guard: inWorkspace,
    checks: { path: ConversionParameters, body: ConversionBody },
    replies: { 200: ConversionReply, ...errors(404, 409) },
    handle: async ({ services, access, path: { conversionId }, body: { name, event, ...said } }) => {
      const workspace = await services.workspaces.reload(access.workspace.id);
      const settings = settingsOf(eventOf(workspace, event, 'body/event', services.knownTypes), said, 'body');
      const now = new Date(services.clock());
      const wanted = { name, settings };
      const conversion = taken(await changeConversion(services, workspace.id, conversionId, wanted, now));
      void services.jobs.look();
      return presentConversion(conversion);
    },
  }),
  operation({
    method: 'DELETE',
    path: `${path}/:conversionId`,
    summary: 'Keep no sums of a conversion any more',
    description: 'Its events stay, and questions about them are counted from the rows.',
    guard: inWorkspace,
    checks: { path: ConversionParameters },
    status: 204,
    replies: { 204: Type.Null({ description: 'It is no more.' }), ...errors(404) },
    handle: async ({ services, access: { workspace }, path: { conversionId } }) => {
      const now = new Date(services.clock());
      if (!(await removeConversion(services, workspace.id, conversionId, now))) throw noConversion();
      void services.jobs.look();
    },
  }),
];
