import { describePart, KEY, LARGE, run, SMALL } from './command.ts'
import type { LiveCall } from './live-client.ts'
import { requirePart } from './parts.ts'

const aws = (...commands: (readonly string[])[]): LiveCall['run'] => {
  return async (target) => {
    const { region, url } = target
    for (const args of commands)
      await run(requirePart('awscli'), ['--endpoint-url', url, '--region', region, ...args], target)
  }
}

describePart('awscli', [
  { name: 's3 mb, ls', run: aws(['s3', 'mb', 's3://bucket'], ['s3', 'ls']) },
  {
    name: 's3 cp, ls, rm',
    run: aws(
      ['s3', 'cp', SMALL, `s3://bucket/${KEY}`],
      ['s3', 'cp', `s3://bucket/${KEY}`, '-'],
      ['s3', 'ls', 's3://bucket/a b/'],
      ['s3', 'rm', `s3://bucket/${KEY}`],
    ),
  },
  { name: 's3 cp in parts', run: aws(['s3', 'cp', LARGE, 's3://bucket/large']) },
  { name: 'dynamodb', run: aws(['dynamodb', 'list-tables']) },
  { name: 'lambda', run: aws(['lambda', 'list-functions']) },
  { name: 'sts', run: aws(['sts', 'get-caller-identity']) },
])
