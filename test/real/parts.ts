import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import {
  accessSync,
  constants,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
} from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { createServer } from 'node:net'
import { homedir, tmpdir } from 'node:os'
import { basename, delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { describe, test } from 'vitest'
import { exampleKey } from '../support/example-key.ts'
import { listen, shut } from '../support/loopback.ts'

/** Where `scripts/setup-parts.sh` puts the runtimes that npm has. */
const RUNTIMES = join(homedir(), '.cache/countersign/runtimes/node_modules')

/** Where it puts versions of test runners other than those of the project. */
export const RUNNERS: string = join(homedir(), '.cache/countersign/runners/node_modules')

/** Where it puts AWS's endpoint rules. */
const ENDPOINT_RULES = join(
  homedir(),
  '.cache/countersign/endpoints/node_modules/@distilled.cloud/aws/lib/rules-engine/partitions.json',
)

/**
 * What must be on the machine for each part: commands, looked for on the PATH, or whole paths of
 * files. The first is what `part` answers with. `scripts/setup-parts.sh` installs them all.
 */
const PARTS = {
  radosgw: ['radosgw', 'radosgw-admin', 'ceph', 'ceph-mon', 'ceph-osd', 'curl', 'openssl'],
  swift: [
    'swift-proxy-server',
    'swift-account-server',
    'swift-container-server',
    'swift-object-server',
    'memcached',
    'curl',
  ],
  redis: ['redis-server', 'redis-cli'],
  nginx: ['/usr/sbin/nginx'],
  chromium: ['chromium'],
  firefox: ['firefox-esr'],
  webkit: ['/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser', 'xvfb-run', 'xauth'],
  curl: ['curl'],
  awscli: ['aws'],
  boto3: ['/usr/bin/python3', '/usr/lib/python3/dist-packages/boto3/__init__.py'],
  s3cmd: ['s3cmd'],
  rclone: ['rclone'],
  'minio-go': ['go', '/usr/share/gocode/src/github.com/minio/minio-go/v7/api.go'],
  openssl: ['openssl'],
  bash: ['bash'],
  zsh: ['zsh'],
  fish: ['fish'],
  node20: [join(RUNTIMES, 'node20/bin/node')],
  node22: [join(RUNTIMES, 'node22/bin/node')],
  node24: [join(RUNTIMES, 'node24/bin/node')],
  deno: [join(RUNTIMES, '@deno/linux-x64-glibc/deno')],
  bun: [join(RUNTIMES, '@oven/bun-linux-x64-baseline/bin/bun')],
  workerd: [join(RUNTIMES, '@cloudflare/workerd-linux-64/bin/workerd')],
  hermes: [join(RUNTIMES, 'hermes-engine-cli/linux64-bin/hermes')],
  'endpoint-rules': [ENDPOINT_RULES],
  runners: [join(RUNNERS, 'vitest-5/package.json'), join(RUNNERS, 'types-jest-30/package.json')],
  quickjs: [join(RUNTIMES, 'quickjs-emscripten/dist/index.js')],
} as const satisfies Record<string, readonly [string, ...string[]]>

export type Part = keyof typeof PARTS

/** A part's main command as it is looked for, whether or not it is there. */
export const commandOf = (name: Part): string => PARTS[name][0]

/** The path of a part's main command, or undefined when the part is not on this machine. */
export function part(name: Part): string | undefined {
  const configured = name === 'chromium' ? process.env.CHROMIUM_PATH : undefined
  const paths = (configured ? [configured] : PARTS[name]).map(which)
  return paths.every((path) => path !== undefined) ? paths[0] : undefined
}

function which(command: string): string | undefined {
  if (command.startsWith('/')) return existsSync(command) ? command : undefined
  const folders = (process.env.PATH ?? '').split(delimiter)
  return (
    folders
      // A version manager's shim stands there whether or not it has the command.
      .filter((folder) => folder !== '' && !folder.endsWith('/shims'))
      .map((folder) => join(folder, command))
      .find(isExecutableFile)
  )
}

function isExecutableFile(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/** The path of a part's main command; throws when the part is missing. */
export function requirePart(name: Part): string {
  const path = part(name)
  if (path === undefined) throw new Error(notInstalled([name]))
  return path
}

function notInstalled(missing: readonly Part[]): string {
  const verb = missing.length === 1 ? 'is' : 'are'
  return `${missing.join(' and ')} ${verb} not installed (npm run setup:parts)`
}

/**
 * `describe` for tests that talk to a real part, or to several. Without the part the suite is
 * skipped, and says why; with COUNTERSIGN_REQUIRE_PARTS=1 it is one failing test.
 */
export function describeWithPart(
  needs: Part | readonly Part[],
  title: string,
  suite: () => void,
): void {
  const names: readonly Part[] = typeof needs === 'string' ? [needs] : needs
  const missing = names.filter((name) => part(name) === undefined)
  if (missing.length === 0) {
    describe(title, suite)
  } else if (process.env.COUNTERSIGN_REQUIRE_PARTS === '1') {
    describe(title, () => {
      test(`needs ${names.join(' and ')}`, () => {
        throw new Error(notInstalled(missing))
      })
    })
  } else {
    const reason = `skipped: ${notInstalled(missing)}`
    console.warn(`${title}: ${reason}`)
    describe(title, () => {
      test.skip(reason)
    })
  }
}

export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

export interface Running {
  /** Ends the part, waits until it has ended and removes its files. More calls do nothing. */
  stop(): Promise<void>
}

export interface S3Server extends Running {
  readonly endpoint: string
  readonly credentials: Credentials
  /** The folder with the server's logs, until `stop`. */
  readonly logs: string
}

export interface Radosgw extends S3Server {
  /** Has a certificate of its own, for localhost and 127.0.0.1: give clients `caFile` to trust. */
  readonly httpsEndpoint: string
  readonly caFile: string
}

/** Ceph's S3 server. It verifies signatures, but not the scope's region and service. */
export async function startRadosgw(): Promise<Radosgw> {
  const ports = await freePorts('RGW_PORT', 'RGW_TLS_PORT', 'CEPH_MON_PORT', 'CEPH_MON_V1_PORT')
  const credentials = exampleKey
  const { folder, logs, stop } = await start('radosgw', {
    start: [serverScript('ceph-start.sh')],
    stop: [serverScript('stop.sh')],
    env: {
      ...ports,
      RGW_ACCESS_KEY: credentials.accessKeyId,
      RGW_SECRET_KEY: credentials.secretAccessKey,
    },
  })
  return {
    endpoint: `http://127.0.0.1:${ports.RGW_PORT}`,
    httpsEndpoint: `https://127.0.0.1:${ports.RGW_TLS_PORT}`,
    caFile: join(folder, 'cert.pem'),
    credentials,
    logs,
    stop,
  }
}

/** OpenStack Swift's S3 API, in us-east-1. It verifies signatures and their scope. */
export async function startSwift(): Promise<S3Server & { readonly region: string }> {
  const ports = await freePorts(
    'SWIFT_PORT',
    'SWIFT_ACCOUNT_PORT',
    'SWIFT_CONTAINER_PORT',
    'SWIFT_OBJECT_PORT',
    'SWIFT_MEMCACHED_PORT',
  )
  const { logs, stop } = await start('swift', {
    start: [serverScript('swift-start.sh')],
    stop: [serverScript('stop.sh')],
    env: ports,
  })
  return {
    endpoint: `http://127.0.0.1:${ports.SWIFT_PORT}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test:tester', secretAccessKey: 'testing' },
    logs,
    stop,
  }
}

const REDIS_START = `
  mkdir -p "$1/log" && cd "$1" || exit 1
  redis-server --bind 127.0.0.1 --port "$REDIS_PORT" --save '' --appendonly no --dir "$1" \
    >log/redis.log 2>&1 </dev/null &
  echo $! >redis.pid
  for _ in $(seq 200); do
    kill -0 $! 2>/dev/null || exit 1
    [ "$(redis-cli -p "$REDIS_PORT" ping 2>/dev/null)" = PONG ] && exit 0
    sleep 0.05
  done
  exit 1`

const REDIS_STOP = `
  read -r pid <"$1/redis.pid" || exit 0
  alive() { grep -q redis-server "/proc/$pid/cmdline" 2>/dev/null; }
  alive && kill "$pid"
  for _ in $(seq 100); do
    alive || exit 0
    sleep 0.05
  done
  kill -KILL "$pid"`

/** A Redis server without persistence. */
export async function startRedis(): Promise<Running & { readonly port: number }> {
  const ports = await freePorts('REDIS_PORT')
  const { stop } = await start('redis', {
    start: ['bash', '-c', REDIS_START, 'redis-start'],
    stop: ['bash', '-c', REDIS_STOP, 'redis-stop'],
    env: ports,
  })
  return { port: ports.REDIS_PORT, stop }
}

function serverScript(name: string): string {
  return fileURLToPath(new URL(`../servers/${name}`, import.meta.url))
}

interface Launch {
  /** A command that gets the part's folder as its last argument, and ends once the part is up. */
  readonly start: readonly string[]
  /** A command that gets the part's folder as its last argument, and ends once the part is down. */
  readonly stop: readonly string[]
  readonly env: Readonly<Record<string, number | string>>
}

interface Launched extends Running {
  readonly folder: string
  readonly logs: string
}

/**
 * Starts a part, prints how that went, and stops the part when its input closes: by `stop`, or by
 * the end of this process in any way, so that no part outlives the tests.
 */
const KEEPER = `
  root=$1 count=$2; shift 2
  start=("\${@:1:count}") stop=("\${@:count+1}")
  "\${start[@]}" "$root/part" >"$root/start.log" 2>&1 </dev/null
  echo $?
  cat >/dev/null
  "\${stop[@]}" "$root/part" >/dev/null 2>&1 </dev/null
  status=$?
  rm -rf "$root"
  exit $status`

async function start(name: Part, launch: Launch): Promise<Launched> {
  requirePart(name)
  const root = mkdtempSync(join(tmpdir(), `countersign-${name}-`))
  const folder = join(root, 'part')
  const logs = join(folder, 'log')
  const commands = [String(launch.start.length), ...launch.start, ...launch.stop]
  const settings = Object.entries(launch.env).map(([key, value]) => [key, String(value)])
  const keeper = spawn('bash', ['-c', KEEPER, 'keeper', root, ...commands], {
    // In a process group of its own: Ctrl+C ends this process, and that lets the keeper clean up.
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, ...Object.fromEntries(settings) },
  })
  const ended = once(keeper, 'exit')
  const stop = async () => {
    keeper.ref()
    keeper.stdin.end()
    const [status] = await ended
    if (status !== 0) throw new Error(`${name} did not stop`)
  }

  const [printed] = await once(keeper.stdout, 'data')
  if (String(printed).trim() !== '0') {
    const tail = tails([join(root, 'start.log'), ...logFiles(logs)])
    await stop()
    throw new Error(`${name} did not start\n${tail}`)
  }
  keeper.stdout.destroy()
  keeper.unref()
  return { folder, logs, stop }
}

function logFiles(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).map((file) => join(folder, file)) : []
}

function tails(files: readonly string[]): string {
  return files
    .map((file) => ({ file, lines: readFileSync(file, 'utf8').trimEnd().split('\n') }))
    .filter(({ lines }) => lines.join('') !== '')
    .map(({ file, lines }) => [`--- ${basename(file)}`, ...lines.slice(-15)].join('\n'))
    .join('\n')
}

/** Loopback ports that nobody listens on, one for each name. */
export async function freePorts<const Name extends string>(
  ...names: readonly Name[]
): Promise<Record<Name, number>> {
  const ports = new Set<number>()
  while (ports.size < names.length) {
    // Below the range from which systems give outgoing connections theirs.
    const port = randomInt(15_000, 32_000)
    if (await isFree(port)) ports.add(port)
  }
  const entries = [...ports].map((port, index) => [names[index], port])
  return Object.fromEntries(entries) as Record<Name, number>
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}

/** What headless Chromium is started with, as root and without a network. */
export const CHROMIUM_ARGS: readonly string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  // A closed network refuses the browser's own look-ups, many at a time.
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Headless Chromium, of Debian or from CHROMIUM_PATH; a test ends it with `close()`. */
export async function launchChromium(...args: readonly string[]): Promise<Browser> {
  const executablePath = requirePart('chromium')
  const { chromium } = await import('playwright-core')
  return chromium.launch({ executablePath, args: [...CHROMIUM_ARGS, ...args] })
}

export interface StaticFile {
  readonly body: string | Uint8Array
  /** The content-type. */
  readonly type: string
  readonly headers?: Readonly<Record<string, string>>
}

export interface StaticSite extends Running {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string
  readonly port: number
}

/** Serves files by their path, such as `/index.html`, on loopback over plain http. */
export async function serveStatic(
  files: Readonly<Record<string, StaticFile>>,
): Promise<StaticSite> {
  const site = createHttpServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://site')
    const file = Object.hasOwn(files, pathname) ? files[pathname] : undefined
    if (file === undefined) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('not found\n')
    } else {
      const own = { 'content-type': file.type, 'cache-control': 'no-store' }
      response.writeHead(200, { ...own, ...file.headers })
      response.end(file.body)
    }
  })
  const port = await listen(site)
  const stop = async () => {
    if (site.listening) await shut(site)
  }
  return { origin: `http://127.0.0.1:${port}`, port, stop }
}
