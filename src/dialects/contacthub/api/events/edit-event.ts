import { editEvent } from '../../../../change/edit-event.ts';
import type { Access } from '../../../../core/credential/authenticator.ts';
import { type EventContent, readEvent } from '../../../../core/event/event-store.ts';
import { changeWorkspace } from '../../../../core/workspace/change-workspace.ts';
import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { followedBy } from '../../../../projections/follow-events.ts';
import type { Services } from '../../../dialect.ts';
import { refuseArchivedSource } from '../../access.ts';
import { metricsOf } from '../../analytics/order-metrics.ts';
import { touchpointOf } from '../../analytics/touchpoints.ts';
import { type EventTypeName, isEventContextName, isEventTypeName } from '../../documents/enums.ts';
import { type SchemaError, validateContextInfo, validateEventProperties } from '../../documents/validate.ts';
import { updateProducts } from '../../product/update-products.ts';
import { readShownEvent } from '../../query/search-events.ts';
import { eventRulesOf, validateExtensions } from '../../rules/event-rules.ts';
import { rewriteEvent } from '../../rules/event-write.ts';
import { requireSize } from './event-size.ts';
import { eventNotFound, requireEvent } from './find-event.ts';
import { invalidEvent } from './parse.ts';
import { checkRepeated, type EventWrite } from './parse-edit.ts';
import { presentEvent, writeEvent } from './present.ts';

/**
 * Writes an event, and answers it as it is then, as JSON. It is read under the lock, so that of two writes neither is lost and the version says
 * which was first. `bytes`: of the request's body. @throws RequestError
 */
export async function saveEvent(
  services: Services,
  { workspace: seen, credential }: Access,
  id: string,
  write: EventWrite,
  bytes: number,
): Promise<string> {
  const workspaceId = seen.id;
  return changeWorkspace(services, workspaceId, new Date(services.clock()), async (change) => {
    const { tx, head } = change;
    const workspace = await services.workspaces.getVersion(workspaceId, head.configVersion, tx);
    refuseArchivedSource(workspace, credential);
    const shown = await requireEvent({ database: tx }, seen, id);
    const event = await readEvent(tx, workspaceId, id);
    if (!event) throw eventNotFound(id);
    const type = typeOf(shown.type);
    requireSize(bytes, workspace, type);
    checkRepeated(write, presentEvent(shown));
    const content = rewriteEvent(write.kind, write.body, event, eventRulesOf(workspace, type).mergeRules);
    checkContent(write, workspace, type, content);
    const { properties, occurredAt, detail } = content;
    const metrics = metricsOf(type, properties, occurredAt, workspace.currency);
    const touchpoint = touchpointOf({ type, properties, tracking: detail?.tracking, occurredAt });
    const edit = { workspace, event, nodeId: shown.nodeId, content, metrics, touchpoint };
    await editEvent(followedBy(services.projections, change), edit);
    const written = { before: event.properties, after: properties };
    await updateProducts(tx, workspace, { type, seq: event.seq }, written, change);
    const answer = await readShownEvent(tx, workspaceId, 'contacthub', id);
    if (!answer) throw eventNotFound(id);
    return writeEvent(answer);
  });
}

function typeOf(name: string): EventTypeName {
  if (isEventTypeName(name)) return name;
  throw new Error(`an event of the type ${name} is no event of this API`);
}

/**
 * By the same schemas as a new one, in the parts that are written: one that was taken before a schema was stricter can still be changed in
 * the others. However often a PATCH adds to an event, it stays as small as one that is sent. @throws RequestError
 */
function checkContent(
  { body }: EventWrite,
  workspace: Workspace,
  type: EventTypeName,
  { context, properties, detail }: EventContent,
): void {
  const errors = [
    ...(body.properties === undefined ? [] : validateProperties(workspace, type, properties)),
    ...((body.contextInfo !== undefined || body.context !== undefined) && isEventContextName(context)
      ? validateContextInfo(context, detail?.contextInfo)
      : []),
  ];
  if (errors.length > 0) throw invalidEvent(errors);
  requireSize(Buffer.byteLength(JSON.stringify({ properties, ...detail })), workspace, type);
}

function validateProperties(
  workspace: Workspace,
  type: EventTypeName,
  properties: Readonly<Record<string, unknown>>,
): readonly SchemaError[] {
  const errors = validateEventProperties(type, properties);
  return errors.length > 0 ? errors : validateExtensions(eventRulesOf(workspace, type), properties);
}
