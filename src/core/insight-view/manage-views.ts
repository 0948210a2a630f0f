import type { Database } from '../../store/database.ts';
import { newId } from '../id.ts';
import { changeWorkspace } from '../workspace/change-workspace.ts';
import type { WorkspaceId } from '../workspace/workspace.ts';
import { deleteView, type InsightView, readViews, writeView } from './insight-view-store.ts';

export const maximumViews = 200;

/** Why a view is not as it was asked for. */
export type ViewRefusal = 'no-such-view' | 'name-taken' | 'too-many';

type Services = { readonly database: Pick<Database, 'sessions'> };
type WantedView = Pick<InsightView, 'name' | 'question'>;

/** Saves a question under a name of its own. */
export function addView(
  services: Services,
  workspaceId: WorkspaceId,
  wanted: WantedView,
  now: Date,
): Promise<InsightView | ViewRefusal> {
  return changeWorkspace(services, workspaceId, now, async ({ tx }) => {
    const known = await readViews(tx, workspaceId);
    if (known.length >= maximumViews) return 'too-many';
    if (known.some(({ name }) => name === wanted.name)) return 'name-taken';
    const view = { id: newId(now.getTime()), ...wanted, createdAt: now, updatedAt: now };
    await writeView(tx, workspaceId, view, now);
    return view;
  });
}

/** Puts another name and question in place of a view's. */
export function changeView(
  services: Services,
  workspaceId: WorkspaceId,
  id: string,
  wanted: WantedView,
  now: Date,
): Promise<InsightView | ViewRefusal> {
  return changeWorkspace(services, workspaceId, now, async ({ tx }) => {
    const known = await readViews(tx, workspaceId);
    const before = known.find((view) => view.id === id);
    if (!before) return 'no-such-view';
    if (known.some((other) => other.id !== id && other.name === wanted.name)) return 'name-taken';
    const view = { ...before, ...wanted, updatedAt: now };
    await writeView(tx, workspaceId, view, now);
    return view;
  });
}

/** Answers whether there was one. */
export function removeView(
  services: Services,
  workspaceId: WorkspaceId,
  id: string,
  now: Date,
): Promise<boolean> {
  return changeWorkspace(services, workspaceId, now, ({ tx }) => deleteView(tx, workspaceId, id));
}
