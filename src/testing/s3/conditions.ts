import type { Answer, ServiceRequest } from '../answers.ts'
import { type StoredObject, s3Error } from './store.ts'

const unquoted = (etag: string): string => etag.trim().replace(/^(W\/)?"(.*)"$/, '$2')

const isOneOf = (list: string, { etag }: StoredObject): boolean =>
  list.split(',').some((it) => it.trim() === '*' || unquoted(it) === unquoted(etag))

/** Whether an object was changed after a date of HTTP, which has whole seconds. */
const isNewer = ({ modified }: StoredObject, date: string): boolean =>
  Math.floor(Number(modified) / 1000) * 1000 > Date.parse(date)

/**
 * The answer where a condition of the request does not hold of an object.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-13.2.2
 */
export function faultOf(
  { headers, method }: ServiceRequest,
  object: StoredObject,
  prefix = 'if-',
): Answer | undefined {
  const [match, unmodified, none, modified] = [
    ...['match', 'unmodified-since', 'none-match', 'modified-since'],
  ].map((name) => headers.get(prefix + name)) as [string?, string?, string?, string?]
  if (match !== undefined ? !isOneOf(match, object) : unmodified && isNewer(object, unmodified))
    return s3Error('PreconditionFailed')
  if (none !== undefined ? !isOneOf(none, object) : !modified || isNewer(object, modified))
    return undefined
  const isRead = /^(GET|HEAD)$/.test(method)
  return isRead ? { status: 304, headers: { ETag: object.etag } } : s3Error('PreconditionFailed')
}

/** The answer to a write where its conditions do not hold of what is there. */
export const writeFault = (
  request: ServiceRequest,
  object: StoredObject | undefined,
): Answer | undefined =>
  object
    ? faultOf(request, object)
    : request.headers.has('if-match')
      ? s3Error('NoSuchKey')
      : undefined
