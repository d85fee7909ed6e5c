import { readHeaders } from '../canonical/headers.ts'
import type { AnyRequest, FetchRequest, HeadersInput, UrlLike } from '../model/types.ts'

/** What `fetch` is told beside what is signed. */
type Kept = RequestInit & Record<string, unknown>

/** Whether a body that is no bytes is a blob, which can be read again, and no stream. */
export const isBlob = (body: unknown): boolean => ((body as Blob | undefined)?.size as number) >= 0

/** What a call of `fetch` asks to be signed, and what the platform is told beside it. */
export async function outgoing(
  input: string | UrlLike | FetchRequest,
  init?: RequestInit,
): Promise<readonly [AnyRequest, Kept]> {
  const kept: Kept = { redirect: 'manual', ...init }
  const given = init?.body as (BodyInit & { append?: unknown }) | undefined
  let request: Record<string, unknown> = { ...init, url: input }
  if ((input as Partial<FetchRequest>).clone) {
    const whole = (init ? new Request(input as Request, init) : input) as Request & Kept
    // Platforms differ in what else a Request holds; methods alone must not look like options.
    for (const name in whole) if (typeof whole[name] !== 'function') kept[name] ??= whole[name]
    // No one can tell whether a Request is meant to follow, and a signature is good for one place.
    if (whole.redirect === 'error') kept.redirect = 'error'
    request = whole
  } else if (isBlob(given) || given?.append) {
    const carrier = new Response(given)
    // Each time that a form is packed it has another boundary, and its type tells which.
    const body = isBlob(given) ? given : await carrier.blob()
    const type = carrier.headers.get('content-type') ?? []
    request.headers = { 'content-type': type, ...readHeaders(init?.headers as HeadersInput) }
    request.body = body
    request.clone = () => new Response(body)
  }
  // A signed request goes to its own origin or to one that lets it in: never as a page, never opaque.
  if (kept.mode && kept.mode !== 'same-origin') kept.mode = 'cors'
  return [request as unknown as AnyRequest, kept]
}
