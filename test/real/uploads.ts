import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { awscli, boto3, buildMinioGo, rclone, s3cmd } from './clients.ts'
import { LARGE, run, SMALL } from './command.ts'
import type { LiveCall, Target } from './live-client.ts'
import type { Part } from './parts.ts'
import type { Place } from './tampering.ts'

/** The ways in which an upload goes wrong. */
export const WAYS = ['wrong region', 'skewed clock', 'wrong checksum', 'cut body'] as const

export type Way = (typeof WAYS)[number]

/** S3's code, and the status with which a command exits. */
export interface Said {
  readonly code: string | undefined
  readonly exit?: number
}

/** The client reads from the answer what is right, and its second attempt is accepted. */
export const SIGNS_AGAIN = 'signs again'

export interface Upload {
  readonly put: LiveCall['run']
  /** How its checksum comes to be wrong: the client states another, or the body is altered on the way. */
  readonly misstated: LiveCall['run'] | Place
  readonly says: Readonly<Record<Way, Said | typeof SIGNS_AGAIN>>
  /** Why the server refuses the wrong checksum. Default: `payload-mismatch`. */
  readonly reason?: string
}

export interface Client {
  readonly name: string
  readonly needs?: Part
  /** Makes what it is called by, and returns what removes that. */
  readonly prepare?: () => () => void
  readonly uploads: Readonly<Record<'in one piece' | 'in parts', Upload>>
  /** What of S3's answer it reports. */
  said(error: unknown): Said
}

const WRONG = 'AAAAAA=='

/** What most clients say, by the status with which they exit. */
const plainly = (exit?: number): Upload['says'] => {
  const say = (code: string): Said => ({ code, ...(exit !== undefined && { exit }) })
  return {
    'wrong region': say('AuthorizationHeaderMalformed'),
    'skewed clock': say('RequestTimeTooSkewed'),
    'wrong checksum': say('BadDigest'),
    'cut body': say('IncompleteBody'),
  }
}

/** How a command ended, and the code where it stands in what it printed. */
const printed =
  (pattern: RegExp): Client['said'] =>
  (error) => {
    const { code: exit, stderr } = error as { code: number; stderr: string }
    return { code: pattern.exec(stderr)?.[1], exit }
  }

export const at = { Bucket: 'bucket', Key: 'key' }

/** A client of the AWS SDK as it is, its attempts and all. */
export const sdk = ({ url, region, credentials }: Target, more?: S3ClientConfig): S3Client =>
  new S3Client({ endpoint: url, region, credentials, forcePathStyle: true, ...more })

const sdkParts =
  (checksum: object = {}): LiveCall['run'] =>
  async (target) => {
    const client = sdk(target)
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(at))
    const Parts = []
    for (const PartNumber of [1, 2]) {
      const part = { ...at, UploadId, PartNumber, Body: 'text', ...checksum }
      const { ETag } = await client.send(new UploadPartCommand(part))
      Parts.push({ PartNumber, ETag })
    }
    const upload = { ...at, UploadId, MultipartUpload: { Parts } }
    await client.send(new CompleteMultipartUploadCommand(upload))
  }

const sdkPut =
  (checksum: object = {}): LiveCall['run'] =>
  (target) =>
    sdk(target).send(new PutObjectCommand({ ...at, Body: 'text', ...checksum }))

const awsPut = (...more: readonly string[]) =>
  awscli(['s3api', 'put-object', '--bucket=bucket', '--key=key', '--body', SMALL, ...more])

/** Its error as JSON; that of `upload_file` stands behind another. */
const python = (call: string) =>
  boto3(`
try:
    client('s3').${call}
except Exception as error:
    said = error if hasattr(error, 'response') else error.__context__
    sys.exit(json.dumps(said.response['Error']))`)

/** Straight to the upload: what it asks before by HEAD is refused without a body, at S3 too. */
const copyto = (...args: readonly string[]) =>
  rclone([
    ...['copyto', '--use-json-log', '--no-check-dest', '--s3-no-check-bucket', '--s3-no-head'],
    ...['--s3-upload-cutoff=5M', '--s3-chunk-size=5M', ...args, 'R:bucket/key'],
  ])

let program = ''

function prepareMinioGo(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-minio-go-'))
  program = join(folder, 'upload')
  buildMinioGo('upload', program)
  return () => rmSync(folder, { recursive: true, force: true })
}

