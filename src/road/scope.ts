import { ensure } from '../errors.ts'

/** `20150830/us-east-1/s3/aws4_request`; region and service are the caller's, never guessed. */
export const formatScope = (
  date: string,
  { region, service }: { region: string; service: string },
): string => {
  const names = /^[!-.0-~]+\/[!-.0-~]+$/.exec([region, service].join('/'))
  return `${date.slice(0, 8)}/${ensure(names, 'invalid-scope', 'region and service')}/aws4_request`
}
