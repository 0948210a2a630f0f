import type { Fault } from './fault.ts';

/** No byte is left on the disk of data and log; then there is room again. */
export const diskFull: Fault = {
  name: 'disk full',
  needsDisk: true,
  async make({ disk }, random) {
    await disk?.fill();
    // What the database gives back meanwhile is taken, too.
    const again = setInterval(() => void disk?.fill(), 200);
    const lasts = Math.round(random.between(1_000, 5_000));
    return {
      detail: `for ${lasts} ms`,
      lasts,
      async lift() {
        clearInterval(again);
        await disk?.empty();
      },
    };
  },
};

/**
 * The file system turns itself read-only, as ext4 does when the device fails, and what was not flushed is lost. An operator stops what is
 * there, mounts it again and starts the server.
 */
export const diskFailed: Fault = {
  name: 'file system failed (read-only)',
  needsDisk: true,
  async make(site, random) {
    await site.disk?.fail();
    const lasts = Math.round(random.between(500, 3_000));
    const isStopped = random.next() < 0.5;
    return {
      detail: `for ${lasts} ms, then ${isStopped ? 'stopped' : 'killed'}`,
      lasts,
      async lift() {
        if (isStopped) await site.stop();
        else await site.server.kill(true);
        await site.disk?.unmount();
        await site.disk?.mount();
        await site.start();
      },
    };
  },
};