const minioGo =
  (...args: readonly string[]): LiveCall['run'] =>
  (target) =>
    run(program, [`${target.host}:${target.port}`, ...args], target)

const ofSha256 = (exit: number): Said => ({ code: 'XAmzContentSHA256Mismatch', exit })

/** It repeats what is answered by BadDigest for 45 seconds: its SHA-256 is what is made wrong here. */
const saidByS3cmd: Upload['says'] = {
  ...plainly(11),
  'wrong region': SIGNS_AGAIN,
  'skewed clock': { code: 'RequestTimeTooSkewed', exit: 77 },
  'wrong checksum': ofSha256(11),
}

export const CLIENTS: readonly Client[] = [
  {
    name: '@aws-sdk',
    said: (error) => ({ code: (error as Error).name }),
    uploads: {
      'in one piece': {
        put: sdkPut(),
        misstated: sdkPut({ ChecksumCRC32: WRONG }),
        says: { ...plainly(), 'skewed clock': SIGNS_AGAIN },
      },
      'in parts': {
        put: sdkParts(),
        misstated: sdkParts({ ChecksumCRC32: WRONG }),
        says: { ...plainly(), 'skewed clock': SIGNS_AGAIN },
      },
    },
  },
  {
    name: 'awscli',
    needs: 'awscli',
    said: printed(/An error occurred \((\w+)\) when calling/),
    uploads: {
      'in one piece': {
        put: awsPut(),
        misstated: awsPut('--checksum-crc32', WRONG),
        says: { ...plainly(254), 'wrong region': SIGNS_AGAIN },
      },
      'in parts': {
        put: awscli(['s3', 'cp', '--no-progress', LARGE, 's3://bucket/key']),
        misstated: 'body',
        says: { ...plainly(1), 'wrong region': SIGNS_AGAIN, 'wrong checksum': ofSha256(1) },
      },
    },
  },
  {
    name: 'boto3',
    needs: 'boto3',
    said: printed(/"Code": "(\w+)"/),
    uploads: {
      'in one piece': {
        put: python("put_object(Bucket='bucket', Key='key', Body=b'text')"),
        misstated: python(
          `put_object(Bucket='bucket', Key='key', Body=b'text', ChecksumCRC32='${WRONG}')`,
        ),
        says: { ...plainly(1), 'wrong region': SIGNS_AGAIN },
      },
      'in parts': {
        put: python("upload_file(os.environ['HOME'] + '/large', 'bucket', 'key')"),
        misstated: 'body',
        says: { ...plainly(1), 'wrong region': SIGNS_AGAIN, 'wrong checksum': ofSha256(1) },
      },
    },
  },
  {
    name: 's3cmd',
    needs: 's3cmd',
    said: printed(/S3 error: \d+ \((\w+)\)/),
    uploads: {
      'in one piece': {
        put: s3cmd(['put', SMALL, 's3://bucket/key']),
        misstated: 'body',
        says: saidByS3cmd,
      },
      'in parts': {
        put: s3cmd(['put', '--multipart-chunk-size-mb=5', LARGE, 's3://bucket/key']),
        misstated: 'body',
        says: saidByS3cmd,
      },
    },
  },
  {
    name: 'rclone',
    needs: 'rclone',
    said: printed(/: ([A-Z]\w+): [^\n]+\\n\\tstatus code: \d+/),
    uploads: {
      // Its content-md5 is what does not hold, as it signs no body here.
      'in one piece': { put: copyto(SMALL), misstated: 'body', says: plainly(1) },
      'in parts': {
        put: copyto(LARGE),
        misstated: 'body',
        says: { ...plainly(1), 'wrong checksum': ofSha256(1) },
      },
    },
  },
  {
    name: 'minio-go',
    needs: 'minio-go',
    prepare: prepareMinioGo,
    said: printed(/"Code":"(\w+)"/),
    uploads: {
      'in one piece': {
        put: minioGo(SMALL),
        misstated: minioGo(SMALL, 'x-amz-checksum-crc32', WRONG),
        says: plainly(1),
      },
      // The checksums of its parts trail them, and are signed.
      'in parts': {
        put: minioGo(LARGE),
        misstated: 'trailer',
        says: { ...plainly(1), 'wrong checksum': { code: 'MalformedTrailerError', exit: 1 } },
        reason: 'signature-mismatch',
      },
    },
  },
]
