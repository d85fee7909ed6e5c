import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { root } from './dist.ts'

/** The bytes of a code as a server sends it. */
export const gzipped = (code: string): number => gzipSync(code, { level: 9 }).length

/** A bundle for the browser, and its sizes in bytes. */
export interface Bundle {
  readonly code: string
  readonly min: number
  readonly gzip: number
}

/** Bytes of min+gzip that the bundles may have: room for what is to come, not a target. */
export const CEILINGS: readonly (readonly [names: string, from: string, bytes: number])[] = [
  ['sign', 'countersign', 3900],
  ['sign, presign', 'countersign', 4350],
  ['createSigner', 'countersign', 6700],
  ['verify', 'countersign', 9000],
  ['stringToSign', 'countersign', 1000],
  ['sign', 'countersign/sync', 5450],
  ['signedFetch', 'countersign/fetch', 6300],
]

/** Optional peers, which are read where they are installed. */
const PEERS = ['@aws-sdk/credential-provider-sso', '@smithy/shared-ini-file-loader']

/**
 * Bundles and minifies a module as an application's build would: for the browser, or for Node, whose
 * own modules are not counted. The tsconfig is kept out: its paths point at src, and the package is
 * to be resolved by its own `exports` and `imports`.
 */
export async function bundleSize(
  code: string,
  platform: 'browser' | 'node' = 'browser',
): Promise<Bundle> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: root, loader: 'js' },
    absWorkingDir: root,
    bundle: true,
    write: false,
    platform,
    external: platform === 'node' ? PEERS : [],
    format: 'esm',
    minify: true,
    target: 'es2022',
    // Applications collect them elsewhere, and who has more of them is not what is measured.
    legalComments: 'none',
    // What goes wrong is in the error that it throws.
    logLevel: 'silent',
    tsconfigRaw: '{}',
  })
  const text = outputFiles[0]?.text ?? ''
  return {
    code: text,
    min: Buffer.byteLength(text),
    gzip: gzipped(text),
  }
}

/** The module that takes some names of a package and nothing else. */
export const taking = (names: string, from: string): string =>
  `export ${names === '*' ? '*' : `{ ${names} }`} from '${from}'`
