import { forgetPerson } from '../../change/forget-person.ts';
import type { Erasure, ErasureCounts } from '../../core/erasure/erasure.ts';
import { listErasures, readErasure, readErasureOfProfile } from '../../core/erasure/erasure-store.ts';
import type { Workspace, WorkspaceId } from '../../core/workspace/workspace.ts';
import { type Operation, operation } from '../../http/operation.ts';
import { type ErasureRules, erasureRulesOf } from '../../ingest/erased.ts';
import { dryRunErasure } from '../../jobs/erasure/dry-run-erasure.ts';
import type { Queryable } from '../../store/queryable.ts';
import { inWorkspace } from '../guards.ts';
import { PersonParameters } from '../people/schemas.ts';
import { noSuch, noSuchPerson } from '../refusals.ts';
import { errors, WorkspaceParameters } from '../schemas/common.ts';
import type { NativeDialect, NativeServices } from '../services.ts';
import { presentErasure } from './present.ts';
import {
  EraseBody,
  EraseReply,
  ErasureParameters,
  ErasureReply,
  ErasuresQuery,
  ErasuresReply,
} from './schemas.ts';

/** What one call does of the job; the rest goes on by itself. */
const slicesPerCall = 20;

/** Forgetting persons (docs/erasure.md). */
export function erasureOperations(dialects: readonly NativeDialect[]): readonly Operation<NativeServices>[] {
  const rules = erasureRulesOf(dialects);
  return [erase(rules), list, read];
}

function erase(rules: ErasureRules) {
  return operation({
    method: 'POST',
    path: '/workspaces/:workspace/people/:personId/erase',
    summary: 'Forget a person, in all dialects',
    description:
      'When it answers, nobody finds the person any more, and what comes for him is dropped. What is left to be emptied goes on as a job.',
    guard: inWorkspace,
    checks: { path: PersonParameters, body: EraseBody },
    example: { dryRun: true },
    replies: { 200: EraseReply, ...errors(404) },
    handle: async ({ services, access, path: { personId }, body }) => {
      const { workspace, credential } = access;
      if (body?.dryRun === true) return dryRun(services, rules, workspace, personId);
      const now = new Date(services.clock());
      const request = { profileId: personId, requestedBy: credential.name };
      const erasure = await forgetPerson(
        { ...services, database: services.jobDatabase },
        workspace,
        request,
        now,
      );
      if (!erasure) throw noSuchPerson('params/personId');
      const job = await services.jobs.run(
        { workspaceId: workspace.id, id: erasure.jobId },
        { slices: slicesPerCall },
      );
      const after = (await readErasure(services.database, workspace.id, erasure.id)) ?? erasure;
      return {
        dryRun: false,
        erasureId: erasure.id,
        jobId: erasure.jobId,
        finished: after.finished !== null,
        counts: { ...erasure.counts, ...(job !== 'busy' ? countsOf(job.result) : {}) },
      };
    },
  });
}

async function dryRun(services: NativeServices, rules: ErasureRules, workspace: Workspace, personId: string) {
  const { erasureKey, jobDatabase: database } = services;
  const counts = await dryRunErasure({ erasureKey, database }, rules, workspace, personId);
  if (!counts) throw noSuchPerson('params/personId');
  return { dryRun: true, erasureId: null, jobId: null, finished: false, counts };
}

function countsOf(result: Readonly<Record<string, unknown>> | null): ErasureCounts {
  return Object.fromEntries(
    Object.entries(result ?? {}).flatMap(([name, total]) =>
      typeof total === 'number' ? [[name, total]] : [],
    ),
  );
}

async function find(
  database: Queryable,
  workspaceId: WorkspaceId,
  { person, next, limit }: { person: string | undefined; next: string | null; limit: number },
): Promise<Erasure[]> {
  if (person === undefined) return listErasures(database, workspaceId, next, limit);
  const erasure = await readErasureOfProfile(database, workspaceId, person);
  return erasure ? [erasure] : [];
}

const list = operation({
  method: 'GET',
  path: '/workspaces/:workspace/erasures',
  summary: 'Persons who were forgotten, newest first',
  guard: inWorkspace,
  checks: { path: WorkspaceParameters, query: ErasuresQuery },
  replies: { 200: ErasuresReply, ...errors(404) },
  handle: async ({ services, access: { workspace }, query: { person, limit, next = null } }) => {
    const erasures = await find(services.database, workspace.id, { person, next, limit });
    return {
      erasures: await Promise.all(erasures.map((erasure) => present(services, erasure))),
      next: person === undefined && erasures.length === limit ? (erasures.at(-1)?.id ?? null) : null,
    };
  },
});

const read = operation({
  method: 'GET',
  path: '/workspaces/:workspace/erasures/:erasureId',
  summary: 'What became of an erasure, with the signed receipt once all is done',
  guard: inWorkspace,
  checks: { path: ErasureParameters },
  replies: { 200: ErasureReply, ...errors(404) },
  handle: async ({ services, access: { workspace }, path: { erasureId } }) => {
    const erasure = await readErasure(services.database, workspace.id, erasureId);
    if (!erasure) throw noSuch('params/erasureId', 'The workspace has no erasure of this id.');
    return present(services, erasure);
  },
});

async function present({ erasureKey }: NativeServices, erasure: Erasure) {
  const key = erasure.finished && (await erasureKey.open(erasure.keyId));
  return presentErasure(erasure, key?.publicKey ?? null);
}
