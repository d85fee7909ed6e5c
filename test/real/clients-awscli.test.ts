import { awscli } from './clients.ts'
import { describePart, KEY, LARGE, SMALL } from './command.ts'

// One interpreter is started for each command, so the calls are few.
describePart('awscli', [
  { name: 's3 mb', run: awscli(['s3', 'mb', 's3://bucket']) },
  {
    name: 's3 cp, ls',
    run: awscli(['s3', 'cp', SMALL, `s3://bucket/${KEY}`], ['s3', 'ls', 's3://bucket/a b/']),
  },
  { name: 's3 cp in parts', run: awscli(['s3', 'cp', LARGE, 's3://bucket/large']) },
  { name: 'dynamodb', run: awscli(['dynamodb', 'list-tables']) },
  { name: 'sts', run: awscli(['sts', 'get-caller-identity']) },
])
