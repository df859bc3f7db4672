// How far `src` is from Effect 4: of the names of Effect's modules that it uses, how many do not exist in Effect 4's
// declarations. `npm run effect4:distance` prints that number, with --list each name and its uses. Effect 4 is installed
// into a temporary folder; --effect4 FOLDER takes one where `effect` and `@effect/platform-node` are installed.
// Names only: what has the same name and another shape is not counted.
import { execFileSync } from "node:child_process"
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import ts from "typescript"

const source = fileURLToPath(new URL("../src", import.meta.url))

/** The modules of Effect 3 that Effect 4 has under another name, the first rule that matches. All others kept theirs. */
const moved: ReadonlyArray<readonly [pattern: RegExp, place: string]> = [
  [/^effect\/Either$/, "effect/Result"],
  [/^effect\/ParseResult$/, "effect/SchemaIssue"],
  [/^effect\/ConfigError$/, "effect/Config"],
  [/^effect\/(TestClock)$/, "effect/testing/$1"],
  [/^@effect\/platform\/Error$/, "effect/PlatformError"],
  [/^@effect\/platform\/(FileSystem|Path)$/, "effect/$1"],
  [/^@effect\/platform\/KeyValueStore$/, "effect/persistence/KeyValueStore"],
  [/^@effect\/platform\/(HttpApi\w*|OpenApi)$/, "effect/http-api/$1"],
  [/^@effect\/platform\/HttpApp$/, "effect/http/HttpEffect"],
  [/^@effect\/platform\/(\w+)$/, "effect/http/$1"],
  [/^@effect\/experimental\/RateLimiter(\/Redis)?$/, "effect/persistence/RateLimiter"],
  [/^@effect\/platform-node\/NodeContext$/, "@effect/platform-node/NodeServices"]
]

const placeOf = (module: string): string => {
  const rule = moved.find(([pattern]) => pattern.test(module))
  return rule === undefined ? module : module.replace(...rule)
}

interface Use {
  readonly module: string
  readonly name: string
}

const isEffect = (module: string) => /^(effect|@effect\/[\w-]+)\//.test(module)

/** The names of Effect's modules in one file, each use. */
const usesIn = (file: string): ReadonlyArray<Use> => {
  const tree = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2022, true)
  const modules = new Map<string, string>()
  const named = new Map<string, Use>()
  const uses: Array<Use> = []

  for (const statement of tree.statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue
    const module = statement.moduleSpecifier.text
    const bindings = statement.importClause?.namedBindings
    if (!isEffect(module) || bindings === undefined) continue
    if (ts.isNamespaceImport(bindings)) modules.set(bindings.name.text, module)
    else {
      for (const { name, propertyName } of bindings.elements) {
        named.set(name.text, { module, name: (propertyName ?? name).text })
      }
    }
  }

  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) return
    // `Effect.map`, and the type `Schema.Schema` of `Schema.Schema.Type`.
    const [left, right] = ts.isPropertyAccessExpression(node)
      ? [node.expression, node.name]
      : ts.isQualifiedName(node)
        ? [node.left, node.right]
        : []
    const module = left !== undefined && ts.isIdentifier(left) ? modules.get(left.text) : undefined
    if (module !== undefined && right !== undefined) uses.push({ module, name: right.text })
    if (ts.isIdentifier(node) && !(ts.isPropertyAccessExpression(node.parent) && node.parent.name === node)) {
      const use = named.get(node.text)
      if (use !== undefined) uses.push(use)
    }
    ts.forEachChild(node, visit)
  }
  visit(tree)
  return uses
}

/** Whether a module of the installed Effect 4 exports a name. */
const makeExists = (folder: string, modules: ReadonlyArray<string>) => {
  const declarationsOf = (module: string) => {
    const [, name = "", path = ""] = /^((?:@[^/]+\/)?[^/]+)\/(.*)$/.exec(module) ?? []
    return join(folder, "node_modules", name, "dist", `${path}.d.ts`)
  }
  const files = modules.map(declarationsOf).filter(existsSync)
  const program = ts.createProgram(files, {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    skipLibCheck: true,
    types: []
  })
  const checker = program.getTypeChecker()
  return ({ module, name }: Use): boolean => {
    const file = program.getSourceFile(declarationsOf(module))
    const symbol = file && checker.getSymbolAtLocation(file)
    return symbol !== undefined && checker.getExportsOfModule(symbol).some((one) => one.name === name)
  }
}

const given = process.argv.indexOf("--effect4")
const folder = process.argv[given + 1]
const isTemporary = given === -1 || folder === undefined
const effect4 = isTemporary ? mkdtempSync(join(tmpdir(), "effect4-")) : folder

try {
  if (isTemporary) {
    const install = [
      "install",
      "--silent",
      "--ignore-scripts",
      "--no-audit",
      "--no-fund",
      "--prefix",
      effect4
    ]
    execFileSync("npm", [...install, "effect@~4.1.0", "@effect/platform-node@~4.1.0"], { stdio: "inherit" })
  }
  const { version }: { version: string } = JSON.parse(
    readFileSync(join(effect4, "node_modules/effect/package.json"), "utf8")
  )

  const uses = readdirSync(source, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) => usesIn(join(source, file)))
  const counts = new Map<string, Use & { readonly count: number }>()
  for (const use of uses) {
    const key = `${use.module} ${use.name}`
    counts.set(key, { ...use, count: (counts.get(key)?.count ?? 0) + 1 })
  }
  const names = Array.from(counts.values())
  const exists = makeExists(effect4, Array.from(new Set(names.map(({ module }) => placeOf(module)))))
  const missing = names
    .filter(({ module, name }) => !exists({ module: placeOf(module), name }))
    .toSorted((one, other) => other.count - one.count || one.name.localeCompare(other.name))

  if (process.argv.includes("--list")) {
    for (const { count, module, name } of missing)
      console.log(`${String(count).padStart(5)}  ${module} ${name}`)
  }
  const missingUses = missing.reduce((sum, { count }) => sum + count, 0)
  console.error(
    `Names that Effect ${version} lacks, of ${names.length} that src uses (${missingUses} of ${uses.length} uses):`
  )
  console.log(missing.length)
} finally {
  if (isTemporary) rmSync(effect4, { recursive: true })
}
