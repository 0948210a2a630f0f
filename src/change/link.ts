import { newId } from '../core/id.ts';
import { effectiveLinks, type Link } from '../core/link/link.ts';
import {
  deleteLinks,
  insertLinks,
  readLink,
  readLinksByFirst,
  type StoredLink,
  setLinkUndone,
} from '../core/link/link-store.ts';
import {
  findMoves,
  type Move,
  readNeighbourhood,
  settleMemberships,
  storeMoves,
} from '../core/link/neighbourhood.ts';
import { type Profile, readProfiles } from '../core/profile/profile-store.ts';
import { changeWorkspace, type WorkspaceChange } from '../core/workspace/change-workspace.ts';
import type { WorkspaceId } from '../core/workspace/workspace.ts';
import type { FollowMoves } from '../projections/follow-moves.ts';
import type { Database } from '../store/database.ts';
import type { Queryable } from '../store/queryable.ts';

export interface LinkChange {
  readonly link: Link;
  /** What became of the link, or would if it were no dry run; `none`: it was there. */
  readonly operation: 'create' | 'redo' | 'undo' | 'none';
  readonly moves: readonly Move[];
  /** After an undo: the other links that still hold its two profiles together, along some path. */
  readonly stillHeldBy: readonly Link[];
}

interface Options {
  readonly dryRun: boolean;
  readonly now: Date;
  /** What follows from which profiles are one record is made anew with the change: in its transaction, once the moves are stored. */
  readonly followMoves: FollowMoves;
}

/**
 * Undoes a link: everything is as if it had never been, whatever was linked or edited since, because record and person follow
 * from the links that remain. It stays as a veto against the same evidence. Undefined when there is no such active link.
 */
export async function undoLink(
  database: Database,
  workspaceId: WorkspaceId,
  linkId: string,
  options: Options,
): Promise<LinkChange | undefined> {
  return changeWorkspace({ database }, workspaceId, options.now, async (change) => {
    const { tx, now } = change;
    const link = await readActiveLink(tx, workspaceId, linkId);
    if (!link) return undefined;
    const { profiles, active: remaining } = await readNeighbourhood(tx, workspaceId, endsOf(link), linkId);
    const moves = findMoves(profiles, remaining);
    const undone: LinkChange = {
      link,
      operation: 'undo',
      moves,
      stillHeldBy: findPath(effectiveLinks(remaining), link.firstProfile, link.secondProfile),
    };
    if (options.dryRun) return undone;
    const seq = change.record({ entity: 'link', entityId: link.id, operation: 'undo' });
    await setLinkUndone(tx, workspaceId, link.id, { seq, at: now });
    await storeMoves(tx, workspaceId, moves);
    tellParted(change, moves);
    await options.followMoves(change, moves);
    return undone;
  });
}

/**
 * Takes a link back, where a vendor's call says that what it said before no longer holds. Nothing of it stays: it is no veto, as an
 * operator's undo is, and said again it is made anew, the youngest of all. Undefined when there is no such active link.
 */
export async function withdrawLink(
  database: Database,
  workspaceId: WorkspaceId,
  linkId: string,
  { now, followMoves }: Pick<Options, 'now' | 'followMoves'>,
): Promise<Link | undefined> {
  return changeWorkspace({ database }, workspaceId, now, async (change) => {
    const { tx } = change;
    const link = await readActiveLink(tx, workspaceId, linkId);
    if (!link) return undefined;
    change.record({ entity: 'link', entityId: linkId, operation: 'delete' });
    await deleteLinks(tx, workspaceId, [linkId]);
    const moves = await settleMemberships(tx, workspaceId, endsOf(link));
    tellParted(change, moves);
    await followMoves(change, moves);
    return link;
  });
}

/**
 * Joins two profiles by hand. Of one node they become one record, else one person. An earlier join of the two that was undone is
 * active again. Undefined when one of them does not exist.
 */
