import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root } from './support/packed.ts'

/** The compilers that people have, by the folder of node_modules that holds them. */
const COMPILERS = ['typescript', 'typescript6', 'typescript7']

const HEAD = `
import { createSigner, deriveSigningKey, presign, sign, stringToSign } from 'countersign'
import { encodeChunked } from 'countersign/s3'
import { sigv4a } from 'countersign/sigv4a'
import { smithySigner } from 'countersign/smithy'
import * as sync from 'countersign/sync'
declare const process: { env: Record<string, string | undefined> }
declare const stream: ReadableStream<Uint8Array>
declare const form: FormData
declare const received: Request
const credentials = { accessKeyId: 'a', secretAccessKey: 'b' }
const [service, url, signingDate] = ['s3', 'https://example.com/', new Date()]
const request = { url }
const whole = { service, region: 'eu-west-1', credentials }
const open = { service, region: process.env.AWS_REGION, credentials }
const without = { service, credentials }
const aws = createSigner(whole)
`

/** What the first line must say, and the line that gives the reason; where it points, the first may be it. */
interface Said {
  readonly at?: string
  readonly first: RegExp
  readonly reason?: RegExp
}

const UNDEFINED: Said = { at: 'region', first: /^Type 'string \| undefined' is not assignable to/ }
const MISSING: Said = { first: /'WithRegion<\w+>'\.$/, reason: /^Property 'region' is missing / }
const OPEN: Said = {
  first: /'WithRegion<\w+>'\.$/,
  reason: /^Types of property 'region' are incompatible\.$/,
}
const NO_PAYLOAD: Said = {
  first: /'WithPayload<[\w<>]+>'\.$|& \{ payload: PayloadHash; \}'\.$/,
  reason: /^Property 'payload' is missing /,
}
const NO_OPTIONS: Said = {
  first: /& OptionsWithPayload\)?'\.$/,
  reason: /^Property 'payload' is missing .* but required in type 'OptionsWithPayload'\.$/,
}

/** Mistakes, a line each, and what every compiler must say of it. */
const MISTAKES: readonly (readonly [line: string, said: Said])[] = [
  ['createSigner({ service, region: process.env.AWS_REGION, credentials })', UNDEFINED],
  ['createSigner({ service, credentials })', MISSING],
  ['createSigner(open)', OPEN],
  ['createSigner(without)', MISSING],
  ['sign(request, { service, region: process.env.AWS_REGION, credentials })', UNDEFINED],
  ['sign(request, { service, credentials })', MISSING],
  ['sign(request, open)', OPEN],
  ['sign({ url, body: "text" }, without)', MISSING],
  ['sign(received, { service, credentials })', MISSING],
  ['presign(request, { service, region: process.env.AWS_REGION, credentials })', UNDEFINED],
  ['presign(request, { service, credentials, expiresIn: 60 })', MISSING],
  ['sync.createSigner({ service, region: process.env.AWS_REGION, credentials })', UNDEFINED],
  ['sync.createSigner({ service, credentials })', MISSING],
  ['sync.sign(request, { service, region: process.env.AWS_REGION, credentials })', UNDEFINED],
  ['sync.presign(request, { service, credentials })', MISSING],
  ['stringToSign("", { service, region: process.env.AWS_REGION, signingDate })', UNDEFINED],
  ['stringToSign("", { service, signingDate })', MISSING],
  ['encodeChunked(request, stream, { region: process.env.AWS_REGION, credentials })', UNDEFINED],
  ['encodeChunked(request, stream, { credentials })', MISSING],
  ['smithySigner({ service, region: process.env.AWS_REGION, credentials })', UNDEFINED],
  ['smithySigner({ service, credentials })', MISSING],
  [
    'deriveSigningKey("secret", { service, region: process.env.AWS_REGION, signingDate })',
    UNDEFINED,
  ],
  ['sign({ url, body: stream }, whole)', NO_PAYLOAD],
  ['sign({ url, body: form }, { service, region: "eu-west-1", credentials })', NO_PAYLOAD],
  ['sign({ url, body: { a: 1 } }, whole)', NO_PAYLOAD],
  ['presign({ url, body: stream }, whole)', NO_PAYLOAD],
  ['sync.sign({ url, body: stream }, whole)', NO_PAYLOAD],
  ['aws.sign({ url, body: stream }, { region: "eu-west-1" })', NO_PAYLOAD],
  ['aws.presign({ url, body: form }, { expiresIn: 60 })', NO_PAYLOAD],
  ['aws.sign({ url, body: stream })', NO_OPTIONS],
  ['aws.presign({ url, body: form })', NO_OPTIONS],
  ['sync.createSigner(whole).sign({ url, body: stream })', NO_OPTIONS],
  [
    'sign({ url, body: stream }, { service, regionSet: "*", algorithm: sigv4a, credentials })',
    NO_PAYLOAD,
  ],
  // Of a set of regions it is still the algorithm that is missing.
  [
    'sign(request, { service, regionSet: "*", credentials })',
    { first: /'WithRegion<SignOptions>'\.$/, reason: /^Property 'algorithm' is missing / },
  ],
  // A misspelt member is still seen.
  [
    'sign({ url, boddy: "text" }, whole)',
    { at: 'boddy', first: /but 'boddy' does not exist in type .* Did you mean to write 'body'\?$/ },
  ],
]

