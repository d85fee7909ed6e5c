import { fromBase64 } from '../lib/base64.ts'
import { failWith } from '../model/errors.ts'
import type { ReceivedRequest } from '../model/verify-types.ts'

/** What is read of the event of a Lambda function URL (payload format 2.0). */
export interface LambdaUrlEvent {
  /** The path as it was sent, not decoded. */
  readonly rawPath: string
  /** The query as it was sent, without its `?`; empty where there was none. */
  readonly rawQueryString: string
  /** Taken out of the headers, one by one: they are joined again, as they were signed. Default: none. */
  readonly cookies?: readonly string[] | undefined
  /** Names in lower case, repeated ones joined by `,`. */
  readonly headers: Readonly<Record<string, string | undefined>>
  /** What Lambda tells of the request beside its parts. */
  readonly requestContext: {
    /** The host that was asked. Default: the header `host`. */
    readonly domainName?: string | undefined
    /** The request line. */
    readonly http: {
      /** As it stood there, in upper case. */
      readonly method: string
    }
  }
  /** Text, or base64 where `isBase64Encoded` says so. Default: an empty body. */
  readonly body?: string | undefined
  /** Whether the body is bytes, in base64. */
  readonly isBase64Encoded: boolean
}

const bytesOf = (text: string): Uint8Array =>
  fromBase64(text) ??
  failWith('invalid-body', 'the body of the event is not the base64 that it says it is.')

/**
 * The request that a Lambda function URL received, read from its event.
 *
 * An HTTP API of API Gateway sends events of the same form, but with the path decoded: there, only
 * paths that need no escape, but for `?` and `#`, can be verified.
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
  // Where a path comes decoded, what would end it in a target is part of it.
  const path = rawPath.replaceAll('?', '%3F').replaceAll('#', '%23')
  return {
    method: http.method,
    url: rawQueryString === '' ? path : `${path}?${rawQueryString}`,
    headers: {
      ...(domainName !== undefined && { host: domainName }),
      ...event.headers,
      ...(cookies.length > 0 && { cookie: cookies.join('; ') }),
    },
    ...(body !== undefined && { body: isBase64Encoded ? bytesOf(body) : body }),
  }
}
