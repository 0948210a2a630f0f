import { randomUUID } from 'node:crypto';
import type { DialectName } from '../../src/core/dialect-name.ts';
import type { NodeSettings } from '../../src/core/node/node.ts';
import { changeConfiguration } from '../../src/core/workspace/change-configuration.ts';
import { NativeClient } from './native-client.ts';

export interface StoredEvent {
  readonly seq: number;
  readonly id: string;
  readonly type: string;
  readonly dialect: DialectName;
  readonly profileId: string;
  readonly personId: string | null;
  readonly sourceId: string | null;
  readonly occurredAt: string;
  readonly properties: Record<string, unknown>;
  /** Members that the dialect did not keep. */
  readonly dropped: readonly string[];
}

export interface QuarantinedEvent {
  readonly id: string;
  readonly dialect: DialectName;
  readonly type: string | null;
  readonly rule: string;
  readonly path: string | null;
  /** As it was sent. */
  readonly raw: string;
}

/**
 * What is stored of a workspace, as tests of the wire look at it: by the native API where that shows it, else by a statement. No
 * other file of such tests knows a table, so that a table can change without them.
 */
export class Store extends NativeClient {
  /** In the order of their seq. */
  async events(): Promise<StoredEvent[]> {
    const found: StoredEvent[] = [];
    for (let afterSeq = 0; ; afterSeq = found.at(-1)!.seq) {
      const { events } = await this.read(`/events?limit=1000&afterSeq=${afterSeq}`);
      if (events.length === 0) return found;
      found.push(...events);
    }
  }

  /** Oldest first, those that were replayed too. */
  async quarantined(): Promise<QuarantinedEvent[]> {
    const ids: string[] = [];
    for (let next = ''; ; ) {
      const page = await this.read(`/quarantine?limit=200&replayed=true${next}`);
      ids.push(...page.events.map(({ id }: { id: string }) => id));
      if (page.next === null) break;
      next = `&next=${encodeURIComponent(page.next)}`;
    }
    return Promise.all(ids.reverse().map((id) => this.read(`/quarantine/${id}`)));
  }

  /** The counters of a dialect that are not zero, such as `stored` or `dropped reserved-event`, of the last 31 days. */
  async accounting(dialect: DialectName): Promise<Record<string, number>> {
    const until = new Date(this.test.app.services.clock());
    const since = new Date(until.getTime() - 31 * 24 * 60 * 60 * 1000);
    const query = new URLSearchParams({ since: since.toISOString(), until: until.toISOString() });
    const { hours }: { hours: AccountedHour[] } = await this.read(`/accounting?${query}`);
    const totals: Record<string, number> = {};
    const add = (name: string, total: number) => {
      if (total !== 0) totals[name] = (totals[name] ?? 0) + total;
    };
    for (const hour of hours.filter((of) => of.dialect === dialect)) {
      for (const outcome of countedOutcomes) add(outcome, hour[outcome]);
      for (const [outcome, counter] of reasonedOutcomes)
        for (const [reason, total] of Object.entries(hour[counter])) add(`${outcome} ${reason}`, total);
      add('link-capped', hour.linksCapped);
    }
    return totals;
  }

  /** Makes another node with the rules of the dialect's own; answers its public id. */
  async addNode(dialect: DialectName): Promise<string> {
    const { id } = this.workspace.created;
    const publicId = randomUUID();
    await changeConfiguration(this.test.app.services, id, new Date(), async ({ tx }) => {
      await tx.query(
        `insert into node (workspace_id, id, public_id, dialect, kind, name, is_default, settings, created_at)
         select workspace_id, 99, $2, dialect, kind, 'Second', false, settings, created_at from node
          where workspace_id = $1 and dialect = $3`,
        [id, publicId, dialect],
      );
    });
    return publicId;
  }

  /** Sets what no API sets: the rules by which a dialect's node finds and keeps its records. */
  async setNode(dialect: DialectName, settings: NodeSettings): Promise<void> {
    const { id } = this.workspace.created;
    await changeConfiguration(this.test.app.services, id, new Date(), async ({ tx }) => {
      await tx.query('update node set settings = $3::text::jsonb where workspace_id = $1 and dialect = $2', [
        id,
        dialect,
        JSON.stringify(settings),
      ]);
    });
  }
}

const countedOutcomes = ['received', 'stored', 'duplicate', 'quarantined', 'derived', 'deleted'] as const;
const reasonedOutcomes = [
  ['dropped', 'droppedBy'],
  ['refused', 'refusedBy'],
  ['attribute-dropped', 'attributesDroppedBy'],
] as const;

type AccountedHour = { readonly dialect: string; readonly linksCapped: number } & {
  readonly [outcome in (typeof countedOutcomes)[number]]: number;
} & { readonly [counter in (typeof reasonedOutcomes)[number][1]]: Record<string, number> };
