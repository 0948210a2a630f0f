import { after, before } from 'node:test';
import { startTestApp, type TestApp, type TestWorkspace } from '../../helpers/app.ts';

export interface StoredEvent {
  readonly type: string;
  readonly properties: Record<string, unknown>;
  readonly detail: Record<string, unknown> | null;
  readonly occurredAt: Date;
  readonly profileId: string;
}

export interface StoredProfile {
  readonly id: string;
  readonly personId: string;
  readonly anonymous: boolean;
  /** By flat path, without the seqs. */
  readonly values: Record<string, unknown>;
}

export type Path = '/events' | '/users' | '/bulk-events' | '/bulk-users';

/** What a call to each endpoint takes for good. */
export const goodBodies: Readonly<Record<Path, object>> = {
  '/events': { userId: 'ada', eventName: 'Paid' },
  '/users': { userId: 'ada', firstName: 'Ada' },
  '/bulk-events': { events: [{ userId: 'ada', eventName: 'Paid' }] },
  '/bulk-users': { users: [{ userId: 'ada', firstName: 'Ada' }] },
};
export const paths = Object.keys(goodBodies) as Path[];

/** An app for the tests of one file, with the calls they make and what they look at afterwards. */
export function useWebengage() {
  let app: TestApp;
  before(async () => {
    app = await startTestApp();
  });
  after(() => app.close());

  const send = (
    path: string,
    body: unknown,
    options: {
      workspace?: TestWorkspace;
      headers?: Record<string, string>;
      method?: 'POST' | 'PUT' | 'GET' | 'DELETE' | 'PATCH' | 'OPTIONS';
      /** Undefined: the workspace's; null: none. */
      key?: string | null;
      licenseCode?: string;
    } = {},
  ) => {
    const { webengage } = (options.workspace ?? app.workspace).credentials;
    const key = options.key === undefined ? webengage.apiKey : options.key;
    return app.app.http.inject({
      method: options.method ?? 'POST',
      url: `/v1/accounts/${options.licenseCode ?? webengage.licenseCode}${path}`,
      headers: {
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        'content-type': 'application/json',
        ...options.headers,
      },
      ...(body === undefined
        ? {}
        : { payload: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body) }),
    });
  };

  /** Rows as plain arrays, which the driver's are not. */
  const query = async <Row extends object>(...statement: Parameters<TestApp['database']['query']>) => [
    ...(await app.database.query<Row>(...statement)),
  ];

  return {
    get app() {
      return app;
    },
    send,
    query,
    /** Oldest first. */
    events: (workspace: TestWorkspace) =>
      query<StoredEvent>(
        `select t.name as type, e.properties, e.detail, e.occurred_at as "occurredAt", e.profile_id as "profileId"
           from event e join event_type t on t.workspace_id = e.workspace_id and t.id = e.type_id
          where e.workspace_id = $1 order by e.seq`,
        [workspace.created.id],
      ),
    /** Oldest first. */
    async profiles(workspace: TestWorkspace): Promise<StoredProfile[]> {
      const rows = await query<{
        id: string;
        personId: string;
        anonymous: boolean;
        attributes: Record<string, [unknown, number]>;
      }>(
        `select id, person_id as "personId", anonymous, attributes from profile
          where workspace_id = $1 order by created_seq`,
        [workspace.created.id],
      );
      return rows.map(({ attributes, ...row }) => ({
        ...row,
        values: Object.fromEntries(Object.entries(attributes).map(([path, [value]]) => [path, value])),
      }));
    },
    quarantined: (workspace: TestWorkspace) =>
      query<{ id: string; rule: string; path: string | null; raw: Uint8Array }>(
        'select id, rule, path, raw from quarantine where workspace_id = $1 order by processed_at',
        [workspace.created.id],
      ),
    /** Totals of the accounting by outcome and reason. */
    async accounting(workspace: TestWorkspace): Promise<Record<string, number>> {
      const rows = await query<{ name: string; total: number }>(
        `select rtrim(outcome || ' ' || reason) as name, sum(total)::integer as total from accounting
          where workspace_id = $1 and dialect = 'webengage' group by 1`,
        [workspace.created.id],
      );
      return Object.fromEntries(rows.map(({ name, total }) => [name, total]));
    },
  };
}

/** Checks that it is an error in the vendor's envelope, and answers its message. */
export function messageOf(reply: { body: string; headers: Record<string, unknown> }): string {
  const { response, ...rest } = JSON.parse(reply.body);
  if (Object.keys(rest).length > 0 || response.status !== 'error' || typeof response.message !== 'string')
    throw new Error(`not the vendor's form: ${reply.body}`);
  if (!String(reply.headers['content-type']).startsWith('application/json'))
    throw new Error(`not JSON: ${reply.headers['content-type']}`);
  return response.message;
}
