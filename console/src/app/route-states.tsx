import { type ErrorComponentProps, Link, useRouter } from '@tanstack/react-router';
import { Empty, Failure } from '../components/states.tsx';

export function RouteFailure({ error }: ErrorComponentProps) {
  const router = useRouter();
  const known = error instanceof Error ? error : new Error(String(error));
  return (
    <main className="lone">
      <Failure error={known} retry={() => void router.invalidate()} />
    </main>
  );
}

export function NotFound() {
  return (
    <main className="lone">
      <Empty title="There is no such page" action={<Link to="/">Go to the overview</Link>}>
        The address may be of a page that was moved, or mistyped.
      </Empty>
    </main>
  );
}

export function NoWorkspace() {
  return (
    <main className="lone">
      <Empty title="There is no workspace yet">
        Make one by <code>npx throughline workspace create</code>, then load this page again.
      </Empty>
    </main>
  );
}
