/** Values that headers had before a client or a proxy rewrote them. */
const BEFORE: Readonly<Record<string, readonly string[]>> = {
  'accept-encoding': [
    'gzip',
    'gzip, deflate',
    'gzip, deflate, br',
    'gzip, deflate, br, zstd',
    'gzip,deflate',
    'gzip, br',
    'identity',
    'deflate, gzip',
    'br',
    '*',
    '',
  ],
  'content-length': ['0', ''],
  connection: ['keep-alive', 'close', 'Keep-Alive', ''],
  'user-agent': ['', 'node', 'undici', 'axios', 'aws4fetch'],
  'x-amzn-trace-id': [''],
  accept: ['*/*', 'application/json', 'application/json, text/plain, */*', ''],
  'content-type': [
    'application/json',
    'application/x-amz-json-1.0',
    'application/x-amz-json-1.1',
    'application/octet-stream',
    'application/x-www-form-urlencoded',
    'text/plain',
    'binary/octet-stream',
    '',
  ],
}

/** The values that a header likely had before it was rewritten, the likeliest first. */
export const valuesBefore = (name: string): readonly string[] =>
  Object.hasOwn(BEFORE, name) ? (BEFORE[name] as readonly string[]) : []

/** Whether a header is one that no one should sign. */
export const isVolatile = (name: string): boolean =>
  /^(accept-encoding|user-agent|content-length|x-amzn-trace-id|connection)$/.test(name)
