import { toBytes } from '../lib/bytes.ts'
import { percentEncode } from '../lib/percent.ts'
import { unescapeXml } from '../lib/xml.ts'
import { type Case, good, type Recipe } from './cases/case.ts'
import { HEADER } from './cases/sources.ts'
import { inTurn } from './in-turn.ts'
import { OBJECTS, type Place } from './place.ts'
import { type Received, sendBytes, wireOf } from './wire.ts'
import { draftOf } from './wrong-signer.ts'

/** Sends a plain request, which is no case. */
async function call(place: Place, recipe: Recipe): Promise<Received> {
  const it = { ...good('plain', '', HEADER, recipe), group: '', applies: 's3' } satisfies Case
  return sendBytes(wireOf(await draftOf(it, place)), place)
}

/** The bytes of an object; undefined where it is not there. */
export async function readObject(place: Place, key: string): Promise<Uint8Array | undefined> {
  const { status, body } = await call(place, { method: 'GET', key })
  return status === 200 ? body : undefined
}

/** Writes the objects that the cases read, and tells whether they are read as they were written. */
export async function writeObjects(place: Place): Promise<boolean> {
  let kept = true
  for (const [key, body] of Object.entries(OBJECTS)) {
    await call(place, { method: 'PUT', key, body })
    const read = await readObject(place, key)
    kept &&= Buffer.from(read ?? []).equals(toBytes(body))
  }
  return kept
}

/** The keys that a server says it has under the prefix, without that, spelled as in a URL. */
async function keysLeft(place: Place): Promise<string[]> {
  const { prefix } = place
  const bucket: Place = { ...place, prefix: '' }
  const query = `list-type=2&prefix=${percentEncode(prefix)}`
  const { status, body } = await call(bucket, { method: 'GET', key: '', query })
  if (status !== 200) return []
  const listed = new TextDecoder().decode(body)
  return Array.from(listed.matchAll(/<Key>([^<]*)<\/Key>/g), ([, key = '']) => unescapeXml(key))
    .filter((key) => key.startsWith(prefix))
    .map((key) => percentEncode(key.slice(prefix.length)))
}

/** Removes objects, by the spelling that each was written by, and what else is left under the prefix. */
export async function removeObjects(place: Place, keys: Iterable<string>): Promise<void> {
  const remove = async (key: string) => {
    await call(place, { method: 'DELETE', key }).catch(() => undefined)
  }
  for await (const _ of inTurn([...keys], remove));
  // A server may have read a key in another way than it was meant.
  for await (const _ of inTurn(await keysLeft(place).catch(() => []), remove));
}
