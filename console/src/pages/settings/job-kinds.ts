/** What the kinds of long work do, for people. One that is not known here is shown by its name. */
const titles: Readonly<Record<string, string>> = {
  rebuild: 'Make what is counted anew',
  'count-amounts': 'Count amounts in the workspace’s currency',
  'count-conversion': 'Count a conversion’s credit',
  'attribution-model': 'Work out a data-driven model',
  'replay-quarantine': 'Replay bad events',
  retention: 'Anonymize and delete what is due',
  verify: 'Verify the figures',
  erasure: 'Erase a person',
  'delete-workspace': 'Delete a workspace',
  'delete-record-events': 'Delete the events of a record',
  'respell-keys': 'Write keys in their normal form',
  recount: 'Recount conversations',
  'ad-account-refresh': 'Read ads from Meta',
  'contacthub-empty-node': 'Empty a node',
  'contacthub-reindex': 'Make the keys of a node’s customers anew',
  'contacthub-aggregate': 'Build an aggregate node',
  'contacthub-aggregate-removal': 'Remove an aggregate node',
  'contacthub-bulk': 'Take in a file of rows',
  'contacthub-fill-products': 'Fill the registry of products',
};

export function titleOfJobKind(kind: string): string {
  return titles[kind] ?? kind;
}
