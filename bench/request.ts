/** The request that every candidate signs: an API call as applications make it. */
export const region = 'eu-west-1'
export const service = 'execute-api'
export const host = 'a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com'
export const path = '/prod/orders'
export const query = { limit: '25', cursor: 'eyJpZCI6MTIzfQ==' }
export const target = `${path}?limit=25&cursor=eyJpZCI6MTIzfQ%3D%3D`
export const url = `https://${host}${target}`
export const method = 'POST'
export const headers: Readonly<Record<string, string>> = {
  'content-type': 'application/json',
  accept: 'application/json',
}

/** About 400 bytes. */
export const body: string = JSON.stringify({
  customer: { id: 'c-20931', name: 'Grace Hopper', email: 'grace@example.com' },
  currency: 'EUR',
  items: [
    { sku: 'BK-0091', title: 'A compiler by hand', quantity: 1, price: 39.5 },
    { sku: 'PN-4410', title: 'Nanosecond of wire', quantity: 12, price: 0.3 },
  ],
  shipping: { street: '1 Navy Yard', city: 'Arlington', postcode: 'VA 22202', country: 'US' },
  note: 'Please ring twice; the first ring is a bug.',
})

/** The token has about the length that STS gives. */
export const credentials: Readonly<
  Record<'accessKeyId' | 'secretAccessKey' | 'sessionToken', string>
> = {
  accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  sessionToken: 'IQoJb3JpZ2luX2VjEHYaCWV1LXdlc3QtMSJHMEUCIQ'.repeat(15).slice(0, 600),
}
