import { boto3 } from './clients.ts'
import { describePart } from './command.ts'
import type { LiveCall } from './live-client.ts'

const python = (name: string, script: string): LiveCall => ({ name, run: boto3(script) })

describePart('boto3', [
  python(
    's3 objects',
    `
s3 = client('s3')
s3.create_bucket(Bucket='bucket', CreateBucketConfiguration={'LocationConstraint': 'eu-west-1'})
s3.put_object(Bucket='bucket', Key=key, Body=b'text', Metadata={'a': 'b  c'})
s3.head_object(Bucket='bucket', Key=key)
assert s3.get_object(Bucket='bucket', Key=key)['Body'].read() == b'text'
found = s3.list_objects_v2(Bucket='bucket', Prefix='a b/')['Contents']
assert [it['Key'] for it in found] == [key], found
s3.delete_objects(Bucket='bucket', Delete={'Objects': [{'Key': key}]})`,
  ),
  python('s3 in parts', "client('s3').upload_file(os.environ['HOME'] + '/large', 'bucket', key)"),
  python(
    's3 presigned',
    `
s3 = client('s3')
url = s3.generate_presigned_url('put_object', Params={'Bucket': 'bucket', 'Key': key})
urllib.request.urlopen(urllib.request.Request(url, method='PUT', data=b'text', headers={'content-type': ''}))
url = s3.generate_presigned_url('get_object', Params={'Bucket': 'bucket', 'Key': key, 'ResponseContentDisposition': "attachment; filename*=UTF-8''x (1).txt"})
assert urllib.request.urlopen(url).read() == b'text'`,
  ),
  python(
    'dynamodb',
    `
dynamodb = client('dynamodb')
dynamodb.put_item(TableName='table', Item={'id': {'S': 'ü'}})
assert dynamodb.get_item(TableName='table', Key={'id': {'S': 'ü'}})['Item'] == {'id': {'S': 'ü'}}`,
  ),
  python(
    'lambda',
    `
name = 'arn:aws:lambda:eu-west-1:123456789012:function:name'
assert client('lambda').invoke(FunctionName=name, Payload=b'{}')['Payload'].read() == b'{}'`,
  ),
  python('sts', "client('sts').get_caller_identity()"),
])
