/** What stands at the beginning of a backup, as JSON. */
export interface BackupManifest {
  readonly format: typeof backupFormat;
  readonly version: typeof backupVersion;
  /** RFC 3339. */
  readonly madeAt: string;
  /** The version of Throughline that made it. */
  readonly throughline: string;
  /** The major version of PostgreSQL, the only one that can read the cluster. */
  readonly postgresql: string;
  /** What the cluster comes to, about, without its log. */
  readonly clusterBytes: number;
  /** Of each workspace in which somebody had been forgotten. */
  readonly erasures: readonly LastErasure[];
}

export interface LastErasure {
  /** Of the key that its tombstones are made by. */
  readonly keyId: string;
  /** The id of the newest erasure. */
  readonly erasure: string;
}

export const backupFormat = 'throughline-backup';
export const backupVersion = 1;

/** The archive's first entry: the manifest. */
export const beginningFile = 'backup.json';
/** Its second, with all that is in it: the cluster, as it lies in a data folder. */
export const clusterFolder = 'postgres';
/** Its last: what proves that nothing before it is missing or changed. */
export const endFile = 'backup-end.json';

/** The manifest that a text is; undefined when it is none, or of another format. */
export function readManifest(text: string): BackupManifest | undefined {
  const manifest = parse(text);
  return isManifest(manifest) ? manifest : undefined;
}

export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isManifest(value: unknown): value is BackupManifest {
  if (typeof value !== 'object' || value === null) return false;
  const has = (name: string, type: string) => typeof Reflect.get(value, name) === type;
  return (
    Reflect.get(value, 'format') === backupFormat &&
    Reflect.get(value, 'version') === backupVersion &&
    ['madeAt', 'throughline', 'postgresql'].every((name) => has(name, 'string')) &&
    has('clusterBytes', 'number') &&
    Array.isArray(Reflect.get(value, 'erasures'))
  );
}
