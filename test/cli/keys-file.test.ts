import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseKnownFiles } from '@smithy/shared-ini-file-loader'
import { afterAll, describe, expect, it } from 'vitest'
import { writeKey } from '../../src/cli/keys/profile-key.ts'
import { keyLinesIn, withKeyLines } from '../../src/cli/keys/profile-lines.ts'
import { replaceFile } from '../../src/cli/keys/replace-file.ts'
import { fc } from '../support/properties.ts'

const home = mkdtempSync(join(tmpdir(), 'countersign-lines-'))
const path = join(home, 'credentials')
const env = { AWS_SHARED_CREDENTIALS_FILE: path, AWS_CONFIG_FILE: join(home, 'config') }
afterAll(() => rmSync(home, { recursive: true, force: true }))

const old = { aws_access_key_id: 'AKIAOLD', aws_secret_access_key: 'old/+=secret' }
const fresh = { aws_access_key_id: 'AKIAFRESH', aws_secret_access_key: 'fresh$&/+=' }
const change = (text: string, profile = 'work') =>
  withKeyLines(Buffer.from(text), profile, fresh)?.toString()

/** What may stand around a key: all of it must be as it was. */
const noise = fc.constantFrom(
  ...['', '  ', '# aws_access_key_id = no', '; [work]', '  # indented', 'region = eu-west-1'],
  ...['output=json ; why', 'größe = ü', 's3 =', '  aws_access_key_id = nested', 'no setting'],
  ...['AWS_SECRET_ACCESS_KEY = other case', 'x_aws_access_key_id = no', '= nothing', 'à = à'],
)
const others = fc.constantFrom('[other]', '[work ]', '[Work]', '[profile work]', '[works]', '[ ü ]')
const blank = fc.constantFrom('', ' ', '\t', '  ')
const comment = fc.constantFrom('', ' # mine', '\t;x', ' #', '  ')
const keyLine = (name: keyof typeof old) =>
  fc
    .tuple(blank, blank, comment)
    .map(([before, behind, end]) => `${name}${before}=${behind}${old[name]}${end}`)
const files = fc
  .record({
    end: fc.constantFrom('\n', '\r\n'),
    mark: fc.constantFrom('', '\ufeff'),
    before: fc.array(fc.oneof(noise, others), { maxLength: 6 }),
    head: fc.constantFrom('[work]', ' [work]', '[work]  # mine', '[work];'),
    lines: fc.tuple(fc.array(noise), keyLine('aws_access_key_id'), fc.array(noise)),
    secret: keyLine('aws_secret_access_key'),
    behind: fc.array(fc.oneof(noise, others), { maxLength: 6 }),
    last: fc.constantFrom('', '\n', '\r\n'),
  })
  .map(({ end, mark, before, head, lines: [above, id, between], secret, behind, last }) => {
    const lines = [...before, head, ...above, id, ...between, secret, ...behind]
    return mark + lines.join(end) + last
  })

const profiles = (filepath: string) =>
  parseKnownFiles({ filepath, configFilepath: env.AWS_CONFIG_FILE, ignoreCache: true })

