import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { type CurlRequest, type FileOf, readCurlOptions } from '../../inputs/curl-line.ts'
import { lastOf } from '../../inputs/curl-options.ts'
import { percentEncodeBytes } from '../../lib/percent.ts'
import { fail } from '../../model/errors.ts'
import type { PayloadHash } from '../../model/types.ts'
import { UsageError } from '../options.ts'
import { httpUrlOf } from '../s3-url.ts'
import type { World } from '../streams.ts'
import type { CurlCall } from './call.ts'

/** Standard input, which is read where it is signed, and handed on. */
export const isPiped = (file: string): boolean => file === '-' || file === '.'

/** The files that options name, behind an `@` or as `name@file`. */
const filesOf = ({ options }: CurlCall): string[] =>
  options.flatMap(({ name, value }) => {
    if (!/^(header|data|data-ascii|data-binary|data-urlencode|json)$/.test(name)) return []
    const file = name === 'data-urlencode' && !value.includes('=') ? /@(.*)$/s : /^@(.*)$/s
    return file.exec(value)?.[1] ?? []
  })

/** What curl sends, with the files that it reads, and what stood in standard input, where it is read. */
export interface Outgoing {
  readonly request: CurlRequest
  readonly piped: Buffer | undefined
}

/** Reads what curl would send; a file of `-T` is left where it is, and so is what a streamed one pipes. */
export async function outgoingOf(call: CurlCall, world: World): Promise<Outgoing> {
  const contents = new Map<string, Buffer>()
  const upload = lastOf(call.options, 'upload-file') ?? ''
  const streamed = isPiped(upload) && call.text('payload') !== undefined
  const files = [...filesOf(call), ...(isPiped(upload) && !streamed ? ['-'] : [])]
  if (streamed && files.includes('-'))
    throw new UsageError('Standard input is read once: give -T or the data as a file.')
  for (const file of new Set(files))
    contents.set(file, file === '-' ? await buffer(world.stdin) : await readFile(file))
  const fileOf: FileOf = (file) => contents.get(file) ?? fail('invalid-body', 'a file that is read')
  const options = await Promise.all(
    call.options.map(async (option) =>
      option.name === 'url'
        ? { ...option, value: await httpUrlOf(call, option.value, world) }
        : option,
    ),
  )
  const read = readCurlOptions(options, fileOf)
  const piped = contents.get('-')
  const request = upload ? { ...read, url: withFileName(read.url, upload) } : read
  return { request: isPiped(upload) && piped ? { ...request, body: piped } : request, piped }
}

/** A URL that names no file gets that of the upload, as curl does it. */
function withFileName(url: string, file: string): string {
  const [, authority = '', path = ''] = /^(\w+:\/\/[^/?#]*)(.*)$/s.exec(url) ?? []
  if (isPiped(file) || /[?#]/.test(path) || !/^$|\/$/.test(path)) return url
  return `${authority}${path || '/'}${percentEncodeBytes(Buffer.from(basename(file)).toString('latin1'))}`
}

/** The hash of a file's bytes, read and not held. */
async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}

/** The payload of a signature: as the call says, or of the file that is sent; else of the body. */
export async function payloadOf(
  call: CurlCall,
  { upload }: CurlRequest,
): Promise<PayloadHash | undefined> {
  const stated = call.text('payload') as PayloadHash | undefined
  return (
    stated ?? (upload && !isPiped(upload) ? ((await hashOf(upload)) as PayloadHash) : undefined)
  )
}

/** How many bytes a file has. */
export const sizeOf = async (file: string): Promise<number> => (await stat(file)).size
