import { fail } from '../errors.ts'

/** What stands in a scope and a key id: visible ASCII but `,` and `/`. */
export const isName = (value: unknown): value is string =>
  typeof value === 'string' && /^[!-+\--.0-~]+$/.test(value)

/** `20150830/us-east-1/s3/aws4_request`; region and service are the caller's, never guessed. */
export const formatScope = (date: string, scope: { region: string; service: string }): string =>
  isName(scope.region) && isName(scope.service)
    ? `${date.slice(0, 8)}/${scope.region}/${scope.service}/aws4_request`
    : fail('invalid-scope', 'region and service')