describe('the lines of a key', () => {
  it('change, and not a byte besides', async () => {
    let changes = 0
    await fc.assert(
      fc.asyncProperty(files, async (text) => {
        writeFileSync(path, text)
        const before = await profiles(path)
        const own = before.work
        const read = keyLinesIn(Buffer.from(text), 'work')
        const isWhole = own?.aws_access_key_id && own.aws_secret_access_key
        // What the loader reads is what is changed.
        expect(read).toEqual(
          isWhole
            ? {
                aws_access_key_id: own.aws_access_key_id,
                aws_secret_access_key: own.aws_secret_access_key,
              }
            : undefined,
        )
        const changed = change(text)
        if (changed === undefined || !read) return
        changes++
        writeFileSync(path, changed)
        expect(await profiles(path)).toEqual({ ...before, work: { ...own, ...fresh } })
        // Back again, it is the file of before, byte by byte.
        const back = withKeyLines(Buffer.from(changed), 'work', read)
        expect(back?.toString()).toBe(text)
        expect(changed.split('\n').length).toBe(text.split('\n').length)
      }),
      { numRuns: 500 },
    )
    expect(changes).toBeGreaterThan(150)
  })

  const key = 'aws_access_key_id=AKIAOLD\naws_secret_access_key=old\n'
  const changed = 'aws_access_key_id=AKIAFRESH\naws_secret_access_key=fresh$&/+=\n'
  it.each([
    ['alone', `[work]\n${key}`, `[work]\n${changed}`],
    [
      'in a section that comes twice',
      `[work]\n${key}[b]\n[work]\na=b`,
      `[work]\n${changed}[b]\n[work]\na=b`,
    ],
    [
      'of another profile with the same key',
      `[a]\n${key}[work]\n${key}`,
      `[a]\n${key}[work]\n${changed}`,
    ],
    ['without a line end', `[work]\n${key.trim()}`, `[work]\n${changed.trim()}`],
  ])('%s', (_, text, expected) => expect(change(text)).toBe(expected))

  it.each([
    ['that are not whole', '[work]\naws_access_key_id=a\n'],
    ['of nothing', ''],
    ['below another', `[work]\ns3 =\n  aws_access_key_id=a\n  aws_secret_access_key=b\n`],
  ])('%s are none', (_, text) => expect(change(text)).toBeUndefined())

  it('are those of a profile of any name, in a file of any bytes', () => {
    const text = Buffer.from(`[wörk]\n${key}# `)
    const bytes = Buffer.concat([text, Buffer.of(0xff, 0xfe, 0, 0xe9)])
    const expected = Buffer.from(`[wörk]\n${changed}# `)
    expect(withKeyLines(bytes, 'wörk', fresh)).toEqual(
      Buffer.concat([expected, Buffer.of(0xff, 0xfe, 0, 0xe9)]),
    )
  })
})

describe('a file that is replaced', () => {
  const keyOf = (lines: typeof old) => ({
    accessKeyId: lines.aws_access_key_id,
    secretAccessKey: lines.aws_secret_access_key,
  })
  const text = `[work]\naws_access_key_id = ${old.aws_access_key_id}\naws_secret_access_key = ${old.aws_secret_access_key}\n`

  it('is readable by its owner alone, and leaves nothing beside it', async () => {
    writeFileSync(path, text, { mode: 0o644 })
    await writeKey({ profile: 'work', path, key: keyOf(old) }, keyOf(fresh), env)
    expect((await profiles(path)).work).toEqual(fresh)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readdirSync(home)).toEqual(['credentials'])
  })

  it('is as it was where what is written cannot be read as it should', async () => {
    writeFileSync(path, text)
    const key = { accessKeyId: 'AKIA #', secretAccessKey: 'cut off by the loader' }
    await expect(writeKey({ profile: 'work', path, key: keyOf(old) }, key, env)).rejects.toThrow(
      'in a way in which',
    )
    expect(readFileSync(path, 'utf8')).toBe(text)
    expect(readdirSync(home)).toEqual(['credentials'])
  })

  it('is whole for whoever reads it meanwhile', async () => {
    const contents = ['a', 'b'].map((letter) => Buffer.from(letter.repeat(1_000_000)))
    writeFileSync(path, contents[0] as Buffer)
    let isDone = false
    const writing = (async () => {
      for (let at = 0; at < 20; at++)
        await replaceFile(
          path,
          async () => contents[at % 2] as Buffer,
          async () => undefined,
        )
      isDone = true
    })()
    let reads = 0
    while (!isDone) {
      const content = readFileSync(path)
      expect(contents.some((whole) => whole.equals(content))).toBe(true)
      reads++
      await new Promise(setImmediate)
    }
    await writing
    expect(reads).toBeGreaterThan(20)
  })
})
