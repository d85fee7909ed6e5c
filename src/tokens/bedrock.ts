import { ensure } from '../model/errors.ts'
import { presigned } from './presigned.ts'
import type { Token, TokenOptions } from './types.ts'

/** How long an API key of Bedrock lives, and whose it is. */
export interface BedrockTokenOptions extends TokenOptions {
  /** Whole seconds, 1 to 43200. Default: 43200, which is 12 hours. */
  expiresIn?: number | undefined
}

/**
 * A short-term API key of Amazon Bedrock, to send as `Authorization: Bearer …` or to set as
 * `AWS_BEARER_TOKEN_BEDROCK`. What `@aws/bedrock-token-generator` makes.
 *
 * @throws CountersignError as `rdsToken`, and `invalid-expiry` above 12 hours
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys-generate.html
 * @example
 * const { token } = await bedrockToken({ region: 'eu-west-1', credentials, expiresIn: 3600 })
 */
export async function bedrockToken(options: BedrockTokenOptions): Promise<Token> {
  const { expiresIn = 43200 } = options
  ensure(expiresIn <= 43200, 'invalid-expiry', '1 to 43200 as expiresIn')
  const { url, expiresAt } = await presigned(
    { method: 'POST', url: 'https://bedrock.amazonaws.com/?Action=CallWithBearerToken' },
    { ...options, service: 'bedrock', expiresIn },
  )
  const token = `bedrock-api-key-${btoa(`${url.slice('https://'.length)}&Version=1`)}`
  return { token, expiresAt }
}
