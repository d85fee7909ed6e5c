import { type RequestOptions, request } from 'node:https'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { S3Client } from '@aws-sdk/client-s3'
import { STSClient } from '@aws-sdk/client-sts'
import { TranscribeStreamingClient } from '@aws-sdk/client-transcribe-streaming'
import type { HttpRequest } from '@smithy/protocol-http'
import type {
  EventSigner,
  MessageSigner,
  RequestPresigner,
  RequestSigner,
  StringSigner,
} from '@smithy/types'
import axios, { type AxiosInstance, type InternalAxiosRequestConfig } from 'axios'
import { createSigner, type Signer } from 'countersign'
import { signingInterceptor as forAxios } from 'countersign/axios'
import { signRequestOptions } from 'countersign/node-http'
import { type SmithySigner, smithySigner } from 'countersign/smithy'
import { signingInterceptor as forUndici } from 'countersign/undici'
import { Agent, type Dispatcher, interceptors } from 'undici'
import type { Dispatcher as Dispatcher6 } from 'undici6'
import { describe, expectTypeOf, it } from 'vitest'

// Checked by `npm run types`. Nothing below is called: what matters is whether it compiles.

const compiles = (calls: () => unknown) => expectTypeOf(calls).toBeFunction()

declare const aws: Signer
declare const instance: AxiosInstance
declare const smithy: SmithySigner
declare const httpRequest: HttpRequest
declare const options: RequestOptions
declare const s3: S3Client

describe('the types of the real packages fit', () => {
  it('undici 7 and 6', () => {
    expectTypeOf<ReturnType<typeof forUndici>>().toExtend<Dispatcher.DispatcherComposeInterceptor>()
    expectTypeOf<
      ReturnType<typeof forUndici>
    >().toExtend<Dispatcher6.DispatcherComposeInterceptor>()
    compiles(() => [
      new Agent().compose(forUndici(aws), interceptors.retry()),
      new Agent().compose([forUndici(aws, { payload: 'UNSIGNED-PAYLOAD' })]),
      // @ts-expect-error not an option
      forUndici(aws, { payloads: 'UNSIGNED-PAYLOAD' }),
    ])
  })

  it('axios', () => {
    compiles(() => [
      instance.interceptors.request.use(forAxios(aws, instance)),
      axios.interceptors.request.use(forAxios(aws, axios, { region: 'eu-west-1' })),
      // @ts-expect-error the instance is missing
      forAxios(aws),
    ])
    compiles((): ((config: InternalAxiosRequestConfig) => Promise<InternalAxiosRequestConfig>) =>
      forAxios(aws, axios),
    )
  })

  it('the AWS SDK', () => {
    expectTypeOf<SmithySigner>().toExtend<
      RequestSigner & RequestPresigner & StringSigner & EventSigner & MessageSigner
    >()
    compiles(() => {
      const config = { region: 'eu-west-1', signer: smithy }
      expectTypeOf(smithy.presign(httpRequest)).resolves.toEqualTypeOf<HttpRequest>()
      return [
        new S3Client(config),
        new DynamoDBClient(config),
        new LambdaClient({ ...config, signer: async () => smithy }),
        new STSClient(config),
        new TranscribeStreamingClient(config),
      ]
    })
    compiles(() => [
      smithySigner({ service: 's3', region: 'eu-west-1', credentials: s3.config.credentials }),
      createSigner({ service: 's3', region: 'eu-west-1', credentials: s3.config.credentials }),
      // @ts-expect-error region is never guessed
      smithySigner({ service: 's3', credentials: s3.config.credentials }),
    ])
  })

  it('node:http', () => {
    compiles(async () => request(await signRequestOptions(aws, options, 'text')))
  })
})
