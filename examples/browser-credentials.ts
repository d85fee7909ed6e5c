/** Signs in a page with a key that survives a reload, and that no script on the page can read. */
import { createSigner, type ImportedCredentials } from 'countersign'
import { cognitoIdentity, importCredentials } from 'countersign/credentials'
import { get, set } from 'idb-keyval'

const scope = { service: 'execute-api', region: 'eu-west-1' }

/** Keeps the key of this day, region and service; the secret is gone when this returns. */
export async function signIn(identityPoolId: string, endpoint?: string): Promise<void> {
  const credentials = await cognitoIdentity({ identityPoolId, endpoint })()
  await set('key', await importCredentials(credentials, scope))
}

/** After any number of reloads, until the day or the session ends: then it is `signIn` again. */
export async function items(url: string): Promise<string> {
  const credentials = await get<ImportedCredentials>('key')
  if (!credentials) throw new Error('sign in first')
  const response = await createSigner({ ...scope, credentials }).fetch(url)
  if (!response.ok) throw new Error(await response.text())
  return response.text()
}
