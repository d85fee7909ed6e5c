import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createVerifyingServer } from 'countersign/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createKeyCalls } from '../../src/cli/keys/calls.ts'
import { type ProfileKey, writeKey } from '../../src/cli/keys/profile-key.ts'
import { rotateKey } from '../../src/cli/keys/rotate.ts'
import { ask, OLD_ID, startKeysWorld, works } from './keys-world.ts'

let world: Awaited<ReturnType<typeof startKeysWorld>>
beforeAll(async () => {
  world = await startKeysWorld()
})
afterAll(() => world.close())

const lines = (id: string, secret: string) =>
  `[work]\r\naws_access_key_id=${id}\r\naws_secret_access_key=${secret} # x\r\n\r\n[other]\r\nregion=a`
const begin = () => {
  const { accessKeyId, secretAccessKey } = world.server.credentials
  world.begin(lines(accessKeyId, secretAccessKey))
}
const ROTATE = ['keys', 'rotate', '--profile', 'work']
const beside = () => `${world.path}.countersign`
const killer = fileURLToPath(new URL('kill-at.mjs', import.meta.url))

/** Runs a rotation that is killed at a step. */
const killed = (at: string, more: object = {}) =>
  world.run(ROTATE, { NODE_OPTIONS: `--import ${killer}`, KILL_AT: at, ...more })

/** What the profile holds works, and nothing else of the file has changed. */
async function expectSound(): Promise<void> {
  const key = await world.keyIn('work')
  expect(await works(world.server, key)).toBe(true)
  expect(world.text()).toBe(lines(key.accessKeyId, key.secretAccessKey))
}

describe('a rotation that is killed', () => {
  it('leaves a key that works, before and behind each step', async () => {
    begin()
    const STEPS = join(world.home, 'steps')
    expect((await killed('before 0', { STEPS })).code).toBe(0)
    const steps = readFileSync(STEPS, 'utf8').trim().split('\n')
    rmSync(STEPS)
    expect(steps.filter((name) => name === 'fetch')).toHaveLength(4)
    expect(steps).toEqual(expect.arrayContaining(['open', 'writeFile', 'sync', 'rename']))
    const places = steps.flatMap((_, at) => [`before ${at + 1}`, `behind ${at + 1}`])
    for (const place of places) {
      begin()
      const { signal, stdout, stderr } = await killed(place)
      expect([place, signal, stderr]).toEqual([place, 'SIGKILL', ''])
      await expectSound()
      const { secretAccessKey } = await world.keyIn('work')
      expect(stdout).not.toContain(secretAccessKey)
      if (existsSync(beside())) expect(statSync(beside()).mode & 0o777).toBe(0o600)
    }
  }, 180_000)

  it('is told by the next, which says what to do', async () => {
    begin()
    // Between the answer of CreateAccessKey and the file.
    let secret = false
    world.answer((action) => {
      if (action === 'GetCallerIdentity') secret = true
      return secret ? { status: 503 } : undefined
    })
    const stopped = await world.run(ROTATE, {}, (pid) => {
      const watch = setInterval(() => {
        if (!secret) return
        clearInterval(watch)
        process.kill(pid, 'SIGKILL')
      }, 20)
    })
    expect(stopped.signal).toBe('SIGKILL')
    world.answer(() => undefined)
    await expectSound()
    const next = await world.run(ROTATE)
    expect([next.code, next.stderr]).toEqual([
      1,
      expect.stringContaining('whose secret nobody has'),
    ])
    const [, id = ''] = /delete-access-key --access-key-id (\w+)/.exec(next.stderr) ?? []
    await ask(world.server, await world.keyIn('work'), 'iam', 'DeleteAccessKey', {
      AccessKeyId: id,
    })
    expect((await world.run(ROTATE)).code).toBe(0)
    await expectSound()
  })

  it.each(['SIGINT', 'SIGTERM'] as const)('takes the new key back by %s', async (signal) => {
    begin()
    let running: number | undefined
    world.answer((action) => {
      if (action !== 'GetCallerIdentity') return undefined
      // A second signal would end the process at once.
      if (running !== undefined) process.kill(running, signal)
      running = undefined
      return { status: 403 }
    })
    const { code, stderr } = await world.run(ROTATE, {}, (pid) => {
      running = pid
    })
    expect([code, stderr]).toEqual([
      1,
      'countersign: Stopped by a signal. Profile work is as it was. The new key is deleted again.\n',
    ])
    world.answer(() => undefined)
    await expectSound()
    expect((await world.run(ROTATE)).code).toBe(0)
  })
})

