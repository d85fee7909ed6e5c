import { fail } from '../errors.ts'

/** What a signing key is good for; an algorithm without a region in its key leaves it out. */
export interface Scope {
  /** `YYYYMMDD`, UTC. */
  readonly date: string
  readonly region?: string | undefined
  readonly service: string
}

const TERMINATOR = 'aws4_request'

/** `20150830/us-east-1/s3/aws4_request`. */
export const formatScope = ({ date, region, service }: Scope): string =>
  `${date}/${region === undefined ? '' : `${region}/`}${service}/${TERMINATOR}`

/** The scope of a signature that is to be made, region and service given by the caller and never guessed. */
export function scopeOf(amzDate: string, { region, service }: Omit<Scope, 'date'>): Scope {
  for (const part of [region, service])
    if (typeof part !== 'string' || !/^[!-+\--.0-~]+$/.test(part))
      fail('invalid-scope', 'region and service must be given, as in the endpoint: eu-west-1, s3.')
  return { date: amzDate.slice(0, 8), region, service }
}
