import { readHeaders } from '../canonical/headers.ts'
import type { AnyRequest, FetchRequest, HeadersInput, UrlLike } from '../model/types.ts'

/** What `fetch` is told beside what is signed. */
type Kept = RequestInit & Record<string, unknown>

/** Whether a body can be read only once. */
export const isOneShot = (body: unknown): boolean =>
  'getReader' in Object(body) || Symbol.asyncIterator in Object(body)

/** What a call of `fetch` asks to be signed, and what the platform is told beside it. */
export async function outgoing(
  input: string | UrlLike | FetchRequest,
  init?: RequestInit,
): Promise<readonly [AnyRequest, Kept]> {
  const kept: Kept = { redirect: 'manual', ...init }
  let request: unknown = { ...init, url: input }
  if (typeof input === 'object' && 'clone' in input) {
    const given = (init ? new Request(input as Request, init) : input) as Request & Kept
    // Platforms differ in what else a Request holds; methods alone must not look like options.
    for (const name in given) if (typeof given[name] !== 'function') kept[name] ??= given[name]
    // No one can tell whether a Request is meant to follow, and a signature is good for one place.
    if (given.redirect === 'error') kept.redirect = 'error'
    request = given
  } else if (/ (Blob|File|FormData|URLS\w+)]/.test(Object.prototype.toString.call(init?.body))) {
    const carrier = new Response(init?.body as BodyInit)
    // Each time that a form is packed it has another boundary, and its type tells which.
    const body = 'size' in Object(init?.body) ? init?.body : await carrier.blob()
    const type = carrier.headers.get('content-type') ?? undefined
    const headers = { 'content-type': type, ...readHeaders(init?.headers as HeadersInput) }
    request = { ...init, url: input, headers, body, clone: () => new Response(body) }
  }
  // A signed request goes to its own origin or to one that lets it in: never as a page, never opaque.
  if (kept.mode && kept.mode !== 'same-origin') kept.mode = 'cors'
  return [request as AnyRequest, kept]
}
