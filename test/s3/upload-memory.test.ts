import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { root } from '../support/packed.ts'

/** MiB of a file that is sent, and the most that may be held of it at a time. */
const SIZE = 96
const MOST = 48

const program = (send: string): string => `
import { createReadStream } from 'node:fs'
import { createServer } from 'node:http'
import { sign } from ${JSON.stringify(`${root}/src/verbs/async.ts`)}
import { encodeChunked } from ${JSON.stringify(`${root}/src/s3/encode-chunked.ts`)}

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' }
const server = createServer((request, response) => {
  request.resume().on('end', () => response.end())
}).listen(0, '127.0.0.1', async () => {
  const url = 'http://127.0.0.1:' + server.address().port + '/bucket/film.mp4'
  let peak = 0
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().arrayBuffers)
  }, 2)
  const body = () => createReadStream(process.env.FILM)
  const scope = { service: 's3', region: 'eu-west-1', credentials }
  const { status } = await (${send})
  clearInterval(watch)
  console.log(status, Math.ceil(peak / 2 ** 20))
  server.close()
})`

const RECIPES = {
  'in signed chunks': `encodeChunked({ url }, body(), { ...scope, decodedLength: ${SIZE} * 2 ** 20 })
    .then((signed) => fetch(signed.url, { ...signed, redirect: 'error' }))`,
  'without signing it': `sign({ method: 'PUT', url, body: body() }, { ...scope, payload: 'UNSIGNED-PAYLOAD' })
    .then((signed) => fetch(signed.url, { ...signed, redirect: 'error' }))`,
}

const folder = mkdtempSync(join(tmpdir(), 'countersign-upload-'))
beforeAll(() => writeFileSync(join(folder, 'film.mp4'), Buffer.alloc(SIZE * 2 ** 20, 'film')))
afterAll(() => rmSync(folder, { recursive: true }))

it.each(Object.entries(RECIPES))(
  'a file that is sent %s is not held in memory',
  (_, send) => {
    const code = ['--import', 'tsx', '--input-type=module', '-e', program(send)]
    const env = { ...process.env, FILM: join(folder, 'film.mp4'), NODE_OPTIONS: '' }
    const [status, peak] = execFileSync(process.execPath, code, {
      cwd: root,
      env,
      encoding: 'utf8',
    })
      .trim()
      .split(' ')
    expect(status).toBe('200')
    expect(Number(peak)).toBeLessThan(MOST)
  },
  60_000,
)
