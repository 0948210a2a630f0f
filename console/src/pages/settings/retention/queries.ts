import { api, take } from '../../../api/client.ts';
import type { Job } from '../../../api/jobs.ts';

async function retain(workspace: string, body: { readonly dryRun?: boolean; readonly wait?: boolean }) {
  return take(api.POST('/workspaces/{workspace}/retention', { params: { path: { workspace } }, body }));
}

type Answer = Awaited<ReturnType<typeof retain>>;
export type DryRun = Exclude<Answer, Job>;

/** What is due by now, without doing anything. */
export async function dryRun(workspace: string): Promise<DryRun> {
  const answer = await retain(workspace, { dryRun: true });
  if ('kind' in answer) throw new Error('a dry run is no job');
  return answer;
}

/** Begins a run. Null: there is no policy, so nothing was begun. */
export async function beginRetention(workspace: string): Promise<Job | null> {
  const answer = await retain(workspace, { wait: false });
  return 'kind' in answer ? answer : null;
}
