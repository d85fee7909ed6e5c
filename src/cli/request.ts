import { readFile } from 'node:fs/promises'
import { inferScope } from '../infer-scope.ts'
import type { PastedRequest } from '../inputs/pasted.ts'
import { readRequest } from '../inputs/request.ts'
import type { PayloadHash, SigningRequest } from '../types.ts'
import { type Call, UsageError } from './options.ts'
import { readAll, type World } from './streams.ts'

/** A file's text, `-` for standard input. */
export const readText = async (name: string, { stdin }: World): Promise<string> =>
  (name === '-' ? await readAll(stdin) : await readFile(name)).toString()

/** The header fields of `-H 'Name: value'`. */
const fieldsOf = (call: Call): [string, string][] =>
  (call.values.header ?? []).map((line) => {
    const colon = line.indexOf(':')
    if (colon < 1) throw new UsageError(`-H wants 'Name: value', not ${JSON.stringify(line)}.`)
    return [line.slice(0, colon), line.slice(colon + 1).trim()]
  })

/** The request of a call: of its words, or pasted into a file or standard input. */
export async function requestOf(call: Call, world: World): Promise<PastedRequest> {
  const data = call.text('data')
  if (call.url === undefined) {
    const input = call.text('input') ?? (world.stdin.isTTY ? undefined : '-')
    if (input === undefined)
      throw new UsageError('A URL is needed, or a request in --input FILE or on standard input.')
    return readRequest(await readText(input, world))
  }
  const body = data?.startsWith('@') ? await readText(data.slice(1), world) : data
  return {
    method: call.text('request') ?? (body === undefined ? 'GET' : 'POST'),
    url: call.url,
    headers: fieldsOf(call),
    ...(body === undefined ? {} : { body }),
  }
}

/** How a call signs: what is not said is what the URL tells, and an error where it tells nothing. */
export function scopeOf(call: Call, url: string, { env }: World) {
  const inferred = inferScope(url)
  const service = call.text('service') ?? inferred.service
  const region = call.text('region') ?? inferred.region ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION
  if (!service || !region)
    throw new UsageError(`The URL does not tell its ${service ? 'region' : 'service'}: name it.`)
  const date = call.text('signing-date')
  const payload = call.text('payload') as PayloadHash | undefined
  return {
    service,
    region,
    ...(payload === undefined ? {} : { payload }),
    ...(date === undefined ? {} : { signingDate: new Date(date) }),
  }
}

/** A pasted request in the shape that `sign` takes. */
export const toSign = ({ method, url, headers, body }: PastedRequest): SigningRequest => ({
  method,
  url,
  headers,
  body: body ?? null,
})
