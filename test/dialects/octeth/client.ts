import { after, before } from 'node:test';
import { startTestApp, type TestApp, type TestWorkspace } from '../../helpers/app.ts';

export interface StoredEvent {
  readonly type: string;
  readonly properties: Record<string, unknown>;
  readonly profileId: string;
  readonly recordId: string;
  readonly sourceId: number | null;
}

/** An app for the tests of one file, with the calls they make and what they look at afterwards. */
export function useOcteth() {
  let app: TestApp;
  before(async () => {
    app = await startTestApp();
  });
  after(() => app.close());

  const post = (
    url: string,
    body: unknown,
    headers: Record<string, string> = { 'content-type': 'application/json' },
  ) =>
    app.app.http.inject({
      method: 'POST',
      url,
      headers,
      payload: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
    });

  /** Rows as plain arrays, which the driver's are not. */
  const query = async <Row extends object>(...statement: Parameters<TestApp['database']['query']>) => [
    ...(await app.database.query<Row>(...statement)),
  ];

  return {
    get app() {
      return app;
    },
    post,
    get apiKey() {
      return app.workspace.credentials.octeth.apiKey;
    },
    /** An event with the workspace's key and list. */
    track: (body: Record<string, unknown>, workspace: TestWorkspace = app.workspace) =>
      post('/api/v1/event', {
        APIKey: workspace.credentials.octeth.apiKey,
        ListID: Number(workspace.credentials.octeth.listId),
        ...body,
      }),
    query,
    /** Oldest first. */
    events: (workspace: TestWorkspace = app.workspace) =>
      query<StoredEvent>(
        `select t.name as type, e.properties, e.profile_id as "profileId", p.record_id as "recordId", e.source_id as "sourceId"
           from event e
           join event_type t on t.workspace_id = e.workspace_id and t.id = e.type_id
           join profile p on p.workspace_id = e.workspace_id and p.id = e.profile_id
          where e.workspace_id = $1 order by e.seq`,
        [workspace.created.id],
      ),
    quarantined: (workspace: TestWorkspace = app.workspace) =>
      query<{ id: string; rule: string; path: string; raw: Uint8Array }>(
        'select id, rule, path, raw from quarantine where workspace_id = $1 order by processed_at',
        [workspace.created.id],
      ),
    /** Totals of the accounting by outcome and reason. */
    async accounting(workspace: TestWorkspace = app.workspace): Promise<Record<string, number>> {
      const rows = await query<{ name: string; total: number }>(
        `select rtrim(outcome || ' ' || reason) as name, sum(total)::integer as total from accounting
          where workspace_id = $1 and dialect = 'octeth' group by 1`,
        [workspace.created.id],
      );
      return Object.fromEntries(rows.map(({ name, total }) => [name, total]));
    },
  };
}
