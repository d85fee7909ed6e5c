import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import { awscli, boto3, rclone } from './clients.ts'
import { HOME, KEY, LARGE, SMALL, useHome } from './command.ts'
import { describeWithPart } from './parts.ts'
import { describeJobs, type Job } from './testing-clients.ts'

const NINE_MIB = 9 * 1024 ** 2

const json = (texts: readonly string[]): unknown[] =>
  texts.map((text) => (text.trim() === '' ? undefined : JSON.parse(text)))

describeWithPart('awscli', 'awscli', () => {
  useHome()
  describeJobs('awscli', [
    {
      name: 's3: an upload in parts, a copy of it, lists, moves and removal',
      async run(target) {
        const [, , , , listed, , , left] = await awscli(
          ['s3', 'mb', 's3://bucket'],
          ['s3', 'cp', LARGE, `s3://bucket/${KEY}`],
          ['s3', 'cp', `s3://bucket/${KEY}`, 's3://bucket/copies/one'],
          ['s3', 'cp', `s3://bucket/copies/one`, `${HOME}/back`],
          ['s3', 'ls', '--recursive', 's3://bucket'],
          ['s3', 'mv', 's3://bucket/copies/one', 's3://bucket/copies/two'],
          ['s3', 'rm', '--recursive', 's3://bucket/copies/'],
          ['s3', 'ls', 's3://bucket/'],
        )(target)
        const lines = listed?.trim().split('\n') ?? []
        expect(lines.map((line) => line.slice(20).trim())).toEqual([
          `${NINE_MIB} ${KEY}`,
          `${NINE_MIB} copies/one`,
        ])
        expect(left?.trim()).toBe('PRE a b/')
      },
    },
    {
      name: 's3: a folder that is synchronised, and a presigned URL',
      async run(target) {
        const [, , again, url = ''] = await awscli(
          ['s3', 'mb', 's3://bucket'],
          ['s3', 'sync', HOME, 's3://bucket/folder', '--exclude', '*', '--include', 'small'],
          ['s3', 'sync', HOME, 's3://bucket/folder', '--exclude', '*', '--include', 'small'],
          ['s3', 'presign', 's3://bucket/folder/small'],
        )(target)
        expect(again).toBe('')
        expect(await (await fetch(url.trim())).text()).toBe('text')
      },
    },
    {
      name: 's3api: checksums, a range, a listing by pages',
      async run(target) {
        const of = ['--bucket', 'bucket', '--key', KEY]
        const [put, , head, range, listed] = json(
          await awscli(
            ['s3api', 'put-object', ...of, '--body', SMALL, '--checksum-algorithm', 'SHA256'],
            [
              's3api',
              'copy-object',
              ...['--bucket', 'bucket', '--key', 'b'],
              '--copy-source',
              `bucket/${KEY}`,
            ],
            ['s3api', 'head-object', ...of, '--checksum-mode', 'ENABLED'],
            ['s3api', 'get-object', ...of, '--range', 'bytes=1-2', `${HOME}/range`],
            ['s3api', 'list-objects-v2', '--bucket', 'bucket', '--page-size', '1'],
          )(target),
        )
        const ChecksumSHA256 = createHash('sha256').update('text').digest('base64')
        expect(put).toMatchObject({ ETag: '"1cb251ec0d568de6a929b520c4aed8d1"', ChecksumSHA256 })
        expect(head).toMatchObject({ ContentLength: 4, ChecksumSHA256 })
        expect(range).toMatchObject({ ContentRange: 'bytes 1-2/4' })
        expect(listed).toMatchObject({ Contents: [{ Key: KEY }, { Key: 'b' }] })
      },
    },
    {
      name: 'what it cannot do: to tag an object that is there',
      async run(target) {
        const of = ['--bucket', 'bucket', '--key', KEY]
        const tags = ['--tagging', 'TagSet=[{Key=a,Value=b}]']
        await awscli(['s3api', 'put-object', ...of, '--tagging', 'a=b'])(target)
        const tagged = awscli(['s3api', 'put-object-tagging', ...of, ...tags])(target)
        await expect(tagged).rejects.toThrow('NotImplemented')
      },
    },
    {
      name: 'other services',
      async run(target) {
        const role = 'arn:aws:iam::123456789012:role/role'
        const item = '{"id":{"S":"ü"},"n":{"N":"1"}}'
        const printed = json(
          await awscli(
            ['dynamodb', 'put-item', '--table-name', 'table', '--item', item],
            ['dynamodb', 'get-item', '--table-name', 'table', '--key', '{"id":{"S":"ü"}}'],
            ['sts', 'assume-role', '--role-arn', role, '--role-session-name', 'name'],
            ['sqs', 'send-message', '--queue-url', `${target.url}/1/queue`, '--message-body', 'ü'],
            ['sns', 'publish', '--topic-arn', 'arn:aws:sns:eu-west-1:1:topic', '--message', 'ü'],
            ['iam', 'list-access-keys'],
            ['lambda', 'invoke', '--function-name', 'name', '--payload', 'e30=', `${HOME}/answer`],
            [
              'kinesis',
              'put-record',
              ...['--stream-name', 'a', '--partition-key', 'a', '--data', 'e30='],
            ],
          )(target),
        )
        const [, got, assumed, sent, , keys, invoked] = printed
        expect(got).toEqual({ Item: JSON.parse(item) })
        expect(assumed).toMatchObject({ Credentials: { AccessKeyId: expect.any(String) } })
        expect(sent).toMatchObject({ MessageId: expect.any(String) })
        expect(keys).toMatchObject({ AccessKeyMetadata: [{ Status: 'Active' }] })
        expect(invoked).toMatchObject({ StatusCode: 200 })
      },
    },
  ])
})

