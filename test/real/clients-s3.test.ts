import { rclone, s3cmd } from './clients.ts'
import { describePart, KEY, LARGE, SMALL } from './command.ts'

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
