import { fromBase64 } from '../lib/base64.ts'
import { fail } from '../model/errors.ts'
import type { ReceivedRequest } from '../model/verify-types.ts'

/** What is read of the event of a Lambda function URL (payload format 2.0). */
export interface LambdaUrlEvent {
  readonly rawPath: string
  readonly rawQueryString: string
  /** Taken out of the headers. */
  readonly cookies?: readonly string[] | undefined
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly requestContext: {
    readonly domainName?: string | undefined
    readonly http: { readonly method: string }
  }
  readonly body?: string | undefined
  readonly isBase64Encoded: boolean
}

const bytesOf = (text: string): Uint8Array =>
  fromBase64(text) ?? fail('invalid-body', 'an event whose body is base64, as it says')

/**
 * The request that a Lambda function URL received, read from its event.
 *
 * An HTTP API of API Gateway sends events of the same form, but with the path decoded: there, only
 * paths without a `%` can be verified.
 *
 * @throws CountersignError `invalid-body` where the body is not the base64 that the event says it is
 * @example
 * export const handler = async (event: LambdaFunctionURLEvent) => {
 *   const result = await verify(receivedFromLambda(event), { service: 'lambda', credentials })
 *   return result.ok ? { statusCode: 200 } : { statusCode: result.status, body: result.message }
 * }
 */
export function receivedFromLambda(event: LambdaUrlEvent): ReceivedRequest {
  const { rawPath, rawQueryString, cookies = [], requestContext, body, isBase64Encoded } = event
  const { domainName, http } = requestContext
  return {
    method: http.method,
    url: rawQueryString === '' ? rawPath : `${rawPath}?${rawQueryString}`,
    headers: {
      ...(domainName !== undefined && { host: domainName }),
      ...event.headers,
      ...(cookies.length > 0 && { cookie: cookies.join('; ') }),
    },
    ...(body !== undefined && { body: isBase64Encoded ? bytesOf(body) : body }),
  }
}
