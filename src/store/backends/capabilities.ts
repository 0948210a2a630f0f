/** Where the tables live. Code asks a flag below, never this name; it is for logs and for people. */
export type BackendKind = 'embedded' | 'external' | 'distributed';

export type Capabilities = Readonly<{
  /** The database server is our child: we start, restart and stop it, and the data folder holds its files. */
  ownsServer: boolean;
  /** `migrate` spreads the tenant tables over several machines, by workspace (sql/citus/). */
  distributesTables: boolean;
}>;

/** The one table of what differs between the backends. */
export const capabilitiesOf: Readonly<Record<BackendKind, Capabilities>> = {
  embedded: { ownsServer: true, distributesTables: false },
  external: { ownsServer: false, distributesTables: false },
  distributed: { ownsServer: false, distributesTables: true },
};
