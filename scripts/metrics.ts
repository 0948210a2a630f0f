// The house in numbers, by the compiler's own parser: sizes of files and functions, casts, assertions, comments. `npm run metrics`;
// docs/decisions keep the tables, so that a change of the structure can be held against them.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Node, type SourceFile, SyntaxKind } from 'typescript/unstable/ast';
import { API } from 'typescript/unstable/sync';

const root = join(import.meta.dirname, '..');

interface Measures {
  readonly files: number[];
  readonly functions: number[];
  any: number;
  casts: number;
  nonNull: number;
  suppressions: number;
  commentLines: number;
  filledLines: number;
}

const rooms: readonly { readonly name: string; readonly pattern: string }[] = [
  { name: 'src', pattern: 'src/**/*.ts' },
  ...globSync('src/*/', { cwd: root })
    .sort()
    .map((folder) => ({ name: `· ${folder.slice(4)}`, pattern: `${folder}/**/*.ts` })),
  ...globSync('src/dialects/*/', { cwd: root })
    .sort()
    .map((folder) => ({ name: `·· ${folder.slice(13)}`, pattern: `${folder}/**/*.ts` })),
  { name: 'test', pattern: 'test/**/*.ts' },
];

/** What has a body. */
const functionKinds: ReadonlySet<SyntaxKind> = new Set([
  SyntaxKind.FunctionDeclaration,
  SyntaxKind.FunctionExpression,
  SyntaxKind.ArrowFunction,
  SyntaxKind.MethodDeclaration,
  SyntaxKind.Constructor,
  SyntaxKind.GetAccessor,
  SyntaxKind.SetAccessor,
]);

function measure(sources: readonly SourceFile[]): Measures {
  const measures: Measures = {
    files: [],
    functions: [],
    any: 0,
    casts: 0,
    nonNull: 0,
    suppressions: 0,
    commentLines: 0,
    filledLines: 0,
  };
  for (const source of sources) measureFile(source, measures);
  return measures;
}

function measureFile(source: SourceFile, measures: Measures): void {
  const { text } = source;
  const lines = text.split('\n');
  measures.files.push(lines.length - 1);
  const filled = lines.filter((line) => line.trim() !== '');
  measures.filledLines += filled.length;
  measures.commentLines += filled.filter((line) => /^\s*(?:\/\/|\/\*|\*)/.test(line)).length;
  measures.suppressions += (text.match(/biome-ignore|@ts-(?:ignore|expect-error)/g) ?? []).length;
  const visit = (node: Node): void => {
    measureNode(node, text, measures);
    node.forEachChild(visit);
  };
  source.forEachChild(visit);
}

function measureNode(node: Node, text: string, measures: Measures): void {
  if (node.kind === SyntaxKind.AnyKeyword) measures.any++;
  if (node.kind === SyntaxKind.NonNullExpression) measures.nonNull++;
  if (node.kind === SyntaxKind.AsExpression && !/\bas const$/.test(textOf(node, text))) measures.casts++;
  if (node.kind === SyntaxKind.Block && node.parent && functionKinds.has(node.parent.kind))
    measures.functions.push(textOf(node, text).trim().split('\n').length);
}

function textOf(node: Node, text: string): string {
  return text.slice(node.pos, node.end);
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function rowOf(name: string, measures: Measures): string {
  const { files, functions, any, casts, nonNull, suppressions } = measures;
  const lines = files.reduce((sum, length) => sum + length, 0);
  const perThousand = (count: number) => ((count * 1000) / lines).toFixed(1);
  const spread = (values: readonly number[]) =>
    `${percentile(values, 0.5)}/${percentile(values, 0.9)}/${percentile(values, 1)}`;
  const comment = `${((measures.commentLines * 100) / measures.filledLines).toFixed(1)} %`;
  const cells = [
    name,
    files.length,
    lines,
    spread(files),
    functions.length,
    spread(functions),
    any,
    perThousand(casts),
    perThousand(nonNull),
    comment,
    suppressions,
  ];
  return `| ${cells.join(' | ')} |`;
}

const api = new API({ cwd: root });
const snapshot = api.updateSnapshot({ openProjects: [join(root, 'tsconfig.json')] });
const program = snapshot.getProjects()[0]?.program;
if (!program) throw new Error('the compiler has not opened tsconfig.json');
const sources = new Map(
  globSync(['src/**/*.ts', 'test/**/*.ts'], { cwd: root }).map((path) => {
    const source = program.getSourceFile(join(root, path));
    if (!source) throw new Error(`${path} is not in tsconfig.json`);
    return [path, source] as const;
  }),
);
console.log(
  '| | files | lines | file med/p90/max | functions | fn med/p90/max | any | as/kLOC | !/kLOC | comment | suppressions |',
);
console.log('|---|---|---|---|---|---|---|---|---|---|---|');
for (const { name, pattern } of rooms) {
  const found = globSync(pattern, { cwd: root }).map((path) => sources.get(path)!);
  if (found.length > 0) console.log(rowOf(name, measure(found)));
}
const casts = globSync('src/**/*.ts', { cwd: root }).flatMap(
  (path) => readFileSync(join(root, path), 'utf8').match(/request\.(?:query|params|body) as\b/g) ?? [],
);
console.log(`\ncasts of request.(query|params|body): ${casts.length}`);
api.close();
