import { isUtf8 } from 'node:buffer'
import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { inferScope } from '../endpoints/infer-scope.ts'
import type { PastedRequest } from '../inputs/pasted.ts'
import { readRequest } from '../inputs/request.ts'
import { type Field, parseField } from '../lib/fields.ts'
import type { PayloadHash, SignOptions } from '../model/types.ts'
import { scopeStated } from './life.ts'
import { type Call, dateOf, UsageError } from './options.ts'
import { regionOf } from './region.ts'
import { httpUrlOf, isS3Url } from './s3-url.ts'
import type { World } from './streams.ts'

/** A file's bytes, `-` for standard input. */
const readBytes = (name: string, { stdin }: World): Promise<Buffer> =>
  name === '-' ? buffer(stdin) : readFile(name)

/** A file's text, `-` for standard input; a body of other bytes would not be the one that was signed. */
export async function readText(name: string, world: World): Promise<string> {
  const bytes = await readBytes(name, world)
  if (!isUtf8(bytes))
    throw new UsageError('What is pasted is no UTF-8: give a body of bytes with --data @FILE.')
  return bytes.toString()
}

/** The header fields of `-H 'Name: value'`. */
export const headersOf = (call: Call): Field[] =>
  (call.values.header ?? []).map((line) => {
    const field = parseField(line)
    if (!field) throw new UsageError(`-H wants 'Name: value', not ${JSON.stringify(line)}.`)
    return field
  })

/** The request that was pasted into a file or standard input. */
async function pastedOf(call: Call, world: World): Promise<PastedRequest> {
  const input = call.text('input') ?? (world.stdin.isTTY ? undefined : '-')
  if (input === undefined)
    throw new UsageError('A URL is needed, or a request in --input FILE or on standard input.')
  return readRequest(await readText(input, world))
}

/** The body of `--data TEXT` or `--data @FILE`. */
export async function dataOf(call: Call, world: World): Promise<string | Buffer | undefined> {
  const data = call.text('data')
  return data?.startsWith('@') ? readBytes(data.slice(1), world) : data
}

/** The request of a call: of its words, or pasted and changed by its words. */
export async function requestOf(
  call: Call,
  world: World,
  pasting: (call: Call, world: World) => Promise<PastedRequest> = pastedOf,
): Promise<PastedRequest> {
  const given = await dataOf(call, world)
  const pasted = call.url === undefined ? await pasting(call, world) : undefined
  const body = given ?? pasted?.body
  const payload = body === undefined ? pasted?.payload : undefined
  const own = headersOf(call)
  const named = new Set(own.map(([name]) => name.toLowerCase()))
  const kept = (pasted?.headers ?? []).filter(([name]) => !named.has(name.toLowerCase()))
  return {
    method: call.text('request') ?? pasted?.method ?? (body === undefined ? 'GET' : 'POST'),
    url: pasted?.url ?? (await httpUrlOf(call, call.url as string, world)),
    headers: [...kept, ...own],
    ...(body === undefined ? {} : { body }),
    ...(payload === undefined ? {} : { payload }),
  }
}

/** The options of `sign` that a call can name. */
export type Scope = Pick<SignOptions, 'service' | 'region' | 'payload' | 'signingDate'>

/**
 * How a call signs: what is not said is what the URL, the signature that is there, the environment and
 * the profile tell, in this order.
 */
export async function scopeOf(call: Call, request: PastedRequest, { env }: World): Promise<Scope> {
  const inferred = inferScope(request.url)
  const stated = scopeStated(request)
  const ofS3 = isS3Url(call.url) ? 's3' : undefined
  const service = call.text('service') ?? inferred.service ?? ofS3 ?? stated?.service
  const region = await regionOf(call, inferred.region ?? stated?.region, env)
  if (!service || !region)
    throw new UsageError(
      service
        ? 'The URL does not tell its region: name it with --region, or as AWS_REGION.'
        : 'The URL does not tell its service: name it with --service.',
    )
  const signingDate = dateOf(call, 'signing-date')
  const payload = (call.text('payload') ?? request.payload) as PayloadHash | undefined
  return {
    service,
    region,
    ...(payload === undefined ? {} : { payload }),
    ...(signingDate && { signingDate }),
  }
}
