import { join } from 'node:path';
import { HBA_FILE } from './access.ts';

/**
 * The server's settings, given on its command line so that a data folder holds none of ours. Sized for a small machine (two
 * cores, 2 GB) that also runs the engine.
 */
export const serverSettings: Readonly<Record<string, string>> = {
  // No TCP: the socket in a private folder is the only way in (access.ts).
  listen_addresses: '',
  unix_socket_permissions: '0700',
  max_connections: '130',
  // An acknowledgement promises storage, so neither of these may ever be relaxed here.
  fsync: 'on',
  synchronous_commit: 'on',
  shared_buffers: '256MB',
  effective_cache_size: '1GB',
  work_mem: '16MB',
  maintenance_work_mem: '128MB',
  // Each page's first change after a checkpoint is logged whole: rarer checkpoints and compressed pages keep the log small.
  max_wal_size: '2GB',
  min_wal_size: '256MB',
  checkpoint_timeout: '15min',
  wal_compression: 'on',
  // Solid-state storage: a random page costs about what a sequential one does.
  random_page_cost: '1.1',
  // Statements are short and prepared; compiling one costs more than it saves, and would do so in the ingest path too.
  jit: 'off',
  // A report must not take the second core from the ingest path; parallel plans also need more /dev/shm than a container gives.
  max_parallel_workers_per_gather: '0',
  // The head rows are updated at every commit: dead versions have to go soon.
  autovacuum_naptime: '15s',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // Errors of statements carry values, so personal data; the engine reports them without. The server's own events stay.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_checkpoints: 'off',
};

/** The settings as arguments of `postgres`. */
export function settingArguments(
  cluster: string,
  socketFolder: string,
  overrides: Readonly<Record<string, string>>,
): string[] {
  const settings = {
    ...serverSettings,
    ...overrides,
    unix_socket_directories: socketFolder,
    // Whatever postgresql.conf names: it is ours that says who may enter.
    hba_file: join(cluster, HBA_FILE),
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
