/**
 * Builders of ontologies (category schemas), and functions that use an ontology. Missing schemaIds (32 hex digits) and
 * colors are random, from Effect's `Random`: a seeded one repeats the same ontology.
 *
 * @example
 * ```ts
 * import { Ontology, Projects } from "effect-ango"
 * import { Effect } from "effect"
 *
 * const program = Effect.gen(function*() {
 *   const projects = yield* Projects
 *   const ontology = yield* Ontology.make({
 *     tools: [Ontology.tool("bounding-box", { title: "Vehicle", color: "#f44336" })],
 *     classifications: [
 *       Ontology.classification("radio", {
 *         title: "Is the view clear?",
 *         required: true,
 *         options: [
 *           "Yes",
 *           { value: "No", reveals: [Ontology.classification("text", { title: "What blocks the view?" })] }
 *         ]
 *       })
 *     ]
 *   })
 *   yield* projects.setLabelSet("65aa0000000000000000a001", ontology)
 * })
 * ```
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import type {
  CategorySchema,
  Classification,
  ClassificationKind,
  LabelOption,
  Relation,
  RelationKind,
  Tool,
  ToolKind,
  TreeOption
} from "../schemas/CategorySchema.js"
import { flattenTree } from "../schemas/optionTree.js"
import { classificationDefaults } from "./labelSetDefaults.js"

export { answerSchema } from "./answerSchema.js"
export { type ModuleOptions, toModule } from "./ontologyModule.js"
export type { ClassificationOf, ObjectOf, RelationOf } from "./ontologyTypes.js"
export { toOptionIds, toOptionValues } from "./optionReferences.js"
export { flattenTree }

/**
 * A value, or the effect that builds it, so that builders can be nested.
 *
 * @category models
 * @since 0.1.0
 */
export type Buildable<A> = A | Effect.Effect<A>

/** A built class or option: it has a schemaId. */
type Built<A> = A & { readonly schemaId: string }

/**
 * An option: its value; or an object with the value, a schemaId of your own, and the classifications that it reveals.
 *
 * @category options
 * @since 0.1.0
 */
export type OptionInput =
  | string
  | {
      readonly value: string
      readonly schemaId?: string | null | undefined
      /** Classifications shown only when this option is selected: its id becomes their `parentOptionId`. */
      readonly reveals?: ReadonlyArray<Buildable<Classification>> | undefined
    }

/**
 * A node of a tree: its title; or an object with the title, children, and a key and a value of your own.
 *
 * @category options
 * @since 0.1.0
 */
export type TreeOptionInput =
  | string
  | {
      readonly title: string
      /** Its id; default 32 random hex digits. */
      readonly key?: string | null | undefined
      /** Default: the key. */
      readonly value?: string | null | undefined
      readonly children?: ReadonlyArray<TreeOptionInput> | null | undefined
    }

/**
 * Options that tools, classifications and relations share.
 *
 * @category options
 * @since 0.1.0
 */
export interface CategoryOptions {
  /** Default `""`. */
  readonly title?: string | undefined
  /** Whether annotators must use it before they submit; default `false`. */
  readonly required?: boolean | undefined
  /** Default 32 random hex digits. */
  readonly schemaId?: string | undefined
  /** Whether it is a column of a table; default `false`. */
  readonly columnField?: boolean | undefined
  /** `#rrggbb`; default random. */
  readonly color?: string | undefined
  /** `0` to `9`, `ctrl+0` to `ctrl+9`, `a` to `k`; default `""` (none). */
  readonly shortcutKey?: string | undefined
  /** Nested classifications; those with a `parentOptionId` are shown only when that option is selected. */
  readonly classifications?: ReadonlyArray<Buildable<Classification>> | undefined
  readonly options?: ReadonlyArray<OptionInput> | undefined
  readonly multiple?: boolean | undefined
}

/**
 * Options of a drawing tool.
 *
 * @category options
 * @since 0.1.0
 */
export interface ToolOptions extends CategoryOptions {
  /** Whether the text inside of an object is read by OCR. */
  readonly ocrEnabled?: boolean | undefined
}

/**
 * Options of a classification.
 *
 * @category options
 * @since 0.1.0
 */
export interface ClassificationOptions extends CategoryOptions {
  /** The tree of a `tree-dropdown`; its nodes replace the `options`. */
  readonly treeOptions?: ReadonlyArray<TreeOptionInput> | undefined
  /** The schemaId of the option that reveals this classification; `reveals` of an {@link OptionInput} sets it. */
  readonly parentOptionId?: string | undefined
  /** The regular expression that a text must match. */
  readonly regex?: string | undefined
  /** Whether a text is edited as rich text (HTML); default `false`. */
  readonly richText?: boolean | undefined
  /** Whether each frame has an answer of its own; default `false`. */
  readonly frameSpecific?: boolean | undefined
  /** Default `false`. */
  readonly showDropdown?: boolean | undefined
  readonly exportName?: string | undefined
  readonly displayName?: string | undefined
  readonly abbreviatedName?: string | undefined
  readonly attributeType?: string | undefined
  readonly defaultValue?: unknown
}

const hex = (digits: number) =>
  Effect.map(Effect.replicateEffect(Random.nextIntBetween(0, 16), digits), (values) =>
    values.map((digit) => digit.toString(16)).join("")
  )

