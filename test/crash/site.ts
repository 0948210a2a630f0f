import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CredentialsFile } from '../../src/core/workspace/credentials-file.ts';
import type { Disk } from './disk.ts';
import { removeDataFolder, type ServerProcess, startServerProcess } from './server.ts';

export interface SiteOptions {
  /** Where the run keeps what is its own. */
  readonly folder: string;
  /** A disk of its own for the data folder, where this machine lets us have one. */
  readonly disk: Disk | undefined;
  /** Of the server's command line. */
  readonly settings: readonly string[];
}

/** What faults befall: the server with its data folder, its clock, and the network between it and its clients. */
export class Site {
  readonly dataDir: string;
  readonly logFile: string;
  readonly disk: Disk | undefined;
  /** Whether clients lose their connections in the middle of what they say or hear. */
  cuttingConnections = false;
  readonly #clockFile: string;
  readonly #settings: readonly string[];
  #server: ServerProcess | undefined;

  constructor({ folder, disk, settings }: SiteOptions) {
    const place = disk?.path ?? folder;
    this.dataDir = join(place, 'data');
    // On the same disk: when it is full, so is the log's.
    this.logFile = join(place, 'server.log');
    this.disk = disk;
    this.#clockFile = join(folder, 'clock');
    this.#settings = settings;
  }

  get isNew(): boolean {
    return !existsSync(join(this.dataDir, 'postgres'));
  }

  get server(): ServerProcess {
    if (!this.#server) throw new Error('the server was not started');
    return this.#server;
  }

  get baseUrl(): string {
    return this.server.baseUrl;
  }

  get credentials(): CredentialsFile {
    return this.server.credentials;
  }

  /** Starts the server, again or for the first time. */
  async start(): Promise<void> {
    const { dataDir, logFile } = this;
    this.#server = await startServerProcess({
      dataDir,
      logFile,
      clockFile: this.#clockFile,
      settings: this.#settings,
    });
  }

  /** By SIGTERM. @throws Error when it does not end well */
  async stop(): Promise<void> {
    const code = await this.server.stop();
    if (code !== 0)
      throw new Error(`the server ended with ${code} after SIGTERM; its log is ${this.logFile}`);
  }

  /** Sets the server's clock forward or back, by milliseconds from the real time. */
  setClock(shift: number): void {
    writeFileSync(this.#clockFile, String(shift));
  }

  /** Ends all and removes the data. */
  async remove(): Promise<void> {
    await removeDataFolder(this.dataDir);
  }
}
