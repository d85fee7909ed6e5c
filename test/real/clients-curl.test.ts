import { sha256 } from '../support/hash.ts'
import { describePart, KEY_IN_URL, run } from './command.ts'
import type { LiveCall, Target } from './live-client.ts'
import { requirePart } from './parts.ts'

const EMPTY = sha256()
const TEXT = sha256('text')

const curl = (
  service: string,
  path: string,
  args: (target: Target) => readonly string[] = () => [],
): LiveCall['run'] => {
  return (target) => {
    const { region, credentials, url } = target
    const { accessKeyId, secretAccessKey, sessionToken } = credentials
    return run(
      requirePart('curl'),
      [
        ...['-sS', '--path-as-is', '--fail-with-body', url + path],
        ...['--aws-sigv4', `aws:amz:${region}:${service}`],
        ...['--user', `${accessKeyId}:${secretAccessKey}`],
        ...(sessionToken ? ['-H', `x-amz-security-token: ${sessionToken}`] : []),
        ...args(target),
      ],
      target,
    )
  }
}

const hash = (digits: string) => () => ['-H', `x-amz-content-sha256: ${digits}`]

describePart('curl', [
  { name: 's3 GET', run: curl('s3', '/?a=1&b=2', hash(EMPTY)) },
  {
    name: 's3 PUT',
    run: curl('s3', `/bucket/${KEY_IN_URL}`, () => [
      ...hash(TEXT)(),
      ...['-X', 'PUT', '--data-binary', 'text', '-H', 'content-type: text/plain'],
    ]),
  },
  {
    name: 'execute-api POST',
    run: curl('execute-api', '/prod/items?a=1&b=2', () => ['--json', '{"a":"ü"}']),
  },
  {
    name: 'sts POST',
    run: curl('sts', '/', () => ['-d', 'Action=GetCallerIdentity&Version=2011-06-15']),
  },
  {
    name: 's3 without x-amz-content-sha256, which curl 7.88 leaves out',
    run: curl('s3', '/'),
    refusedFor: 'missing-payload-hash',
  },
  {
    name: 'a query out of order, which curl 7.88 does not sort',
    run: curl('s3', '/?b=2&a=1', hash(EMPTY)),
    refusedFor: 'signature-mismatch',
  },
])