const python = (name: string, script: string): Job => ({ name, run: boto3(script) })

describeWithPart('boto3', 'boto3', () => {
  useHome()
  describeJobs('boto3', [
    python(
      's3: transfers in parts, and by ranges',
      `
from boto3.s3.transfer import TransferConfig
s3 = client('s3')
config = TransferConfig(multipart_threshold=5 * 2**20, multipart_chunksize=5 * 2**20)
s3.upload_file(os.environ['HOME'] + '/large', 'bucket', key, Config=config, ExtraArgs={'Metadata': {'a': 'b'}})
s3.copy({'Bucket': 'bucket', 'Key': key}, 'bucket', 'copy', Config=config)
assert s3.head_object(Bucket='bucket', Key=key)['Metadata'] == {'a': 'b'}
s3.download_file('bucket', 'copy', os.environ['HOME'] + '/back', Config=config)
assert open(os.environ['HOME'] + '/back', 'rb').read() == b'x' * 9 * 2**20
part = s3.get_object(Bucket='bucket', Key='copy', Range='bytes=-3')
assert part['Body'].read() == b'xxx' and part['ContentRange'] == 'bytes 9437181-9437183/9437184'`,
    ),
    python(
      's3: every checksum that it reckons out, listings, deletions and waiters',
      `
s3 = client('s3')
for name in ['CRC32', 'SHA1', 'SHA256']:
    put = s3.put_object(Bucket='bucket', Key='sums/' + name, Body=b'text', ChecksumAlgorithm=name)
    got = s3.get_object(Bucket='bucket', Key='sums/' + name, ChecksumMode='ENABLED')
    assert got['Body'].read() == b'text' and got['Checksum' + name] == put['Checksum' + name]
s3.put_object(Bucket='bucket', Key=key)
pages = s3.get_paginator('list_objects_v2').paginate(Bucket='bucket', PaginationConfig={'PageSize': 1})
found = [it['Key'] for page in pages for it in page.get('Contents', [])]
assert found == [key, 'sums/CRC32', 'sums/SHA1', 'sums/SHA256'], found
first = s3.list_objects(Bucket='bucket', Delimiter='/')
assert [it['Prefix'] for it in first['CommonPrefixes']] == ['a b/', 'sums/'], first
s3.delete_objects(Bucket='bucket', Delete={'Objects': [{'Key': it} for it in found]})
s3.get_waiter('object_not_exists').wait(Bucket='bucket', Key=key)
s3.delete_bucket(Bucket='bucket')
assert s3.list_buckets()['Buckets'] == []`,
    ),
    python(
      's3: a form',
      `
post = client('s3').generate_presigned_post('bucket', key, Fields={'success_action_status': '201'}, Conditions=[['starts-with', '$success_action_status', '']])
lines = []
for name, value in list(post['fields'].items()) + [('file', 'text')]:
    more = '; filename="a"' if name == 'file' else ''
    lines += ['--edge', 'Content-Disposition: form-data; name="%s"%s' % (name, more), '', value]
body = '\\r\\n'.join(lines + ['--edge--', '']).encode()
sent = urllib.request.Request(post['url'], data=body, headers={'content-type': 'multipart/form-data; boundary=edge'})
assert urllib.request.urlopen(sent).status == 201
assert client('s3').get_object(Bucket='bucket', Key=key)['Body'].read() == b'text'`,
    ),
    python(
      'what it cannot do: batches of SQS in the query protocol',
      `
from botocore.exceptions import ClientError
try:
    client('sqs').send_message_batch(QueueUrl='http://a/1/a', Entries=[{'Id': 'a', 'MessageBody': 'b'}])
    raise SystemExit('it can')
except ClientError as error:
    assert error.response['Error']['Code'] == 'NotImplemented', error`,
    ),
    python(
      'other services',
      `
table = boto3.resource('dynamodb', endpoint_url=client('sts').meta.endpoint_url, region_name='eu-west-1').Table('table')
table.put_item(Item={'id': 'ü', 'n': 1})
assert table.get_item(Key={'id': 'ü'})['Item'] == {'id': 'ü', 'n': 1}
assert client('sqs').send_message(QueueUrl=client('sqs').get_queue_url(QueueName='a')['QueueUrl'], MessageBody='ü')['MessageId']
client('sns').publish(TopicArn='arn:aws:sns:eu-west-1:1:topic', Message='ü')
made = client('sts').assume_role(RoleArn='arn:aws:iam::1:role/role', RoleSessionName='name')['Credentials']
session = boto3.Session(made['AccessKeyId'], made['SecretAccessKey'], made['SessionToken'])
sts = session.client('sts', endpoint_url=client('sts').meta.endpoint_url, region_name='eu-west-1')
assert sts.get_caller_identity()['UserId'] == made['AccessKeyId']
assert client('lambda').invoke(FunctionName='name', Payload=b'{}')['Payload'].read() == b'{}'
client('ec2').describe_regions()
client('cloudwatch').put_metric_data(Namespace='a', MetricData=[{'MetricName': 'b'}])
client('kinesis').put_record(StreamName='a', Data=b'a', PartitionKey='a')
assert client('iam').create_access_key()['AccessKey']['UserName'] == 'user'`,
    ),
  ])
})

