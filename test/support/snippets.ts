import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import ts from 'typescript'
import { root } from './packed.ts'

export const read = (name: string): string => readFileSync(join(root, name), 'utf8')

/** The code blocks of a page in one language. */
export const blocks = (text: string, language: string): string[] =>
  Array.from(
    text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms')),
    ([, code]) => code ?? '',
  )

/** What snippets speak of without saying where it comes from, and its type. */
const KNOWN: Readonly<Record<string, string>> = {
  credentials: "import('countersign').Credentials",
  keys: "Map<string, import('countersign').Credentials>",
  myProvider: "() => Promise<import('countersign').Credentials>",
  received: "import('countersign').ReceivedRequest",
  signed: "import('countersign').SignedRequest",
  response: 'Response',
}

/** A snippet with what it takes for granted; what it declares itself stays its own. */
export function completed(code: string): string {
  const own = (name: string) =>
    new RegExp(`\\b(const|let|function)\\b[^=(\n]*\\b${name}\\b`).test(code)
  const declared = Object.entries(KNOWN)
    .filter(([name]) => !own(name))
    .map(([name, type]) => `declare const ${name}: ${type}`)
  return `export {}\n${declared.join('\n')}\n${code}`
}

const AWS4 = "declare module 'aws4'" // It has no types of its own.

/** What the compiler says of texts, each taken for a file of this project. */
export function complaints(texts: readonly string[]): string[] {
  const codes = new Map(texts.map((text, at) => [join(root, 'test', `snippet${at}.ts`), text]))
  codes.set(join(root, 'test', 'aws4.d.ts'), AWS4)
  const { config } = ts.readConfigFile(join(root, 'tsconfig.all.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root)
  const host = ts.createCompilerHost(options)
  const { getSourceFile, fileExists, readFile } = host
  host.fileExists = (name) => codes.has(name) || fileExists(name)
  host.readFile = (name) => codes.get(name) ?? readFile(name)
  host.getSourceFile = (name, target, ...rest) => {
    const code = codes.get(name)
    return code === undefined
      ? getSourceFile(name, target, ...rest)
      : ts.createSourceFile(name, code, target)
  }
  const program = ts.createProgram([...codes.keys()], { ...options, noUnusedLocals: false }, host)
  const found = [...codes.keys()].flatMap((name) => {
    const source = program.getSourceFile(name)
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
  })
  return (
    found
      .map(({ file, messageText }) => {
        const text = ts.flattenDiagnosticMessageText(messageText, ' ')
        return `${basename(file?.fileName ?? '')}: ${text}`
      })
      // A snippet may return from the handler that it is a part of.
      .filter((text) => !/'return' statement can only be used/.test(text))
  )
}
