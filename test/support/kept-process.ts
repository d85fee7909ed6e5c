import { spawn } from 'node:child_process'
import { once } from 'node:events'

/**
 * Runs a command in a process group of its own, and ends the whole group when the command ends, or
 * when the keeper's input closes: by `stop`, or by the end of this process in any way.
 */
const KEEPER = `
  exec 3<&0
  set -m
  "$@" </dev/null 3<&- &
  group=$!
  exec 2>/dev/null
  end() {
    kill -TERM -- -$group
    for _ in $(seq 50); do
      kill -0 -- -$group || break
      sleep 0.1
    done
    kill -KILL -- -$group
  }
  { cat <&3; end; } >/dev/null &
  exec >/dev/null
  wait $group
  status=$?
  end
  kill %2
  exit $status`

/** A program that is running. */
export interface KeptProcess {
  /** All that it has printed. */
  output(): string
  /** Waits until it has printed something; never where it does not. */
  printed(pattern: RegExp): Promise<RegExpExecArray>
  /** The status with which it ended by itself, or was ended. */
  readonly ended: Promise<number>
  /** Ends it with all that it has started. */
  stop(): Promise<void>
}

/** Starts a program that does not outlive this one; a command that is not there ends with 127. */
export function keepProcess(
  command: readonly string[],
  env: Readonly<Record<string, string>> = {},
): KeptProcess {
  const keeper = spawn('bash', ['-c', KEEPER, 'keeper', ...command], {
    // Ctrl+C ends this process, and that lets the keeper end the other.
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
  let text = ''
  const waiting = new Set<() => void>()
  for (const stream of [keeper.stdout, keeper.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      for (const look of waiting) look()
    })
  // Without a shell there is an error in place of an end.
  const ended = once(keeper, 'close').then(
    ([status]) => Number(status),
    (error) => {
      text += String(error)
      return 127
    },
  )
  keeper.stdin.on('error', () => {})
  return {
    output: () => text,
    printed: (pattern) =>
      new Promise((resolve) => {
        const look = () => {
          const found = pattern.exec(text)
          if (!found) return
          waiting.delete(look)
          resolve(found)
        }
        waiting.add(look)
        look()
      }),
    ended,
    async stop() {
      keeper.stdin.end()
      await ended
    },
  }
}