/** What is right must compile. */
const RIGHT = `
const unsigned = { ...whole, payload: 'UNSIGNED-PAYLOAD' }
const many = { service, regionSet: ['eu-*', 'us-east-1'], algorithm: sigv4a, credentials }
declare const either: { url: string; body: string } | { url: string; body: Uint8Array }
declare const overrides: { region: string } | undefined
void [
  sign(request, whole), sign(received, whole), sign(either, whole), sign({ url, body: null }, whole),
  sign(request, many), sign(request, { ...whole, ...many }), sign({ url, body: form }, unsigned),
  presign({ url, body: stream }, { ...many, payload: 'UNSIGNED-PAYLOAD' }), presign(received, many),
  createSigner(many).sign(request), aws.sign(received), aws.sign(either), aws.sign(request, overrides),
  aws.sign({ url, body: stream }, { payload: 'UNSIGNED-PAYLOAD' }), aws.presign(received, {}),
  sync.sign(either, whole), sync.sign(request, many), sync.createSigner(many).presign(request, overrides),
]
export const sent = async (): Promise<Response> => {
  const signed = await sign({ url, body: stream }, unsigned)
  const body: ReadableStream<Uint8Array> | undefined = signed.body
  return fetch(signed.url, { ...signed, body: body ?? null })
}
`

/** A message of the compiler: its place in the file, and its lines without their indent. */
interface Message {
  readonly line: number
  readonly at: string
  readonly lines: readonly string[]
}

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-typescript-'))
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(root, join(folder, 'node_modules/countersign'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Compiles a text against the built declarations, and reads what is said of it. */
function messagesOf(compiler: string, exact: boolean, text: string): Message[] {
  const file = `${compiler}-${exact}.ts`
  writeFileSync(join(folder, file), text)
  const options = {
    ...{ noEmit: true, skipLibCheck: true, strict: true, types: [] },
    exactOptionalPropertyTypes: exact,
    ...{ target: 'es2022', module: 'esnext', moduleResolution: 'bundler' },
    lib: ['es2023', 'dom', 'dom.iterable', 'dom.asynciterable'],
  }
  const project = join(folder, `${file}.json`)
  writeFileSync(project, JSON.stringify({ compilerOptions: options, files: [file] }))
  const tsc = join(root, 'node_modules', compiler, 'bin/tsc')
  const { stdout } = spawnSync(process.execPath, [tsc, '-p', project, '--pretty', 'false'], {
    cwd: folder,
    encoding: 'utf8',
  })
  const source = text.split('\n')
  return stdout.split(/\n(?=\S)/).flatMap((message) => {
    const [, row, column, said = ''] =
      /^\S+\((\d+),(\d+)\): error TS\d+: (.*)$/s.exec(message) ?? []
    if (row === undefined) return message.trim() ? [{ line: 0, at: '', lines: [message] }] : []
    const [at = ''] = /^\w*/.exec(source[Number(row) - 1]?.slice(Number(column) - 1) ?? '') ?? []
    return [{ line: Number(row), at, lines: said.trimEnd().split(/\n */) }]
  })
}

describe.each(COMPILERS)('%s', (compiler) => {
  it.each([true, false])(
    'says of each mistake what it is, and nothing of what is right, with exactOptionalPropertyTypes %s',
    (exact) => {
      const text = `${HEAD}${MISTAKES.map(([line]) => line).join('\n')}\n${RIGHT}`
      const messages = messagesOf(compiler, exact, text)
      const before = HEAD.split('\n').length - 1
      expect(messages.map(({ line }) => line - before)).toEqual(MISTAKES.map((_, at) => at + 1))
      for (const [index, [line, { at, first, reason }]] of MISTAKES.entries()) {
        const message = messages[index] as Message
        const said = `${line}\n${message.lines.join('\n')}`
        expect(message.lines[0], said).toMatch(first)
        if (at) expect(message.at, said).toBe(at)
        if (reason)
          expect(
            message.lines.filter((it) => reason.test(it)),
            said,
          ).toHaveLength(1)
        expect(said).not.toMatch(/missing the following properties.*regionSet/)
      }
    },
  )
})

describe('the compilers', () => {
  it('are of three majors', () => {
    const versions = COMPILERS.map((compiler) => {
      const tsc = join(root, 'node_modules', compiler, 'bin/tsc')
      return spawnSync(process.execPath, [tsc, '--version'], { encoding: 'utf8' }).stdout
    })
    expect(versions.map((text) => /Version (\d+)/.exec(text)?.[1])).toEqual(['5', '6', '7'])
  })
})
