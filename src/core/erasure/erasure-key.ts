import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';
import { join } from 'node:path';
import { prepareDataFolder } from '../../store/data-folder.ts';
import { readOwn, writeNewOwn } from '../../store/own-file.ts';
import { errorCode, StartupError } from '../../store/startup-error.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { type Candidate, candidateText } from './candidate-keys.ts';

/** The file in the data folder: 64 hexadecimal digits. Who has it and the database can try out whose tombstones those are. */
export const erasureKeyFile = 'erasure-key';

const keyPattern = /^[0-9a-f]{64}\n?$/;
/** What comes before the 32 bytes of an Ed25519 private key in PKCS #8 (RFC 8410). */
const privateKeyPrefix = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Ids of keys, as `ErasureKey.id` makes them. */
const keyIdPattern = /^[0-9a-f]{16}$/;

/** The file of another installation's key, of which a workspace that was imported may have tombstones. */
export function otherKeyFile(id: string): string {
  return `${erasureKeyFile}-${id}`;
}

export function isOtherKeyFile(file: string): boolean {
  return file.startsWith(`${erasureKeyFile}-`) && keyIdPattern.test(file.slice(erasureKeyFile.length + 1));
}

/**
 * Where the key is: in `erasure-key`. A workspace that was imported may have tombstones of the key of the installation that it comes from;
 * that one is beside it, in `erasure-key-<id>`.
 */
export class ErasureKeyFile {
  readonly #dataDir: string;
  #own: ErasureKey | undefined;
  readonly #others = new Map<string, ErasureKey>();

  constructor(dataDir: string) {
    this.#dataDir = dataDir;
  }

  /**
   * The key. @param id of the key that the workspace's tombstones were made by; null: it has none yet, and a key is made where there is none
   * @throws StartupError when that key is not there: what comes for the forgotten could not be told from others
   */
  async open(id: string | null): Promise<ErasureKey> {
    // Batches ask each time: the folder is only looked at for the first.
    const known = this.#known(id);
    if (known) return known;
    const folder = await prepareDataFolder(this.#dataDir);
    const path = join(folder, erasureKeyFile);
    this.#own ??= this.#read(path, id === null);
    if (id !== null && keyIdPattern.test(id)) {
      const other = this.#read(join(folder, otherKeyFile(id)), false);
      if (other) this.#others.set(other.id, other);
    }
    const found = this.#known(id);
    if (found) return found;
    throw new StartupError(
      `persons were forgotten by a key that is not the one of ${path}: put the file of then there, or beside it as ${erasureKeyFile}-${id} (docs/erasure.md)`,
    );
  }

  #known(id: string | null): ErasureKey | undefined {
    return id === null || id === this.#own?.id ? this.#own : this.#others.get(id);
  }

  #read(path: string, mayMake: boolean): ErasureKey | undefined {
    try {
      return new ErasureKey(readKey(path));
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
      return mayMake ? new ErasureKey(makeKey(path)) : undefined;
    }
  }
}

/**
 * The key by which keys of forgotten persons are hashed and receipts are signed. It is in the data folder and not in the database, nor
 * in a backup of that: hashes of addresses and numbers without a key are found out by trying.
 */
export class ErasureKey {
  /** Names the key; nothing can be made with it. */
  readonly id: string;
  readonly #hashing: Buffer;
  readonly #signing: KeyObject;

  constructor(secret: Buffer) {
    const part = (name: string) => Buffer.from(hkdfSync('sha256', secret, '', name, 32));
    this.id = part('name').toString('hex').slice(0, 16);
    this.#hashing = part('tombstones');
    this.#signing = createPrivateKey({
      key: Buffer.concat([privateKeyPrefix, part('receipts')]),
      format: 'der',
      type: 'pkcs8',
    });
  }

  /** By it receipts are checked; PEM. */
  get publicKey(): string {
    return createPublicKey(this.#signing).export({ type: 'spki', format: 'pem' });
  }

  /** What a tombstone holds of a key of somebody, or of a profile's id, as hex. */
  hash({ publicId }: Pick<Workspace, 'publicId'>, candidate: Candidate): string {
    const text = `${publicId}\n${candidateText(candidate)}`;
    return createHmac('sha256', this.#hashing).update(text).digest('hex');
  }

  /** The Ed25519 signature of the text in UTF-8, as base64. */
  sign(text: string): string {
    return sign(null, Buffer.from(text), this.#signing).toString('base64');
  }
}

/** Makes the key, or takes that of another process which was quicker. */
function makeKey(path: string): Buffer {
  const secret = randomBytes(32);
  try {
    writeNewOwn(path, `${secret.toString('hex')}\n`);
    return secret;
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    return readKey(path);
  }
}

/** @throws StartupError when the file has no key; else the system's error */
export function readKey(path: string): Buffer {
  return parseKey(path, readOwn(path, 100));
}

/** @param path where the text comes from @throws StartupError when it is no key */
export function parseKey(path: string, text: string): Buffer {
  if (!keyPattern.test(text))
    throw new StartupError(`${path} is no key: put the file of before back (docs/erasure.md)`);
  return Buffer.from(text.trim(), 'hex');
}
