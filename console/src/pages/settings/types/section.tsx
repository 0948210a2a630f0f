import { useQuery } from '@tanstack/react-query';
import { useWorkspaceName } from '../../../app/current-workspace.ts';
import { Button } from '../../../components/button.tsx';
import { Loaded } from '../../../components/states.tsx';
import { typesRoute } from '../route.ts';
import { SectionHead } from '../section-head.tsx';
import { NewTypeDialog } from './new-type-dialog.tsx';
import { eventTypesQuery } from './queries.ts';
import { TypeList } from './type-list.tsx';
import { TypePanel } from './type-panel.tsx';
import './types.css';

export function TypesSection() {
  const workspace = useWorkspaceName();
  const { type } = typesRoute.useSearch();
  const navigate = typesRoute.useNavigate();
  const types = useQuery(eventTypesQuery(workspace));
  const open = (id: string) => void navigate({ search: { type: id } });
  const close = () => void navigate({ search: {} });
  return (
    <>
      <SectionHead
        title="Event types"
        actions={
          <Button look="primary" onClick={() => open('new')}>
            Declare a type
          </Button>
        }
      >
        Kinds of events. Webmarketer’s are declared with their fields before their first event; those of the
        other APIs come into being with it.
      </SectionHead>
      <Loaded query={types}>{(found) => <TypeList types={found} onOpen={open} />}</Loaded>
      {type === 'new' ? (
        <NewTypeDialog onClose={close} onDone={open} />
      ) : type === undefined ? null : (
        <TypePanel key={type} id={type} onClose={close} />
      )}
    </>
  );
}