describe('a rotation in trouble', () => {
  const means = (patience = 0) => ({
    ...{ env: world.env, patience, interval: 1, isStopped: () => false },
    calls: createKeyCalls('us-east-1', world.env),
    say: async () => undefined,
  })
  const asked = (): ProfileKey => ({
    ...{ profile: 'work', path: world.path, key: world.server.credentials },
  })
  const refused = (code: string) => ({
    status: 403,
    body: `<ErrorResponse><Error><Code>${code}</Code><Message>no</Message></Error></ErrorResponse>`,
  })
  const idsLeft = async () =>
    (await ask(world.server, await world.keyIn('work'), 'iam', 'ListAccessKeys')).text.match(
      /<AccessKeyId>/g,
    )?.length

  it('waits for a key that works only after a while', async () => {
    begin()
    let times = 3
    world.answer((action) =>
      action === 'GetCallerIdentity' && times-- > 0 ? refused('InvalidClientTokenId') : undefined,
    )
    const { newAccessKeyId } = await rotateKey(asked(), means(60_000))
    expect([times, (await world.keyIn('work')).accessKeyId]).toEqual([-1, newAccessKeyId])
  })

  it('deletes a key that never works', async () => {
    begin()
    world.answer((action) =>
      action === 'GetCallerIdentity' ? refused('InvalidClientTokenId') : undefined,
    )
    await expect(rotateKey(asked(), means())).rejects.toThrow(
      /InvalidClientTokenId no\. Profile work is as it was\. The new key is deleted again\.$/,
    )
    world.answer(() => undefined)
    await expectSound()
    expect(await idsLeft()).toBe(1)
  })

  it.each([
    [
      'ListAccessKeys',
      '<member><AccessKeyId>A; rm -r ~</AccessKeyId></member>',
      'AccessKeyId that',
    ],
    ['ListAccessKeys', '<member><AccessKeyId>A</AccessKeyId></member>', 'has no Status'],
    ['CreateAccessKey', '', 'has no AccessKeyId'],
    ['CreateAccessKey', '<AccessKeyId>$(a)</AccessKeyId>', 'AccessKeyId that is none'],
    ['CreateAccessKey', '<AccessKeyId>A</AccessKeyId>', 'has no SecretAccessKey'],
    ['GetCallerIdentity', '<html>', 'has no Arn'],
  ])('takes no odd answer to %s: %s', async (odd, body, message) => {
    begin()
    world.answer((action) => (action === odd ? { status: 200, body } : undefined))
    await expect(rotateKey(asked(), means())).rejects.toThrow(message)
    world.answer(() => undefined)
    await expectSound()
    expect((await world.keyIn('work')).accessKeyId).toBe(OLD_ID)
  })

  it('takes no secret that would be another line of the file', async () => {
    begin()
    const secret = 'a\n[other]\nregion=b'
    const body = `<AccessKeyId>A</AccessKeyId><SecretAccessKey>${secret}</SecretAccessKey>`
    world.answer((action) => (action === 'CreateAccessKey' ? { status: 200, body } : undefined))
    const calls = { ...means().calls, identify: async () => 'arn' }
    await expect(rotateKey(asked(), { ...means(), calls })).rejects.toThrow('in a way in which')
    world.answer(() => undefined)
    await expectSound()
  })

  it('deletes the new key whatever went wrong, and hides no fault of its own', async () => {
    begin()
    const calls = { ...means().calls, identify: () => Promise.reject(new TypeError('a fault')) }
    await expect(rotateKey(asked(), { ...means(), calls })).rejects.toThrow(TypeError)
    await expectSound()
    expect(await idsLeft()).toBe(1)
  })

  it('says which key it could not delete', async () => {
    begin()
    world.answer((action) =>
      /GetCaller|Delete/.test(action ?? '') ? refused('AccessDenied') : undefined,
    )
    await expect(rotateKey(asked(), means())).rejects.toThrow(
      /Delete it by aws iam delete-access-key --access-key-id AKIA\w{16} --profile work$/,
    )
    world.answer(() => undefined)
    await expectSound()
  })

  it('leaves both keys active where the old one may not be deactivated', async () => {
    begin()
    world.answer((action) => (action === 'UpdateAccessKey' ? refused('AccessDenied') : undefined))
    await expect(rotateKey(asked(), means())).rejects.toThrow(
      `aws iam update-access-key --access-key-id ${OLD_ID} --status Inactive --profile work`,
    )
    world.answer(() => undefined)
    await expectSound()
    expect((await world.keyIn('work')).accessKeyId).not.toBe(OLD_ID)
    expect(await works(world.server, world.server.credentials)).toBe(true)
  })

  it('makes no second key where the answer to the first is lost', async () => {
    begin()
    let calls = 0
    world.answer((action) => {
      if (action !== 'CreateAccessKey') return undefined
      calls++
      return { status: 500 }
    })
    await expect(rotateKey(asked(), means())).rejects.toThrow('countersign keys lists')
    world.answer(() => undefined)
    expect(calls).toBe(1)
    await expectSound()
  })

  it('overwrites no key that another has put there, and deletes its own', async () => {
    begin()
    const other = lines('AKIAOTHER', 'theirs')
    const calls = createKeyCalls('us-east-1', world.env)
    const meddling = {
      ...calls,
      async identify(by: Parameters<typeof calls.identify>[0]) {
        world.begin(other)
        return calls.identify(by).catch(() => 'arn')
      },
    }
    await expect(rotateKey(asked(), { ...means(), calls: meddling })).rejects.toThrow(
      'was changed by somebody else meanwhile. Profile work is as it was.',
    )
    expect(world.text()).toBe(other)
  })

  it('begins nothing where a stopped run has left its file, and names it', async () => {
    begin()
    const { secretAccessKey } = world.server.credentials
    writeFileSync(beside(), '')
    const { code, stderr } = await world.run(ROTATE)
    expect([code, stderr]).toEqual([1, expect.stringContaining(`${beside()} is there`)])
    expect(stderr).not.toContain(secretAccessKey)
    expect(world.server.verdicts.map(({ operation }) => operation)).toEqual(['ListAccessKeys'])
    await expectSound()
  })

  it('takes the file as it was where it cannot be written', async () => {
    begin()
    await expect(
      writeKey(
        { ...asked(), profile: 'other' },
        { accessKeyId: 'a', secretAccessKey: 'b' },
        world.env,
      ),
    ).rejects.toThrow('somebody else')
    expect(existsSync(beside())).toBe(false)
    await expectSound()
  })
})

