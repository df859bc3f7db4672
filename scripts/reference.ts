// The API reference from the docstrings, settings in typedoc.json: `npm run docs:reference` writes it to out/reference.
// With --check nothing is written: it fails on links that do not resolve, exported names without a docstring, and
// categories that typedoc.json does not list. With --categories it also fails on exported names without a category.
import { dirname, join, relative } from "node:path/posix"
import {
  Application,
  Comment,
  type Context,
  Converter,
  type DeclarationReflection,
  MinimalSourceFile,
  normalizePath,
  type ProjectReflection,
  ReferenceReflection,
  ReflectionKind,
  TypeScript,
  ValidatingFileRegistry
} from "typedoc"

const modules = ReflectionKind.Module | ReflectionKind.Namespace
const kinds =
  modules |
  ReflectionKind.Variable |
  ReflectionKind.Function |
  ReflectionKind.Class |
  ReflectionKind.Interface |
  ReflectionKind.TypeAlias |
  ReflectionKind.Reference

// Types that signatures mention and no entry point exports. Readers need them; the rules for exported names do not apply.
const referencedTypes = "Referenced types"

// typedoc takes the first comment of a file for the module's only with a tag `@module`. Here every file starts with one.
const moduleText = (source: string): string | undefined =>
  /^\s*\/\*\*(.*?)\*\//s
    .exec(source)?.[1]
    ?.replace(/^[ \t]*\*[ \t]?/gm, "")
    .replace(/^@.*/ms, "")
    .trim()

/** `src/index.ts` is imported as `effect-ango`, `src/emulator/index.ts` as `effect-ango/emulator`. */
const entryPointName = (file: string): string => join("effect-ango", relative("src", dirname(file)))

const describeModule = (app: Application) => (context: Context, reflection: DeclarationReflection) => {
  if (!reflection.kindOf(modules)) return
  const symbol = context.getSymbolFromReflection(reflection)
  const file = symbol?.declarations?.find((node) => TypeScript.isSourceFile(node))
  const text = file && moduleText(file.text)
  if (file === undefined || text === undefined) return
  if (reflection.kindOf(ReflectionKind.Module)) reflection.name = entryPointName(file.fileName)
  const source = new MinimalSourceFile(text, normalizePath(file.fileName))
  reflection.comment = new Comment(
    app.converter.parseRawComment(source, new ValidatingFileRegistry()).content
  )
}

const commentOf = (one: DeclarationReflection): Comment | undefined => {
  if (one instanceof ReferenceReflection) {
    const target = one.tryGetTargetReflectionDeep()
    return target?.isDeclaration() === true ? commentOf(target) : undefined
  }
  return one.comment ?? one.signatures?.find(({ comment }) => comment !== undefined)?.comment
}

// Tags alone say nothing.
const isDocstring = (comment: Comment | undefined): boolean =>
  Comment.combineDisplayParts(comment?.summary).trim() !== ""

/** One exported name. A schema and a type of the same name are two declarations of it. */
interface ExportedName {
  readonly path: string
  readonly declarations: ReadonlyArray<DeclarationReflection>
}

const exportedNames = (
  parent: ProjectReflection | DeclarationReflection,
  prefix = ""
): ReadonlyArray<ExportedName> => {
  const children = (parent.children ?? []).filter((one) => one.kindOf(kinds) && one.name !== referencedTypes)
  return Array.from(new Set(children.map(({ name }) => name))).flatMap((name) => {
    const declarations = children.filter((one) => one.name === name)
    const path = `${prefix}${name}`
    const nested = declarations.filter((one) => one.kindOf(modules))
    return [{ path, declarations }, ...nested.flatMap((one) => exportedNames(one, `${path}.`))]
  })
}

const categoryTags = ({ declarations }: ExportedName) =>
  declarations.flatMap((one) => commentOf(one)?.getTags("@category") ?? [])

// A docstring or a category at one declaration of a name is shown at the others, too.
const shareComments = (name: ExportedName) => {
  const comment = name.declarations.map(commentOf).find(isDocstring)
  const category = categoryTags(name)[0]
  for (const one of name.declarations) {
    const own = commentOf(one)
    if (comment !== undefined && own === undefined) one.comment = comment.clone()
    else if (comment !== undefined && own !== undefined && !isDocstring(own)) {
      own.summary = Comment.cloneDisplayParts(comment.summary)
    }
    if (category !== undefined && commentOf(one)?.getTag("@category") === undefined) {
      commentOf(one)?.blockTags.push(category.clone())
    }
  }
}

const positionOf = (context: Context, { declarations }: ExportedName): string => {
  const node = declarations
    .map((one) => context.getSymbolFromReflection(one)?.declarations?.[0])
    .find(Boolean)
  if (node === undefined) return ""
  const file = node.getSourceFile()
  const { line } = file.getLineAndCharacterOfPosition(node.getStart())
  return ` (${relative(process.cwd(), file.fileName)}:${line + 1})`
}

const main = async () => {
  const check = process.argv.includes("--check")
  const requireCategories = process.argv.includes("--categories")
  const app = await Application.bootstrapWithPlugins()
  const categories = new Set(app.options.getValue("categoryOrder"))
  categories.delete(app.options.getValue("defaultCategory"))
  const problems: Array<string> = []

  app.converter.on(Converter.EVENT_CREATE_DECLARATION, describeModule(app))
  // Before typedoc takes the categories out of the comments.
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, (context) => {
    for (const name of exportedNames(context.project)) {
      const report = (problem: string) =>
        problems.push(`${name.path}${positionOf(context, name)}: ${problem}`)
      if (!name.declarations.some((one) => isDocstring(commentOf(one)))) report("no docstring")
      const used = categoryTags(name).map(({ content }) => Comment.combineDisplayParts(content).trim())
      for (const category of new Set(used)) {
        if (!categories.has(category)) report(`unknown category "${category}"`)
      }
      const isModule = name.declarations.every((one) => one.kindOf(modules))
      if (requireCategories && !isModule && used.length === 0) report("no @category")
      shareComments(name)
    }
  })

  const project = await app.convert()
  if (project === undefined) throw new Error("typedoc could not read the entry points")
  app.validate(project)
  if (check) {
    for (const problem of problems) console.error(problem)
    const count = problems.length + app.logger.warningCount + app.logger.errorCount
    console.log(
      count === 0
        ? "Docstrings: every exported name has one, and every link resolves"
        : `Docstrings: ${count} problems. Fix what is listed above.`
    )
    if (count > 0) process.exitCode = 1
    return
  }
  await app.generateOutputs(project)
  if (app.logger.hasErrors())
    throw new Error("The reference was not written completely: see the errors above")
}

await main()
