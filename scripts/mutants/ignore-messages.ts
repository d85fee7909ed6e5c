import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin'

/** The calls that take a sentence, and where: what people read may be worded otherwise. */
const SENTENCES: Readonly<Record<string, number>> = {
  ...{ fail: 1, failWith: 1, ensure: 2, refuse: 1, malformed: 0, refusePost: 1 },
  // Within src/verify/checks.ts, a refusal of the scope.
  other: 1,
}

interface Node {
  readonly type: string
  readonly callee?: { readonly name?: string }
  readonly arguments?: readonly unknown[]
}

interface Path {
  readonly node: Node
  readonly parentPath: Path | null
}

/** Whether a piece of code is a sentence that a call takes, or in it. */
export function isSentence({ node, parentPath }: Path): boolean {
  if (!parentPath) return false
  const { callee, arguments: given = [] } = parentPath.node
  const at = SENTENCES[callee?.name ?? '']
  return at !== undefined && given[at] === node
}

/** Leaves the sentences of errors and refusals as they are. */
export const strykerPlugins = [
  declareValuePlugin(PluginKind.Ignore, 'messages', {
    shouldIgnore: (path) =>
      isSentence(path as unknown as Path) ? 'a sentence for people' : undefined,
  }),
]
