import { beginExport } from '../../../../change/begin-export.ts';
import { readMembersOfRecords } from '../../../../core/profile/profile-store.ts';
import type { Workspace } from '../../../../core/workspace/workspace.ts';
import { sendTexts } from '../../../../http/stream-texts.ts';
import { walkEvents } from '../../../../query/timeline/walk-events.ts';
import type { Queryable } from '../../../../store/queryable.ts';
import { authorOf } from '../../access.ts';
import { readShownEvents } from '../../query/search-events.ts';
import { writeEvent } from '../events/present.ts';
import { customerNotFound, requireCustomer } from './find-customer.ts';
import { writeCustomer } from './present.ts';
import type { CustomerCall } from './save-customer.ts';

interface ExportCall extends CustomerCall {
  readonly reply: Parameters<typeof sendTexts>[0];
}

/**
 * Sends `{customer, events}`: the customer and its events as they are shown, those of its sessions too. That it was asked for is logged.
 * @throws RequestError
 */
export async function exportCustomer(
  { services, access: { workspace, credential }, request, reply }: ExportCall,
  customerId: string,
) {
  const { database } = services;
  const { customer } = await requireCustomer(services, workspace, customerId);
  const leave = await services.exports.enter(workspace.id, request.asker ?? undefined);
  try {
    const now = new Date(services.clock());
    const start = await beginExport(
      services,
      workspace.id,
      async (tx) => {
        const members = await readMembersOfRecords(tx, workspace.id, [customer.id]);
        return members.filter(({ removal }) => removal === null);
      },
      authorOf(credential),
      now,
    );
    if (!start) throw customerNotFound(customer.id);
    const ids = start.members.map(({ id }) => id);
    const shown = writeCustomer(customer, workspace);
    const texts = writeExport(database, workspace, shown, ids, start.lastSeq);
    return sendTexts(reply, 'application/json', texts, leave);
  } catch (error) {
    leave();
    throw error;
  }
}

async function* writeExport(
  database: Queryable,
  workspace: Workspace,
  customer: string,
  profileIds: readonly string[],
  lastSeq: number,
): AsyncGenerator<string> {
  yield `{"customer":${customer},"events":[`;
  let separator = '';
  for await (const page of walkEvents(database, workspace.id, profileIds, lastSeq)) {
    const events = await readShownEvents(
      database,
      workspace.id,
      page.map(({ id }) => id),
    );
    let text = '';
    for (const { id } of page) {
      const event = events.get(id);
      // It was deleted in between.
      if (!event) continue;
      text += separator + writeEvent(event);
      separator = ',';
    }
    if (text !== '') yield text;
  }
  yield ']}';
}
