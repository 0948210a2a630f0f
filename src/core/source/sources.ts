import type { DialectName } from '../dialect-name.ts';
import type { Source } from './source.ts';

/** The sources of a workspace by number, and by the names that events call them by: a workspace may have thousands of lists. */
export class Sources extends Map<number, Source> {
  readonly #byName = new Map<string, Source>();
  readonly #byPublicId = new Map<string, Source>();

  constructor(sources: readonly Source[]) {
    super(sources.map((source) => [source.id, source]));
    for (const source of sources) {
      this.#byName.set(nameOf(source.dialect, source.kind, source.externalId), source);
      this.#byPublicId.set(source.publicId, source);
    }
  }

  /** By the vendor's own id. */
  byName(dialect: DialectName, kind: string, externalId: string): Source | undefined {
    return this.#byName.get(nameOf(dialect, kind, externalId));
  }

  byPublicId(publicId: string): Source | undefined {
    return this.#byPublicId.get(publicId);
  }
}

function nameOf(dialect: DialectName, kind: string, externalId: string): string {
  return `${dialect}\n${kind}\n${externalId}`;
}
