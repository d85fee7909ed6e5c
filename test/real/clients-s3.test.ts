import { describePart, KEY, LARGE, run, SMALL } from './command.ts'
import type { LiveCall } from './live-client.ts'
import { requirePart } from './parts.ts'

const s3cmd = (...commands: (readonly string[])[]): LiveCall['run'] => {
  return async (target) => {
    const { host, port, region, credentials } = target
    for (const args of commands)
      await run(
        requirePart('s3cmd'),
        [
          ...['--config=/dev/null', '--no-ssl', `--region=${region}`],
          ...[`--host=${host}:${port}`, `--host-bucket=${host}:${port}`],
          `--access_key=${credentials.accessKeyId}`,
          `--secret_key=${credentials.secretAccessKey}`,
          ...(credentials.sessionToken ? [`--access_token=${credentials.sessionToken}`] : []),
          ...args,
        ],
        target,
      )
  }
}

describePart('s3cmd', [
  {
    name: 'mb, put, ls, get, del',
    run: s3cmd(
      ['mb', 's3://bucket'],
      ['put', SMALL, `s3://bucket/${KEY}`],
      ['ls', 's3://bucket/a b/'],
      ['get', '--force', `s3://bucket/${KEY}`, SMALL],
      ['del', `s3://bucket/${KEY}`],
    ),
  },
  {
    name: 'put in parts',
    run: s3cmd(
      ['mb', 's3://bucket'],
      ['put', '--multipart-chunk-size-mb=5', LARGE, 's3://bucket/large'],
    ),
  },
])

const rclone = (...commands: (readonly string[])[]): LiveCall['run'] => {
  return async (target) => {
    const { url, region } = target
    const { accessKeyId, secretAccessKey, sessionToken } = target.credentials
    for (const args of commands)
      await run(
        requirePart('rclone'),
        [...['--config', '/dev/null', '--retries=1', '--low-level-retries=1'], ...args],
        target,
        {
          ...{ RCLONE_CONFIG_R_TYPE: 's3', RCLONE_CONFIG_R_PROVIDER: 'Other' },
          ...{ RCLONE_CONFIG_R_ENDPOINT: url, RCLONE_CONFIG_R_REGION: region },
          RCLONE_CONFIG_R_ACCESS_KEY_ID: accessKeyId,
          RCLONE_CONFIG_R_SECRET_ACCESS_KEY: secretAccessKey,
          ...(sessionToken && { RCLONE_CONFIG_R_SESSION_TOKEN: sessionToken }),
        },
      )
  }
}

describePart('rclone', [
  {
    name: 'mkdir, copyto, lsf, cat, deletefile',
    run: rclone(
      ['mkdir', 'R:bucket'],
      ['copyto', SMALL, `R:bucket/${KEY}`],
      ['lsf', '-R', 'R:bucket'],
      ['cat', `R:bucket/${KEY}`],
      ['deletefile', `R:bucket/${KEY}`],
    ),
  },
  {
    name: 'copyto in parts',
    run: rclone(
      ['mkdir', 'R:bucket'],
      ['copyto', '--s3-upload-cutoff=5M', '--s3-chunk-size=5M', LARGE, 'R:bucket/large'],
    ),
  },
])
