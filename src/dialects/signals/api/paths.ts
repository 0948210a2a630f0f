/** Of an app, as a client's. */
export const clientApp = '/v1/clients/:clientId/apps/:appId';
/** The legacy paths of the same (docs/spec/signals.md C1). */
export const legacyApp = '/v1/app/:appId';
