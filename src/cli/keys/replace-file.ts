import { promises as files } from 'node:fs'
import { dirname } from 'node:path'
import { pause } from '../../fetch/waiting.ts'
import { Stopped } from './stopped.ts'

/** Milliseconds for another run to end its change, which takes far less. */
const PATIENCE = 5000

/** Readable by its owner alone, as it holds secrets. */
const MODE = 0o600

/** The file beside another that is to take its place; while it is there, nobody else begins. */
const besideOf = (path: string): string => `${path}.countersign`

async function openBeside(path: string): Promise<files.FileHandle> {
  const beside = besideOf(path)
  for (let end = Date.now() + PATIENCE; ; await pause(50))
    try {
      return await files.open(beside, 'wx', MODE)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      if (Date.now() > end)
        throw new Stopped(
          `${beside} is there: another run is at work, or was stopped. If none is, remove that file.`,
        )
    }
}

/** Has the folder itself written out, where a system can; its names survive a loss of power then. */
async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await files.open(dirname(path), 'r')
    await folder.sync().finally(() => folder.close())
  } catch {
    // Windows opens no folder, and the name has changed already.
  }
}

/** Tells whether {@link replaceFile} can begin, before anything is done that needs it to end. */
export async function checkReplaceable(path: string): Promise<void> {
  const real = await files.realpath(path)
  const file = await openBeside(real)
  await file.close()
  await files.rm(besideOf(real), { force: true })
}

/**
 * Puts other content in place of a file at once, readable by its owner alone: whoever reads it finds
 * the old or the new, whole. A link stays a link. Where it throws, the file is as it was.
 */
export async function replaceFile(
  path: string,
  change: (content: Buffer) => Promise<Buffer>,
  check: (changed: string) => Promise<void>,
): Promise<void> {
  const real = await files.realpath(path)
  const beside = besideOf(real)
  const file = await openBeside(real)
  try {
    try {
      const { uid, gid } = await files.stat(real)
      const own = await file.stat()
      if (own.uid !== uid || own.gid !== gid) await file.chown(uid, gid)
      await file.chmod(MODE)
      await file.writeFile(await change(await files.readFile(real)))
      await file.sync()
    } finally {
      await file.close()
    }
    await check(beside)
    await files.rename(beside, real)
  } catch (error) {
    await files.rm(beside, { force: true })
    throw error
  }
  await syncFolder(real)
}
