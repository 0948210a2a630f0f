import type { Workspace } from '../../core/workspace/workspace.ts';
import type { Look } from './read-changes.ts';

/** So many looks are kept at most for readers who are behind the one that made them; of usual changes each is a quarter of a megabyte. */
const mostKept = 8;
/** A look of more characters is shared while it is made, and not kept. */
const longestKept = 512 * 1024;

interface Made {
  readonly workspace: Workspace;
  /** Of the count of moments. */
  readonly at: number;
  readonly look: Promise<Look>;
}

/**
 * What readers of one workspace's changes look at in the same time is read once. A reader takes a look that was begun after he came, so
 * that what he is told is as new as if he had looked himself: nobody misses what was written before he asked, or sees what was erased.
 * The workspace is the same object only for those who see the same of it, under the same configuration.
 */
class LooksInCommon {
  readonly #made = new Map<string, Made>();
  #moments = 0;
  #readers = 0;

  /** How a reader who comes now looks. */
  enter(workspace: Workspace): ReaderOfLooks {
    const came = ++this.#moments;
    this.#readers++;
    return {
      look: (asked, make) => {
        const key = `${workspace.id} ${asked}`;
        const made = this.#made.get(key);
        // What somebody else has asked may end with him: he hangs up, or his workspace's line was too long for him.
        if (made && made.workspace === workspace && made.at > came) return made.look.catch(make);
        const look = make();
        if (this.#readers > 1) this.#keep(key, { workspace, at: ++this.#moments, look });
        return look;
      },
      leave: () => {
        this.#readers--;
        if (this.#readers === 0) this.#made.clear();
      },
    };
  }

  #keep(key: string, made: Made): void {
    this.#made.delete(key);
    this.#made.set(key, made);
    const [oldest] = this.#made.keys();
    if (oldest !== undefined && this.#made.size > mostKept) this.#made.delete(oldest);
    const drop = () => {
      if (this.#made.get(key) === made) this.#made.delete(key);
    };
    made.look.then(({ changes }) => {
      if (!isShort(changes.map(({ event }) => event?.telling ?? ''))) drop();
    }, drop);
  }
}

/** Looks for one reader, who has to leave when he needs no more. */
export interface ReaderOfLooks {
  /** The look that `asked` names: one that another reader has begun since this one came, or one that is made now. */
  look(asked: string, make: () => Promise<Look>): Promise<Look>;
  leave(): void;
}

/** Whether what was read of a look's changes is short enough to be kept for others. */
export function isShort(texts: readonly string[]): boolean {
  return texts.reduce((sum, text) => sum + text.length, 0) <= longestKept;
}

export const looksInCommon = new LooksInCommon();
