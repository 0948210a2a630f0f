/** docs/spec/webengage.md A: the only success there is. It promises storage, so it is sent after the commit. */
export const queued = { response: { status: 'queued' as const } };

/** The same with `format=xml`; the vendor's own form is not documented. */
export const queuedXml =
  '<?xml version="1.0" encoding="UTF-8"?>\n<response><status>queued</status></response>';
export const xmlContentType = 'application/xml; charset=utf-8';