/**
 * A new schemaId: 32 random hex digits, the format of the vendor's SDK.
 *
 * @category constructors
 * @since 0.1.0
 */
export const schemaId: Effect.Effect<string> = hex(32)

/**
 * A random color, `#rrggbb`.
 *
 * @category constructors
 * @since 0.1.0
 */
export const color: Effect.Effect<string> = Effect.map(hex(6), (digits) => `#${digits}`)

const build = <A>(buildable: Buildable<A>): Effect.Effect<A> =>
  Effect.isEffect(buildable) ? (buildable as Effect.Effect<A>) : Effect.succeed(buildable as A)

/**
 * Builds an option with a schemaId, to use as a `parentOptionId`.
 *
 * @category constructors
 * @since 0.1.0
 */
export const option = (
  value: string,
  options: { readonly schemaId?: string | null | undefined } = {}
): Effect.Effect<Built<LabelOption>> =>
  Effect.map(options.schemaId == null ? schemaId : Effect.succeed(options.schemaId), (id) => ({
    value,
    schemaId: id
  }))

/**
 * Builds a node of a tree with its children; every node gets a key.
 *
 * @category constructors
 * @since 0.1.0
 */
export const treeOption = (
  input: TreeOptionInput
): Effect.Effect<TreeOption & { readonly key: string; readonly value: string }> =>
  Effect.gen(function* () {
    const node = typeof input === "string" ? { title: input } : input
    const key = node.key ?? (yield* schemaId)
    const children = yield* Effect.forEach(node.children ?? [], treeOption)
    return { title: node.title, children, key, value: node.value ?? key }
  })

// The keys that the vendor's SDK always writes, with its defaults, except that `required` is false instead of null.
const category = (options: CategoryOptions) =>
  Effect.gen(function* () {
    const id = options.schemaId ?? (yield* schemaId)
    const colorCode = options.color ?? (yield* color)
    const labelOptions: Array<Built<LabelOption>> = []
    const classifications = yield* Effect.forEach(options.classifications ?? [], build)
    for (const input of options.options ?? []) {
      const { reveals = [], ...rest } = typeof input === "string" ? { value: input } : input
      const labelOption = { ...rest, ...(yield* option(rest.value, rest)) }
      labelOptions.push(labelOption)
      for (const nested of yield* Effect.forEach(reveals, build)) {
        classifications.push({ ...nested, parentOptionId: labelOption.schemaId })
      }
    }
    return {
      title: options.title ?? "",
      required: options.required ?? false,
      columnField: options.columnField ?? false,
      color: colorCode,
      shortcutKey: options.shortcutKey ?? "",
      classifications,
      options: labelOptions as ReadonlyArray<LabelOption>,
      schemaId: id,
      ...(options.multiple === undefined ? {} : { multiple: options.multiple })
    }
  })

/**
 * Builds a drawing tool (`bounding-box`, `polygon`, `segmentation`, …).
 *
 * @category constructors
 * @since 0.1.0
 */
export const tool = (kind: ToolKind, options: ToolOptions = {}): Effect.Effect<Built<Tool>> =>
  Effect.map(category(options), (common) => ({
    tool: kind,
    ...common,
    ...(options.ocrEnabled === undefined ? {} : { ocrEnabled: options.ocrEnabled })
  }))

const classificationFields = [
  "parentOptionId",
  "regex",
  "richText",
  "frameSpecific",
  "showDropdown",
  "exportName",
  "displayName",
  "abbreviatedName",
  "attributeType",
  "defaultValue"
] as const

/**
 * Builds a classification (`radio`, `checkbox`, `single-dropdown`, `tree-dropdown`, `text`, …). With `treeOptions`, its
 * options are the nodes of the tree, as {@link flattenTree} lists them.
 *
 * @category constructors
 * @since 0.1.0
 */
export const classification = (
  kind: ClassificationKind,
  options: ClassificationOptions = {}
): Effect.Effect<Built<Classification>> =>
  Effect.gen(function* () {
    const common = yield* category(options)
    const names = classificationFields.filter((name) => options[name] !== undefined)
    const own = Object.fromEntries(names.map((name) => [name, options[name]]))
    const built = { tool: kind, ...common, ...classificationDefaults, ...own }
    if (options.treeOptions === undefined) return built
    const treeOptions = yield* Effect.forEach(options.treeOptions, treeOption)
    return { ...built, options: flattenTree(treeOptions), treeOptions }
  })

/**
 * Builds a relation, a kind of link between objects (`one-to-one`, `group`, `one-to-many`).
 *
 * @category constructors
 * @since 0.1.0
 */
export const relation = (kind: RelationKind, options: CategoryOptions = {}): Effect.Effect<Built<Relation>> =>
  Effect.map(category(options), (common) => ({ tool: kind, ...common }))

/**
 * Builds an ontology, for `Projects.setLabelSet`. Missing parts are empty.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (
  parts: {
    readonly tools?: ReadonlyArray<Buildable<Tool>> | undefined
    readonly classifications?: ReadonlyArray<Buildable<Classification>> | undefined
    readonly relations?: ReadonlyArray<Buildable<Relation>> | undefined
  } = {}
): Effect.Effect<Required<CategorySchema>> =>
  Effect.all({
    tools: Effect.forEach(parts.tools ?? [], build),
    classifications: Effect.forEach(parts.classifications ?? [], build),
    relations: Effect.forEach(parts.relations ?? [], build)
  })
