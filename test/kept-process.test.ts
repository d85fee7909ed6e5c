import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { keepProcess } from './support/kept-process.ts'

/** A program with a child of its own, which tells both ids. */
const FAMILY = ['bash', '-c', 'sleep 600 & echo "$$ $!."; wait']
const IDS = /(\d+) (\d+)\./

/** Whether a process runs; one that nobody has asked for its end does not. */
function lives(id: string | undefined): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${id}/stat`, 'utf8'))
  } catch {
    return false
  }
}

describe.runIf(existsSync('/proc/self'))('a kept process', () => {
  afterEach(() => {
    vi.unstubAllEnvs()
  })

  it('tells its status and what it has printed', async () => {
    const { ended, output } = keepProcess(['bash', '-c', 'echo out; echo err >&2; exit 3'])
    expect(await ended).toBe(3)
    expect(output().split('\n').sort()).toEqual(['', 'err', 'out'])
  })

  it('ends with 127, and says so, where the command is not there', async () => {
    const { ended, output } = keepProcess(['/nowhere/browser'])
    expect(await ended).toBe(127)
    expect(output()).toContain('/nowhere/browser: No such file or directory')
  })

  it('ends with 127 where there is no shell to keep it', async () => {
    vi.stubEnv('PATH', '/nowhere')
    const { ended, output } = keepProcess(['true'])
    expect(await ended).toBe(127)
    expect(output()).toContain('spawn bash ENOENT')
  })

  it('is stopped with all that it has started', async () => {
    const { printed, stop } = keepProcess(FAMILY)
    const [, own, child] = await printed(IDS)
    expect([lives(own), lives(child)]).toEqual([true, true])
    await stop()
    expect([lives(own), lives(child)]).toEqual([false, false])
    await stop()
  })

  it('does not outlive who keeps it, whatever happens to that', async () => {
    const module = fileURLToPath(new URL('support/kept-process.ts', import.meta.url))
    const script = `import { keepProcess } from ${JSON.stringify(module)}
      const { printed } = keepProcess(${JSON.stringify(FAMILY)})
      console.log((await printed(${IDS}))[0])`
    const keeper = spawn('npx', ['tsx', '--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    })
    const [line] = await once(keeper.stdout, 'data')
    const [, own, child] = IDS.exec(String(line)) ?? []
    expect(lives(own)).toBe(true)
    process.kill(-(keeper.pid as number), 'SIGKILL')
    await vi.waitUntil(() => !lives(own) && !lives(child), { timeout: 10_000 })
  })
})
