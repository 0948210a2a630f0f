import type { Cluster } from './cluster-store.ts';

/** What of a cluster is as it should be, and what an operator should do about the rest, a line each. */
export function describeCluster(cluster: Cluster): string[] {
  const { nodes, shards, distributed, onEveryNode, onCoordinator, unidentified } = cluster;
  const holding = nodes.filter(({ holdsShards }) => holdsShards);
  const where = holding.map(nameNode).join(', ');
  const lines = [
    `${distributed} tables are distributed by workspace in ${shards} shards over ${countNodes(holding.length)} (${where}); ${onEveryNode} are on every node, ${onCoordinator} are the coordinator's alone`,
  ];
  if (!nodes.some(({ isCoordinator }) => !isCoordinator))
    lines.push(
      "there is no worker yet: select citus_add_node('host', 5432) on the coordinator adds one, and select citus_rebalance_start() brings it shards",
    );
  const own = nodes.find(({ isCoordinator }) => isCoordinator);
  if (own && isLoopbackName(own.host))
    lines.push(
      `the coordinator is known as ${own.host}, by which no worker reaches it: select citus_set_coordinator_host('its address', ${own.port})`,
    );
  if (unidentified.length > 0)
    lines.push(
      `shards can't be moved while they are written: no replica identity of ${unidentified.join(', ')}`,
    );
  return lines;
}

export function nameNode({ host, port }: { readonly host: string; readonly port: number }): string {
  return `${host}:${port}`;
}

function countNodes(count: number): string {
  return count === 1 ? 'one node' : `${count} nodes`;
}

function isLoopbackName(host: string): boolean {
  return host === 'localhost';
}
