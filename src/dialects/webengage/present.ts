/** spec/webengage.md A: the only success there is. It promises storage, so it is sent after the commit. */
export const queued = { response: { status: 'queued' as const } };
