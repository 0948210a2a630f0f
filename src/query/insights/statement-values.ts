import type { WorkspaceId } from '../../core/workspace/workspace.ts';
import type { Span } from '../../projections/rollups/zone-spans.ts';
import type { Parameter } from '../../store/queryable.ts';
import { spanParameters, spanRows } from './fetch-insights.ts';

/** The values of a statement that is put together, each with its placeholder. The first is the workspace. */
export class StatementValues {
  readonly #values: Parameter[];

  constructor(workspaceId: WorkspaceId) {
    this.#values = [workspaceId];
  }

  get all(): readonly Parameter[] {
    return this.#values;
  }

  /** The placeholder of a value. */
  add(value: Parameter): string {
    this.#values.push(value);
    return `$${this.#values.length}`;
  }

  /** SQL of spans as rows `span`. */
  addSpans(spans: readonly Span[]): string {
    const [starts = null, ends = null, seconds = null] = spanParameters(spans);
    return spanRows(this.add(starts), this.add(ends), this.add(seconds));
  }
}
