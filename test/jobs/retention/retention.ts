import assert from 'node:assert/strict';
import { readJob } from '../../../src/core/job/job-store.ts';
import type { RetentionCounts } from '../../../src/core/retention/retention-slice.ts';
import { dialects } from '../../../src/dialects/registry.ts';
import { noRetention } from '../../../src/jobs/plan-retention.ts';
import { requestRetention, retentionCountsOf } from '../../../src/jobs/retention-job.ts';
import type { TestApp, TestWorkspace } from '../../helpers/app.ts';
import { verifyWorkspace } from '../../helpers/derived.ts';
import { ask, at } from '../../helpers/native-client.ts';
import { inject } from '../../helpers/vendor-client.ts';

export const day = 24 * 60 * 60 * 1000;

/** Runs retention at the app's time, to its end unless only some slices are allowed. Answers what the run has done up to then. */
export async function retain(
  test: TestApp,
  workspace: TestWorkspace = test.workspace,
  options: { slices?: number } = {},
): Promise<Readonly<Record<string, number | boolean>> & { more: boolean }> {
  const { services } = test.app;
  const workspaceId = workspace.created.id;
  const id = await requestRetention({ ...services, dialects }, workspaceId, 'a test');
  if (id === undefined) return { ...noRetention(dialects), more: false };
  const due = { workspaceId, id };
  const { slices } = options;
  const ran =
    slices === undefined ? await services.jobs.runToEnd(due) : await services.jobs.run(due, { slices });
  const job = ran === 'busy' ? await readJob(test.database, workspaceId, id) : ran;
  assert.ok(job);
  if (job.state === 'finished') return { ...retentionCountsOf(job), more: false };
  const sofar = job.cursor?.counts as RetentionCounts | undefined;
  return { ...(sofar ?? noRetention(dialects)), more: true };
}

/** What `throughline verify` finds wrong. */
export async function findFaults(
  test: TestApp,
  workspace: TestWorkspace = test.workspace,
): Promise<object[]> {
  const { checks } = await verifyWorkspace(test.database, workspace.created.id);
  return checks.filter(({ ok }) => !ok);
}

export async function setDialects(test: TestApp, workspace: TestWorkspace, dialects: object): Promise<void> {
  const reply = await ask(test, 'PATCH', at(workspace), { body: { dialects } });
  assert.equal(reply.status, 200, JSON.stringify(reply.body));
}

/** Sends an event by Octeth's API, to the workspace's list. */
export async function trackOcteth(test: TestApp, workspace: TestWorkspace, event: object): Promise<void> {
  const { apiKey, listId } = workspace.credentials.octeth;
  const reply = await inject(test, {
    method: 'POST',
    url: '/api/v1/event',
    headers: { 'content-type': 'application/json' },
    body: { APIKey: apiKey, ListID: Number(listId), ...event },
  });
  assert.equal(reply.status, 200, reply.text);
}

/** Every row of every table, as text; but not which change was the last to lock a workspace, whether it did anything or not. */
export async function dumpTables(test: TestApp): Promise<Map<string, string>> {
  const tables = await test.database.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
  );
  const dump = new Map<string, string>();
  for (const { name } of tables) {
    const rows = await test.database.query<{ text: string }>(
      statements[name] ?? `select t::text as text from "${name}" t order by 1`,
    );
    dump.set(name, rows.map(({ text }) => text).join('\n'));
  }
  return dump;
}

const statements: Readonly<Record<string, string>> = {
  quarantine: `select q::text || convert_from(q.raw, 'UTF8') as text from quarantine q order by 1`,
  workspace_head: `select (to_jsonb(h) - 'last_batch')::text as text from workspace_head h order by 1`,
};

/** The tables of which the dump holds the text. */
export function tablesWith(dump: ReadonlyMap<string, string>, text: string): string[] {
  return [...dump].filter(([, rows]) => rows.includes(text)).map(([table]) => table);
}
