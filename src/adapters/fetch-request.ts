import type { FetchRequest } from '../model/types.ts'
import type { ReceivedRequest } from '../model/verify-types.ts'
import { urlOnWire } from '../verify/authority.ts'

/**
 * The request that a server built on fetch received (Deno, Bun, Workers, Hono, Remix): its copy of
 * the body is read, so that the handler still has its own.
 *
 * A `Request` has lost two things on the way: the dot segments of its URL, and whether a header came
 * as one field or as several (a request signed over several is refused). Where the server has the
 * raw request at hand, `countersign/node-http` loses neither. The host is that of the headers, and the
 * URL's where they have none: frameworks make up the URL of a request behind a proxy, so route by
 * `Verified.host` and `Verified.path`. Default `body`: what a clone of the request holds.
 *
 * @throws TypeError where the body has been read already and is not given
 * @example
 * const result = await verify(await receivedFrom(request), { service: 's3', credentials })
 * if (!result.ok) return new Response(result.message, { status: result.status })
 */
export async function receivedFrom(
  request: FetchRequest,
  body?: Uint8Array | string,
): Promise<ReceivedRequest> {
  const { method, url, headers } = request
  // Firefox does not show what body a Request has; elsewhere null stands for none.
  const bytes =
    body ??
    (request.body === null ? undefined : new Uint8Array(await request.clone().arrayBuffer()))
  const fields = [...headers]
  return {
    method,
    // A # is kept, and refused: no client sends one, and frameworks read a query behind it.
    url: urlOnWire(url, fields),
    headers: fields,
    ...(bytes !== undefined && { body: bytes }),
  }
}
