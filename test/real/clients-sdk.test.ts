import { smithySigner } from 'countersign/smithy'
import { describe } from 'vitest'
import { describeClient } from './live-client.ts'
import { sdkCalls } from './sdk-calls.ts'

describe('@aws-sdk', () => describeClient('@aws-sdk', sdkCalls()))

describe('@aws-sdk, signed by countersign/smithy', () => {
  const signed = sdkCalls((service, { region, credentials }) =>
    smithySigner({ service, region, credentials }),
  )
  describeClient('@aws-sdk, signed by countersign/smithy', signed)
})
