import { readdir, readFile } from 'node:fs/promises';
import type { BenchServer } from './bench-server.ts';

/** Processor time in microseconds: of the server's process, of PostgreSQL's below it, and of the bench itself, which is the client. */
interface ProcessorTime {
  readonly node: number;
  readonly postgres: number;
  readonly client: number;
}

/**
 * Does something and says what processor time each of its items took, for a report's detail; nothing where there is no /proc. On a machine
 * with other work to do it tells more than rates do.
 */
export async function withProcessorTime<Done>(
  { pid }: BenchServer,
  run: () => Promise<Done>,
  itemsOf: (done: Done) => number,
): Promise<{ done: Done; processor: string }> {
  const before = await readProcessorTime(pid);
  const done = await run();
  const after = await readProcessorTime(pid);
  if (!before || !after) return { done, processor: '' };
  const items = itemsOf(done);
  const [node, postgres, client] = (['node', 'postgres', 'client'] as const).map((part) =>
    ((after[part] - before[part]) / items).toPrecision(3),
  );
  return {
    done,
    processor: `; processor µs each: Node.js ${node}, PostgreSQL ${postgres}, client ${client}`,
  };
}

async function readProcessorTime(serverPid: number): Promise<ProcessorTime | undefined> {
  const processes = await readProcesses();
  const server = processes.get(serverPid);
  if (!server) return undefined;
  const { user, system } = process.cpuUsage();
  return { node: server.own, postgres: timeBelow(serverPid, processes), client: user + system };
}

interface Process {
  readonly parent: number;
  readonly own: number;
  /** Of children that have ended. */
  readonly ended: number;
}

function timeBelow(pid: number, processes: ReadonlyMap<number, Process>): number {
  let time = 0;
  for (const [id, { parent, own, ended }] of processes)
    if (parent === pid) time += own + ended + timeBelow(id, processes);
  return time;
}

/** All that run, by their ids; none where there is no /proc. */
async function readProcesses(): Promise<Map<number, Process>> {
  const names = await readdir('/proc').catch(() => []);
  const ids = names.map(Number).filter((id) => Number.isInteger(id));
  const stats = await Promise.all(
    ids.map((id) => readFile(`/proc/${id}/stat`, 'utf8').catch(() => undefined)),
  );
  return new Map(ids.flatMap((id, index) => (stats[index] ? [[id, readStat(stats[index])] as const] : [])));
}

/** A hundredth of a second, on every Linux. */
const tickMicroseconds = 10_000;

/** proc(5); the name in brackets, which may hold anything, is the second field. */
function readStat(stat: string): Process {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const field = (number: number) => Number(fields[number - 3]);
  return {
    parent: field(4),
    own: (field(14) + field(15)) * tickMicroseconds,
    ended: (field(16) + field(17)) * tickMicroseconds,
  };
}
