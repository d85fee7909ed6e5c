import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

/** A function at the top of a file or of a class, with all that is written inside it. */
export interface Shape {
  /** File and line: `canonical/path.ts:12`. */
  readonly place: string
  readonly name: string
  /** How many functions and blocks stand within each other in it; its own body is none. */
  readonly depth: number
}

/** A list of positional parameters, of whatever takes some. */
export interface Parameters {
  readonly place: string
  readonly name: string
  readonly count: number
}

const isBlock = (node: ts.Node): boolean =>
  ts.isIfStatement(node) ||
  ts.isIterationStatement(node, false) ||
  ts.isSwitchStatement(node) ||
  ts.isTryStatement(node)

/** `else if` stands beside its `if`, not in it. */
const isElseIf = (node: ts.Node): boolean =>
  ts.isIfStatement(node) && ts.isIfStatement(node.parent) && node.parent.elseStatement === node

const isFunction = (node: ts.Node): boolean =>
  ts.isFunctionLike(node) && 'body' in node && node.body !== undefined

function depthOf(node: ts.Node): number {
  let deepest = 0
  ts.forEachChild(node, (child) => {
    const levels = isFunction(child) || (isBlock(child) && !isElseIf(child)) ? 1 : 0
    deepest = Math.max(deepest, levels + depthOf(child))
  })
  return deepest
}

/** What a function is called, by itself or by what it is assigned to. */
function nameOf(node: ts.Node): string {
  const { name } = node as { name?: ts.Node }
  const named = name ?? (node.parent as { name?: ts.Node } | undefined)?.name
  return named ? named.getText() : '(without a name)'
}

/** The functions of a source text, and the parameters of all that takes some. */
export function shapesOf(
  text: string,
  path: string,
): { functions: readonly Shape[]; parameters: readonly Parameters[] } {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true)
  const functions: Shape[] = []
  const parameters: Parameters[] = []
  const visit = (node: ts.Node, outermost: 'outermost' | 'inner'): void => {
    const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1
    const found = { place: `${path}:${line}`, name: nameOf(node) }
    if (ts.isFunctionLike(node))
      parameters.push({
        ...found,
        count: node.parameters.filter((it) => it.name.getText(source) !== 'this').length,
      })
    const inside = isFunction(node)
    if (inside && outermost === 'outermost') functions.push({ ...found, depth: depthOf(node) })
    ts.forEachChild(node, (child) => visit(child, inside ? 'inner' : outermost))
  }
  visit(source, 'outermost')
  return { functions, parameters }
}

/** The shapes of files below a folder. */
export const readShapes = (
  folder: string,
  paths: Iterable<string>,
): readonly ReturnType<typeof shapesOf>[] =>
  Array.from(paths, (path) => shapesOf(readFileSync(join(folder, path), 'utf8'), path))
