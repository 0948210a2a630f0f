import type { BenchServer } from './bench-server.ts';
import { applyDistinctLoad, type DistinctRequest, describeMeasured } from './load.ts';
import type { Result } from './report.ts';

const connections = 32;
const events = 10_000;
const start = Date.UTC(2026, 0, 1);

/** Setting a state of a stored event, each call another event's or another value. */
export async function benchStates(server: BenchServer, seconds: number): Promise<Result> {
  const { accessToken, projectId } = (await server.addWorkspace('states')).webmarketer;
  const project = `/api/v1/projects/${projectId}`;
  const state = { entity: 'state', type: 'state', storageKey: 'qualified', ingestionKey: null };
  await server.call('POST', `${project}/event-types`, accessToken, {
    reference: 'lead',
    name: 'Lead',
    fields: [state],
  });
  const headers = { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' };
  await applyDistinctLoad({
    url: server.address,
    connections,
    requests: Array.from({ length: events }, (_, number) => ({
      method: 'POST',
      path: '/api/v1/events',
      headers,
      body: JSON.stringify({
        projectId,
        eventType: 'lead',
        nonce: String(number),
        eventDate: at(number),
        data: {},
      }),
    })),
  });
  const workspace = (await server.workspaces.find('states'))!;
  const stored = await server.database.query<{ id: string }>(
    'select id from event where workspace_id = $1 order by seq',
    [workspace.id],
  );
  const wanted = seconds * 4000;
  const requests = Array.from({ length: wanted }, (_, number): DistinctRequest => {
    const { id } = stored[number % stored.length]!;
    return {
      method: 'PATCH',
      path: `${project}/events/${id}/states/qualified`,
      headers,
      body: JSON.stringify({ value: 1, date: at(number + 60) }),
    };
  });
  const measured = await applyDistinctLoad({ url: server.address, connections, requests });
  const name = `states set, ${connections} connections`;
  const rate = measured.requestsPerSecond;
  return {
    lines: [
      { name, value: rate, unit: '/s', detail: `${describeMeasured(measured)}, ${stored.length} events` },
    ],
    aims: [{ name: 'states set a second', value: rate, side: 'at least', bound: 2000 }],
  };
}

function at(minute: number): string {
  return new Date(start + minute * 60_000).toISOString();
}
