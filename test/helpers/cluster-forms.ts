import { subscribe } from 'node:diagnostics_channel';

const seen = new Set<string>();
const refused = new Set<string>();

subscribe('throughline.statement', (message) => {
  const statement = String(message);
  if (seen.has(statement)) return;
  seen.add(statement);
  const why = refusedByCluster(statement);
  if (why !== undefined) refused.add(`${why}: ${statement}`);
});

/** What this process has sent that a cluster would not take; for what is put together of pieces no other text shows it. */
export function refusedSoFar(): ReadonlySet<string> {
  return refused;
}

/**
 * Why a Citus cluster would not take a statement that PostgreSQL takes, or would make something else of it: the forms that were refused when they
 * were tried on one (docs/decisions/0022-citus.md). Undefined of a statement that has none of them.
 */
export function refusedByCluster(statement: string): string | undefined {
  const { parts, rest } = takeApart(statement);
  if (parts.length === 0) return undefined;
  if (verbOf(rest) === 'insert')
    return 'tables in a `with` before an `insert` are called by names that workers do not have: it stands behind the `insert`, or that is a part, too';
  if (!parts.some(({ text }) => verbOf(text) === 'insert')) return undefined;
  if (/^\s*with\s+recursive\b/.test(statement)) return 'what is recursive has no part that inserts';
  return readBehindChange([...parts, { name: 'what follows', text: rest }]);
}

interface Part {
  readonly name: string;
  readonly text: string;
}

/** Where one of them inserts, the parts are statements one after the other there: they see what those before have changed. */
function readBehindChange(parts: readonly Part[]): string | undefined {
  const changed = new Set<string>();
  for (const { name, text } of parts) {
    const read = text.replace(/^\s*delete\s+from\s+\w+/, '').matchAll(/\b(?:from|join|using)\s+(\w+)/g);
    for (const [, table = ''] of read)
      if (changed.has(table))
        return `${name} reads ${table}, which a part before it changes: a cluster shows it the change`;
    const own = /^\s*(?:insert\s+into|update|delete\s+from)\s+(\w+)/.exec(text)?.[1];
    if (own !== undefined) changed.add(own);
  }
  return undefined;
}

function verbOf(text: string): string | undefined {
  return /^\s*(select|insert|update|delete)\b/.exec(text)?.[1];
}

/** The parts of the `with` that a statement begins with, and what follows them. */
function takeApart(statement: string): { readonly parts: readonly Part[]; readonly rest: string } {
  const parts: Part[] = [];
  let rest = statement.replace(/^\s*with\s+(?:recursive\s+)?/, '');
  while (rest !== statement) {
    const [head, name] =
      /^[\s,]*(\w+)(?:\s*\([^)]*\))?\s+as\s+(?:(?:not\s+)?materialized\s*)?\(/.exec(rest) ?? [];
    if (head === undefined || name === undefined) break;
    const end = closingOf(rest, head.length);
    parts.push({ name, text: rest.slice(head.length, end) });
    rest = rest.slice(end + 1);
  }
  return { parts, rest };
}

/** Where the bracket closes that is open at `from`; those in texts are no brackets. */
function closingOf(statement: string, from: number): number {
  let open = 1;
  for (const { 0: sign, index } of statement.matchAll(/'[^']*'|[()]/g)) {
    if (index < from) continue;
    if (sign === '(') open++;
    else if (sign === ')' && --open === 0) return index;
  }
  return statement.length;
}
