import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm, statfs, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Of the image; it takes no more of the real disk than is written. */
const imageBytes = 6 * 1024 ** 3;
const unmountPatienceMilliseconds = 15_000;

/**
 * A file system of the run's own, in a file, that can be filled and can fail without harm to the machine's. It needs root, a loop device and
 * mkfs.ext4.
 */
export class Disk {
  readonly path: string;
  readonly #image: string;

  constructor(folder: string) {
    this.path = join(folder, 'disk');
    this.#image = join(folder, 'disk.img');
  }

  /** Makes it, or takes the one that stands. @throws Error with the reason when this machine does not allow it */
  async open(): Promise<void> {
    if (process.platform !== 'linux' || process.getuid?.() !== 0)
      throw new Error('only root may mount, on Linux');
    if (!existsSync(this.#image)) {
      const { bavail, bsize } = await statfs(join(this.#image, '..'));
      if (bavail * bsize < imageBytes) throw new Error('there is less room than it may take');
      await writeFile(this.#image, '');
      await truncate(this.#image, imageBytes);
      try {
        await run('mkfs.ext4', ['-q', '-F', '-m', '0', this.#image]);
      } catch (error) {
        await rm(this.#image);
        throw error;
      }
    }
    await mkdir(this.path, { recursive: true });
    await this.mount();
  }

  async mount(): Promise<void> {
    if (await this.#isMounted()) return;
    // Barriers are for a machine that loses its power. What is killed here is not the machine, and each would be one of the real disk's.
    await run('mount', ['-o', 'loop,barrier=0', this.#image, this.path]);
  }

  /** Nothing may use it any more; what has just been killed may do so for a moment. */
  async unmount(): Promise<void> {
    for (const until = performance.now() + unmountPatienceMilliseconds; await this.#isMounted(); ) {
      try {
        await run('umount', [this.path]);
      } catch (error) {
        if (performance.now() > until) throw error;
        await delay(50);
      }
    }
  }

  /** Takes all the room that is left. */
  async fill(): Promise<void> {
    for (let part = 0; ; part++) {
      const { bavail, bsize } = await statfs(this.path);
      if (bavail === 0) return;
      try {
        await run('fallocate', ['-l', String(bavail * bsize), join(this.path, `filler-${part % 100}`)]);
      } catch {
        // The tables of the file system need some of it, too: the rest is written until nothing goes in.
        await writeFile(join(this.path, 'filler-rest'), Buffer.alloc(bavail * bsize)).catch(() => undefined);
        return;
      }
    }
  }

  async empty(): Promise<void> {
    const names = [...Array.from({ length: 100 }, (_, part) => `filler-${part}`), 'filler-rest'];
    await Promise.all(names.map((name) => rm(join(this.path, name), { force: true })));
  }

  /** As ext4 does by itself when the device below it fails: nothing more is written, and nothing of what was not flushed. */
  async fail(): Promise<void> {
    await run('mount', ['-o', 'remount,abort', this.path]);
  }

  async remove(): Promise<void> {
    await this.unmount();
    await rm(this.#image, { force: true });
    await rm(this.path, { recursive: true, force: true });
  }

  async #isMounted(): Promise<boolean> {
    try {
      await run('mountpoint', ['-q', this.path]);
      return true;
    } catch {
      return false;
    }
  }
}