describe('rotations at the same time', () => {
  it('of one profile: one is done, and the others harm nothing', async () => {
    begin()
    const outcomes = await Promise.all([1, 2, 3, 4].map(() => world.run(ROTATE)))
    const codes = outcomes.map(({ code }) => code)
    expect(codes.filter((code) => code === 0)).toHaveLength(1)
    expect(codes.every((code) => [0, 1, 3].includes(code as number))).toBe(true)
    await expectSound()
  }, 60_000)

  it('of several profiles in one file: all are done', async () => {
    const names = ['a', 'b', 'c', 'd', 'e']
    const servers = await Promise.all(names.map(() => createVerifyingServer()))
    const profileOf = (name: string) =>
      `[${name}]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = ${servers[0]?.credentials.secretAccessKey}\n`
    world.begin(names.map(profileOf).join('# between\n'))
    const outcomes = await Promise.all(
      names.map((name, at) =>
        world.run(['keys', 'rotate', '--profile', name], { AWS_ENDPOINT_URL: servers[at]?.url }),
      ),
    )
    expect(outcomes.map(({ code, stderr }) => [code, stderr])).toEqual(names.map(() => [0, '']))
    for (const [at, server] of servers.entries()) {
      const key = await world.keyIn(names[at] as string)
      expect(key.accessKeyId).not.toBe('AKIDEXAMPLE')
      expect(await works(server, key)).toBe(true)
      await server.close()
    }
  }, 60_000)
})