describeWithPart('rclone', 'rclone', () => {
  useHome()
  describeJobs('rclone', [
    {
      name: 'an upload in parts, listings, a range, copies, checks and removal',
      async run(target) {
        const parts = ['--s3-upload-cutoff=5M', '--s3-chunk-size=5M']
        const [, , , , listed, range, , sums, , , left] = await rclone(
          ['mkdir', 'R:bucket'],
          ['copyto', ...parts, LARGE, `R:bucket/${KEY}`],
          ['copyto', `R:bucket/${KEY}`, 'R:bucket/copies/one'],
          ['copyto', '--s3-copy-cutoff=5M', `R:bucket/${KEY}`, 'R:bucket/copies/parts'],
          ['lsf', '-R', '--files-only', '--format=ps', 'R:bucket'],
          ['cat', '--offset=1', '--count=3', `R:bucket/${KEY}`],
          ['copyto', SMALL, 'R:bucket/small'],
          ['md5sum', 'R:bucket/small'],
          ['check', '--one-way', '--include=small', HOME, 'R:bucket'],
          ['moveto', 'R:bucket/small', 'R:bucket/copies/small'],
          ['lsf', 'R:bucket/copies'],
          ['purge', 'R:bucket/copies'],
          ['deletefile', `R:bucket/${KEY}`],
          ['rmdir', 'R:bucket'],
        )(target)
        expect(listed?.trim().split('\n').sort()).toEqual([
          `${KEY};${NINE_MIB}`,
          `copies/one;${NINE_MIB}`,
          `copies/parts;${NINE_MIB}`,
        ])
        expect(range).toBe('xxx')
        expect(sums).toBe('1cb251ec0d568de6a929b520c4aed8d1  small\n')
        expect(left?.trim().split('\n')).toEqual(['one', 'parts', 'small'])
      },
    },
    {
      name: 'what it cannot do: to list versions',
      async run(target) {
        await rclone(['copyto', SMALL, 'R:bucket/small'])(target)
        const listed = rclone(['lsf', '--s3-versions', 'R:bucket'])(target)
        await expect(listed).rejects.toThrow('NotImplemented')
      },
    },
  ])
})
