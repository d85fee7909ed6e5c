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

// One interpreter is started for each command, so the calls are few.
describePart('awscli', [
  { name: 's3 mb', run: aws(['s3', 'mb', 's3://bucket']) },
  {
    name: 's3 cp, ls',
    run: aws(['s3', 'cp', SMALL, `s3://bucket/${KEY}`], ['s3', 'ls', 's3://bucket/a b/']),
  },
  { name: 's3 cp in parts', run: aws(['s3', 'cp', LARGE, 's3://bucket/large']) },
  { name: 'dynamodb', run: aws(['dynamodb', 'list-tables']) },
  { name: 'sts', run: aws(['sts', 'get-caller-identity']) },
])
