import type { News, OtherProcesses } from '../core/together.ts';
import type { WorkspaceId } from '../core/workspace/workspace.ts';

/** However many commits a second there are, others hear of them ten times at most. */
const gatherMilliseconds = 100;

export interface Spreading {
  /** It does not fail. */
  readonly news: (news: News) => Promise<void>;
  readonly commits: (workspaceIds: readonly WorkspaceId[]) => void;
}

/** One process's end of what processes tell each other. */
export class Others implements OtherProcesses {
  readonly #spread: Spreading;
  readonly #newsListeners: ((news: News) => Promise<void>)[] = [];
  readonly #commitListeners: ((workspaceId: WorkspaceId) => void)[] = [];
  readonly #committed = new Set<WorkspaceId>();

  constructor(spread: Spreading) {
    this.#spread = spread;
  }

  tell(news: News): Promise<void> {
    return this.#spread.news(news);
  }

  onNews(listener: (news: News) => Promise<void>): void {
    this.#newsListeners.push(listener);
  }

  committed(workspaceId: WorkspaceId): void {
    const isFirst = this.#committed.size === 0;
    this.#committed.add(workspaceId);
    if (!isFirst) return;
    setTimeout(() => {
      const workspaceIds = [...this.#committed];
      this.#committed.clear();
      this.#spread.commits(workspaceIds);
    }, gatherMilliseconds).unref();
  }

  onCommit(listener: (workspaceId: WorkspaceId) => void): void {
    this.#commitListeners.push(listener);
  }

  /** Resolves when this process goes by it. */
  async hear(news: News): Promise<void> {
    await Promise.all(this.#newsListeners.map((listener) => listener(news)));
  }

  hearOfCommits(workspaceIds: readonly WorkspaceId[]): void {
    for (const workspaceId of workspaceIds)
      for (const listener of this.#commitListeners) listener(workspaceId);
  }
}
