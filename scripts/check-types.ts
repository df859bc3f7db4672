// Type checks a project and runs the diagnostics of the Effect language service on it, as an editor does: effects that
// nothing runs, `yield` without a star, layers that need each other. tsconfig.json sets their severities. One program
// serves both: `tsc` and the command line of the language service would each make programs of their own.
import { createRequire } from "node:module"
import { dirname, relative } from "node:path"
import ts from "typescript"

const name = "@effect/language-service"
const project = process.argv[2] ?? "tsconfig.json"
const { config, error } = ts.readConfigFile(project, ts.sys.readFile)
const { errors, fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, dirname(project))
const { plugins } = options
const settings = Array.isArray(plugins)
  ? plugins.find((plugin) => typeof plugin === "object" && "name" in plugin && plugin.name === name)
  : undefined
if (error !== undefined || errors.length > 0) throw new Error(`${project} cannot be read, or has no files`)
if (settings === undefined) throw new Error(`${project} does not configure the plugin ${name}`)

const host: ts.LanguageServiceHost = {
  getCompilationSettings: () => options,
  getScriptFileNames: () => fileNames,
  getScriptVersion: () => "1",
  getScriptSnapshot: (file) => {
    const text = ts.sys.readFile(file)
    return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text)
  },
  getCurrentDirectory: () => process.cwd(),
  getDefaultLibFileName: ts.getDefaultLibFilePath,
  fileExists: ts.sys.fileExists,
  readFile: ts.sys.readFile,
  readDirectory: ts.sys.readDirectory,
  directoryExists: ts.sys.directoryExists,
  getDirectories: ts.sys.getDirectories
}

const plugin = createRequire(import.meta.url)(`${name}/index.js`)({ typescript: ts })
const service: ts.LanguageService = plugin.create({
  config: settings,
  languageService: ts.createLanguageService(host),
  languageServiceHost: host,
  project: { log: () => {}, getCurrentDirectory: host.getCurrentDirectory }
})

const categories = [ts.DiagnosticCategory.Error, ts.DiagnosticCategory.Warning]
const program = service.getProgram()
if (program === undefined) throw new Error(`${project} has no program`)
const findings = [
  ...program.getOptionsDiagnostics(),
  ...program.getGlobalDiagnostics(),
  ...program.getSyntacticDiagnostics(),
  ...program.getDeclarationDiagnostics(),
  ...fileNames.flatMap((file) => service.getSemanticDiagnostics(file))
]
  .filter(({ category }) => categories.includes(category))
  .map(({ file, messageText, start }) => {
    const message = ts
      .flattenDiagnosticMessageText(messageText, "\n")
      .trim()
      .replaceAll(/\s*\n\s*/g, " ")
    if (file === undefined || start === undefined) return message
    const { character, line } = ts.getLineAndCharacterOfPosition(file, start)
    return `${relative(process.cwd(), file.fileName)}:${line + 1}:${character + 1}: ${message}`
  })

for (const finding of findings) console.error(finding)
if (findings.length > 0) process.exit(1)
console.log(`${fileNames.length} files have no errors and no Effect diagnostics`)
