import { PageHead } from '../../components/page-head.tsx';

export function Live() {
  return <PageHead title="Live" />;
}
