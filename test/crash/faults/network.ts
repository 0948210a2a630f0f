import type { Fault } from './fault.ts';

/** Half of what clients send is cut: in the middle of its body, behind it, or when its answer begins. */
export const connectionsCut: Fault = {
  name: 'connections cut',
  async make(site) {
    site.cuttingConnections = true;
    return {
      lasts: 1_500,
      async lift() {
        site.cuttingConnections = false;
      },
    };
  },
};
