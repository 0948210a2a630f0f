/** Part of `npm run lint`. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '..', 'sql');

/**
 * What is wrong with the migrations of sql/, one line each: a file that was edited, since databases that applied it would be refused, or
 * one that sql/SHA256SUMS does not hold to its text yet.
 */
export function findMigrationProblems(): string[] {
  const lines = readFileSync(join(folder, 'SHA256SUMS'), 'utf8').trim().split('\n');
  const listed = new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)]));
  const files = ['', 'citus/'].flatMap((under) =>
    readdirSync(join(folder, under))
      .filter((name) => name.endsWith('.sql'))
      .map((name) => under + name),
  );
  const problems = files.flatMap((name) => {
    const checksum = createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex');
    const expected = listed.get(name);
    listed.delete(name);
    if (expected === checksum) return [];
    return expected === undefined
      ? [`sql/${name} has no line in sql/SHA256SUMS; add "${checksum}  ${name}"`]
      : [`sql/${name} was edited; take it back, and put the change into a file of its own`];
  });
  for (const name of listed.keys()) problems.push(`sql/${name} is gone; databases have applied it`);
  const names = lines.map((line) => line.slice(66));
  if (names.join() !== names.toSorted(byFolderAndNumber).join())
    problems.push(
      'sql/SHA256SUMS is out of order; put the files of sql/ first, then those of sql/citus/, by number',
    );
  return problems;
}

function byFolderAndNumber(one: string, other: string): number {
  const isCitus = (name: string) => Number(name.startsWith('citus/'));
  return isCitus(one) - isCitus(other) || (one < other ? -1 : 1);
}

if (import.meta.main) {
  const problems = findMigrationProblems();
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
