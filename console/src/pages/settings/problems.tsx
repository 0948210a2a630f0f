import { Problem } from '../../api/problem.ts';
import { Failure } from '../../components/states.tsx';

/** What is wrong with a member of what was sent, for its field: what the server said of `body/timezone`, or of something in it. */
export function problemAt(error: Error | null, path: string): string | undefined {
  return error instanceof Problem && isAt(error, path) ? error.message : undefined;
}

interface OtherProblemProps {
  readonly error: Error | null;
  /** Those that have a field which says what is wrong with them; one that ends with / is what is in it, and not itself. */
  readonly shown?: readonly string[];
}

/** What went wrong, unless a field says so. */
export function OtherProblem({ error, shown = [] }: OtherProblemProps) {
  if (!error) return null;
  if (error instanceof Problem && shown.some((path) => isAt(error, path))) return null;
  return <Failure error={error} />;
}

function isAt({ path = '' }: Problem, wanted: string): boolean {
  return path === wanted || path.startsWith(wanted.endsWith('/') ? wanted : `${wanted}/`);
}
