import { useQuery } from '@tanstack/react-query';
import { sessionQuery } from '../../api/session.ts';

/** Whether who is signed in may what is above workspaces. The server decides; this is what is offered. */
export function useIsAdministrator(): boolean {
  return useQuery(sessionQuery).data?.role === 'admin';
}
