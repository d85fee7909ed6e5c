import { match } from '../errors.ts'

/** `20150830/us-east-1/s3/aws4_request`; region and service are the caller's, never guessed. */
export const formatScope = (date: string, scope: { region: string; service: string }): string => {
  const { region, service } = scope
  const names = region && service && `${region}/${service}`
  return `${date.slice(0, 8)}/${match(names, /^[!-.0-~]+\/[!-.0-~]+$/, 'invalid-scope', 'region and service')[0]}/aws4_request`
}
