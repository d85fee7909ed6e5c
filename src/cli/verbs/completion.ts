import { COMPLETIONS } from '../completion.ts'
import { type Call, UsageError } from '../options.ts'
import { type World, writeLine } from '../streams.ts'

/** `countersign completion`: what a shell reads to complete the command. */
export async function completionVerb({ url = '' }: Call, world: World): Promise<number> {
  const completion = Object.hasOwn(COMPLETIONS, url) ? COMPLETIONS[url] : undefined
  if (!completion) throw new UsageError(`A shell is one of ${Object.keys(COMPLETIONS).join(', ')}.`)
  await writeLine(world.stdout, completion())
  return 0
}
