import type { Random } from '../random.ts';
import type { Fault } from './fault.ts';

const minute = 60_000;
/**
 * To either side of the real time. A repeat under a vendor's key of four hours is one by the server's clock: two jumps in the same direction
 * must not come to more.
 */
const furthest = 110 * minute;

function choose(random: Random): number {
  const shift = random.between(10 * minute, furthest) * (random.next() < 0.5 ? -1 : 1);
  return Math.round(shift);
}

function say(shift: number): string {
  return `${shift > 0 ? '+' : ''}${Math.round(shift / minute)} min`;
}

/** The clock of the server's process is set while it works: forward or back, then as far to the other side, then right again. */
export const clockSet: Fault = {
  name: 'clock set while running',
  async make(site, random) {
    const first = choose(random);
    site.setClock(first);
    const turn = setTimeout(() => site.setClock(-first), 800);
    return {
      detail: `${say(first)}, then ${say(-first)}`,
      lasts: 1_600,
      async lift() {
        clearTimeout(turn);
        site.setClock(0);
      },
    };
  },
};

/** Killed at one time of day and started at another, as a machine whose clock was wrong before or is wrong now. */
export const clockSetAtRestart: Fault = {
  name: 'clock set at a restart',
  async make(site, random) {
    const shift = choose(random);
    await site.server.kill(random.next() < 0.5);
    site.setClock(shift);
    await site.start();
    return {
      detail: say(shift),
      lasts: 800,
      async lift() {
        await site.server.kill(false);
        site.setClock(0);
        await site.start();
      },
    };
  },
};
