// The compiler, as this repository sets it, over files that are nowhere on disk.
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import ts from "typescript"

const root = fileURLToPath(new URL("../..", import.meta.url))

const configFile = join(root, "tsconfig.json")

const { options } = ts.parseJsonConfigFileContent(
  ts.readConfigFile(configFile, ts.sys.readFile).config,
  ts.sys,
  dirname(configFile)
)

export interface Diagnostic {
  /** From 1. */
  readonly line: number
  readonly message: string
}

/** The errors of each of these modules, by name, from one program. */
export const compile = (
  modules: Readonly<Record<string, string>>,
  changes: ts.CompilerOptions = {}
): Readonly<Record<string, ReadonlyArray<Diagnostic>>> => {
  const texts = new Map(Object.entries(modules).map(([name, text]) => [join(root, `${name}.ts`), text]))
  const settings = { ...options, ...changes, noEmit: true }
  const host = ts.createCompilerHost(settings, true)
  const withTexts: ts.CompilerHost = {
    ...host,
    fileExists: (file) => texts.has(file) || host.fileExists(file),
    readFile: (file) => texts.get(file) ?? host.readFile(file),
    getSourceFile: (file, ...rest) => {
      const text = texts.get(file)
      return text === undefined
        ? host.getSourceFile(file, ...rest)
        : ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true)
    }
  }
  const program = ts.createProgram([...texts.keys()], settings, withTexts)
  return Object.fromEntries(
    Array.from(texts.keys(), (file) => {
      const source = program.getSourceFile(file)
      const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
      return [
        file.slice(root.length, -3),
        found.map(({ code, file: at, messageText, start = 0 }) => ({
          line: (at?.getLineAndCharacterOfPosition(start).line ?? 0) + 1,
          message: `TS${code} ${ts.flattenDiagnosticMessageText(messageText, "\n")}`
        }))
      ]
    })
  )
}

/** What the compiler says of each of these modules, by name; nothing where it has nothing to say. */
export const diagnosticsOf = (
  modules: Readonly<Record<string, string>>
): Readonly<Record<string, ReadonlyArray<string>>> =>
  Object.fromEntries(
    Object.entries(compile(modules)).map(([name, found]) => [name, found.map(({ message }) => message)])
  )

/** The statements of a module: what they are, and the names that they declare. */
export const statementsOf = (text: string): ReadonlyArray<string> =>
  ts
    .createSourceFile("module.ts", text, ts.ScriptTarget.ES2022, true)
    .statements.map((statement) => ts.SyntaxKind[statement.kind])

/** Whether a text is one identifier to the compiler. */
export const isIdentifier = (text: string): boolean =>
  Array.from(text).every((character, index) => {
    const point = character.codePointAt(0) ?? 0
    return index === 0
      ? ts.isIdentifierStart(point, ts.ScriptTarget.ES2022)
      : ts.isIdentifierPart(point, ts.ScriptTarget.ES2022)
  })
