import { editEvent } from '../../../../change/edit-event.ts';
import type { Access } from '../../../../core/credential/authenticator.ts';
import { type EventContent, readEvent } from '../../../../core/event/event-store.ts';
import { changeWorkspace } from '../../../../core/workspace/change-workspace.ts';
import { RequestError } from '../../../../errors.ts';
import type { Services } from '../../../dialect.ts';
import { isEventContextName, isEventTypeName } from '../../documents/enums.ts';
import { validateContextInfo, validateEventProperties } from '../../documents/validate.ts';
import { readShownEvent } from '../../query/search-events.ts';
import type { ShownEvent } from '../../query/shown-event.ts';
import { rewriteEvent } from '../../rules/event-write.ts';
import { payloadLimit } from '../schemas.ts';
import { eventNotFound } from './find-event.ts';
import { invalidEvent } from './parse.ts';
import { checkRepeated, type EventWrite } from './parse-edit.ts';
import { presentEvent, writeEvent } from './present.ts';

/**
 * Writes an event, and answers it as it is then, as JSON. It is read under the lock, so that of two writes neither is lost and the version says
 * which was first. @throws RequestError
 */
export async function saveEvent(
  services: Services,
  { workspace: { id: workspaceId } }: Access,
  id: string,
  write: EventWrite,
): Promise<string> {
  return changeWorkspace(services, workspaceId, new Date(services.clock()), async (change) => {
    const { tx, head } = change;
    const shown = await readShownEvent(tx, workspaceId, 'contacthub', id);
    const event = await readEvent(tx, workspaceId, id);
    if (!shown || !event) throw eventNotFound(id);
    checkRepeated(write, presentEvent(shown));
    const content = rewriteEvent(write.kind, write.body, event);
    checkContent(write, shown, content);
    const workspace = await services.workspaces.getVersion(workspaceId, head.configVersion, tx);
    await editEvent(change, { workspace, event, nodeId: shown.nodeId, content });
    const written = await readShownEvent(tx, workspaceId, 'contacthub', id);
    if (!written) throw eventNotFound(id);
    return writeEvent(written);
  });
}

/**
 * By the same schemas as a new one, in the parts that are written: one that was taken before a schema was stricter can still be changed in
 * the others. However often a PATCH adds to an event, it stays as small as one that is sent. @throws RequestError
 */
function checkContent(
  { body }: EventWrite,
  { type }: ShownEvent,
  { context, properties, detail }: EventContent,
): void {
  const errors = [
    ...(body.properties !== undefined && isEventTypeName(type)
      ? validateEventProperties(type, properties)
      : []),
    ...((body.contextInfo !== undefined || body.context !== undefined) && isEventContextName(context)
      ? validateContextInfo(context, detail?.contextInfo)
      : []),
  ];
  if (errors.length > 0) throw invalidEvent(errors);
  if (Buffer.byteLength(JSON.stringify({ properties, ...detail })) > payloadLimit)
    throw new RequestError('body-too-large', `The event would be larger than ${payloadLimit} bytes.`);
}
