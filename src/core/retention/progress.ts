/** What is looked through once and for all: events of a type by time, and those that came when their time had been passed. */
export type RetentionScan = 'events' | 'late-events';

/** How far a scan has come. Which of the members count is the scan's affair. */
export interface Position {
  /** Of what was personal in the type's events when they were looked at. */
  readonly fields: string;
  /** Milliseconds since the epoch; null: before all. */
  readonly at: number | null;
  readonly id: string | null;
  readonly seq: number | null;
}

const start: Position = { fields: '', at: null, id: null, seq: null };

/** Where the scans of a workspace are. Changes are kept until they are written, or forgotten where it is a dry run. */
export class RetentionProgress {
  readonly #positions: Map<string, Position>;
  readonly #moved = new Map<string, { scan: RetentionScan; typeId: number; position: Position }>();

  constructor(positions: ReadonlyMap<string, Position>) {
    this.#positions = new Map(positions);
  }

  /** `typeId` 0: of all types. */
  of(scan: RetentionScan, typeId = 0): Position | undefined {
    return this.#positions.get(progressKey(scan, typeId));
  }

  move(scan: RetentionScan, typeId: number, change: Partial<Position>): void {
    const key = progressKey(scan, typeId);
    const position = { ...(this.#positions.get(key) ?? start), ...change };
    this.#positions.set(key, position);
    this.#moved.set(key, { scan, typeId, position });
  }

  /** The types that the scan of events has begun. */
  get begunTypes(): number[] {
    return [...this.#positions.keys()]
      .map((key) => key.split(':') as [RetentionScan, string])
      .filter(([scan]) => scan === 'events')
      .map(([, typeId]) => Number(typeId));
  }

  get moved() {
    return [...this.#moved.values()];
  }
}

export function progressKey(scan: RetentionScan, typeId: number): string {
  return `${scan}:${typeId}`;
}