export async function joinProfiles(
  database: Database,
  workspaceId: WorkspaceId,
  a: string,
  b: string,
  options: Options,
): Promise<LinkChange | undefined> {
  return changeWorkspace({ database }, workspaceId, options.now, async (change) => {
    const { tx, head, now } = change;
    const ends = await readProfiles(tx, workspaceId, [a, b]);
    if (a === b || ends.length < 2) return undefined;
    const given = await readLinksByFirst(tx, workspaceId, [a, b]);
    const { link, known } = manualLink(ends, given, head.seq + 1, now);
    const operation = !known ? 'create' : known.undoneAt ? 'redo' : 'none';
    const { profiles, active } = await readNeighbourhood(tx, workspaceId, [a, b], link.id);
    const moves = findMoves(profiles, [...active, link]);
    const joined: LinkChange = { link, operation, moves, stillHeldBy: [] };
    if (options.dryRun || operation === 'none') return joined;
    change.record({ entity: 'link', entityId: link.id, operation });
    if (known) await setLinkUndone(tx, workspaceId, link.id, null);
    else await insertLinks(tx, workspaceId, [link], now);
    await storeMoves(tx, workspaceId, moves);
    await options.followMoves(change, moves);
    return joined;
  });
}

/** What a link says that follows from a key that both profiles have. */
export type KeyEvidence = Pick<Link, 'firstProfile' | 'secondProfile' | 'scope' | 'origin' | 'evidence'>;

/** The same for the same evidence, whoever gives it. */
export function evidenceText({ firstProfile, secondProfile, scope, evidence }: KeyEvidence): string {
  return `${firstProfile}/${secondProfile}/${scope}/${evidence}`;
}

/** Links that follow from keys, as they are made later than the ingest would have made them; with all that follows from them. */
export async function linkByKeys(
  change: WorkspaceChange,
  evidence: readonly KeyEvidence[],
  followMoves: FollowMoves,
): Promise<void> {
  await insertEvidence(change, evidence);
  await followMoves(change, await settleMemberships(change.tx, change.workspaceId, evidence.flatMap(endsOf)));
}

/** As `linkByKeys`, without what follows from them: that is the caller's. */
export async function insertEvidence(
  { tx, workspaceId, now, record }: WorkspaceChange,
  evidence: readonly KeyEvidence[],
): Promise<void> {
  if (evidence.length === 0) return;
  const links = evidence.map((one): Link => {
    const id = newId(now.getTime());
    const createdSeq = record({ entity: 'link', entityId: id, operation: 'create' });
    return { ...one, id, exclusive: false, rivals: [], createdSeq };
  });
  await insertLinks(tx, workspaceId, links, now);
}

export function endsOf({
  firstProfile,
  secondProfile,
}: Pick<Link, 'firstProfile' | 'secondProfile'>): string[] {
  return [firstProfile, secondProfile];
}

function manualLink(ends: readonly Profile[], given: readonly StoredLink[], seq: number, now: Date) {
  const [first, second] = [...ends].sort((a, b) => (a.id > b.id ? -1 : 1)) as [Profile, Profile];
  const scope = first.nodeId === second.nodeId ? 'record' : 'person';
  const known = given.find(
    (link) =>
      link.origin === 'manual' &&
      link.scope === scope &&
      link.firstProfile === first.id &&
      link.secondProfile === second.id,
  );
  const link: Link = known ?? {
    id: newId(now.getTime()),
    firstProfile: first.id,
    secondProfile: second.id,
    scope,
    origin: 'manual',
    evidence: 'manual',
    exclusive: false,
    rivals: [],
    createdSeq: seq,
  };
  return { link, known };
}

async function readActiveLink(
  tx: Queryable,
  workspaceId: WorkspaceId,
  linkId: string,
): Promise<StoredLink | undefined> {
  const link = await readLink(tx, workspaceId, linkId);
  return link?.undoneAt ? undefined : link;
}

/** Puts the records that are parted into the update stream: each shows, or has events that are shown with it, otherwise from now on. */
function tellParted({ record }: WorkspaceChange, moves: readonly Move[]): void {
  const moved = moves.filter(({ from, to }) => from.record !== to.record);
  const records = new Set(moved.flatMap(({ from, to }) => [from.record, to.record]));
  for (const entityId of records) record({ entity: 'profile', entityId, operation: 'update' });
}

/** A shortest path of links between two profiles; empty when there is none. */
function findPath(links: readonly Link[], from: string, to: string): Link[] {
  const cameBy = new Map<string, { link: Link; previous: string } | undefined>([[from, undefined]]);
  const queue = [from];
  for (let at = queue.shift(); at !== undefined && at !== to; at = queue.shift()) {
    for (const link of links) {
      const next =
        link.firstProfile === at ? link.secondProfile : link.secondProfile === at ? link.firstProfile : at;
      if (cameBy.has(next)) continue;
      cameBy.set(next, { link, previous: at });
      queue.push(next);
    }
  }
  const path: Link[] = [];
  for (let step = cameBy.get(to); step; step = cameBy.get(step.previous)) path.unshift(step.link);
  return path;
}
