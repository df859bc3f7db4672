/**
 * Builders of ontologies: a {@link CategorySchema} from a few words per question. Schema ids (32 hex digits) and
 * colours that are not given are drawn from Effect's `Random`, so that a seeded one gives the same ontology again.
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
 *           { value: "No", reveals: [Ontology.classification("text", { title: "What is in the way?" })] }
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

export { answerSchema } from "./answerSchema.js"
export { type ModuleOptions, toModule } from "./ontologyModule.js"
export type { ClassificationOf, ObjectOf, RelationOf } from "./ontologyTypes.js"
export { toOptionIds, toOptionValues } from "./optionReferences.js"
export { flattenTree }

/**
 * A value, or the effect that builds it: builders nest without being run one by one.
 *
 * @since 0.1.0
 */
export type Buildable<A> = A | Effect.Effect<A>

/** Something that was built: its schema id is there. */
type Built<A> = A & { readonly schemaId: string }

/**
 * An option: its text; or an object with a schema id of your own, and the questions that are shown when it is
 * chosen.
 *
 * @since 0.1.0
 */
export type OptionInput =
  | string
  | {
      readonly value: string
      readonly schemaId?: string | null | undefined
      /** Classifications shown only when this option is chosen: they get its id as their `parentOptionId`. */
      readonly reveals?: ReadonlyArray<Buildable<Classification>> | undefined
    }

/**
 * A node of a tree: its title; or an object with children, a key and a value of your own.
 *
 * @since 0.1.0
 */
export type TreeOptionInput =
  | string
  | {
      readonly title: string
      /** Its id; drawn unless given. */
      readonly key?: string | null | undefined
      /** The key unless given. */
      readonly value?: string | null | undefined
      readonly children?: ReadonlyArray<TreeOptionInput> | null | undefined
    }

/**
 * What tools, classifications and relations have in common.
 *
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
  /** `#rrggbb`; random unless given. */
  readonly color?: string | undefined
  /** `0` to `9`, `ctrl+0` to `ctrl+9`, `a` to `k`; default `""`, none. */
  readonly shortcutKey?: string | undefined
  /** Nested questions, always shown unless they have a `parentOptionId`. */
  readonly classifications?: ReadonlyArray<Buildable<Classification>> | undefined
  readonly options?: ReadonlyArray<OptionInput> | undefined
  readonly multiple?: boolean | undefined
}

/** @since 0.1.0 */
export interface ToolOptions extends CategoryOptions {
  readonly ocrEnabled?: boolean | undefined
}

/** @since 0.1.0 */
export interface ClassificationOptions extends CategoryOptions {
  /** The tree of a `tree-dropdown`; its nodes become the `options`. */
  readonly treeOptions?: ReadonlyArray<TreeOptionInput> | undefined
  /** The schema id of the option that reveals this question; {@link OptionInput} `reveals` sets it for you. */
  readonly parentOptionId?: string | undefined
  /** What a text must match. */
  readonly regex?: string | undefined
  /** Whether a text is written in the rich-text editor. */
  readonly richText?: boolean | undefined
  readonly frameSpecific?: boolean | undefined
  readonly showDropdown?: boolean | undefined
  readonly exportName?: string | undefined
  readonly displayName?: string | undefined
  readonly abbreviatedName?: string | undefined
  readonly attributeType?: string | undefined
  readonly defaultValue?: unknown
}

const hex = (digits: number) =>
  Effect.map(Effect.replicateEffect(Random.nextIntBetween(0, 16), digits), (drawn) =>
    drawn.map((digit) => digit.toString(16)).join("")
  )

/**
 * A new schema id: 32 random hex digits, as the vendor's SDK makes them.
 *
 * @since 0.1.0
 */
export const schemaId: Effect.Effect<string> = hex(32)

/**
 * A random colour, `#rrggbb`.
 *
 * @since 0.1.0
 */
export const color: Effect.Effect<string> = Effect.map(hex(6), (digits) => `#${digits}`)

const build = <A>(buildable: Buildable<A>): Effect.Effect<A> =>
  Effect.isEffect(buildable) ? (buildable as Effect.Effect<A>) : Effect.succeed(buildable as A)

/**
 * An option with an id, to name it in a `parentOptionId`.
 *
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
 * A node of a tree with its children, all with keys.
 *
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

// The keys that the vendor's SDK always writes, with its defaults; but `required` is false where the SDK has null.
const category = (options: CategoryOptions) =>
  Effect.gen(function* () {
    const id = options.schemaId ?? (yield* schemaId)
    const shade = options.color ?? (yield* color)
    const built: Array<Built<LabelOption>> = []
    const classifications = yield* Effect.forEach(options.classifications ?? [], build)
    for (const input of options.options ?? []) {
      const { reveals = [], ...rest } = typeof input === "string" ? { value: input } : input
      const one = { ...rest, ...(yield* option(rest.value, rest)) }
      built.push(one)
      for (const revealed of yield* Effect.forEach(reveals, build)) {
        classifications.push({ ...revealed, parentOptionId: one.schemaId })
      }
    }
    return {
      title: options.title ?? "",
      required: options.required ?? false,
      columnField: options.columnField ?? false,
      color: shade,
      shortcutKey: options.shortcutKey ?? "",
      classifications,
      options: built as ReadonlyArray<LabelOption>,
      schemaId: id,
      ...(options.multiple === undefined ? {} : { multiple: options.multiple })
    }
  })

/**
 * A drawing tool (`bounding-box`, `polygon`, `segmentation`, …).
 *
 * @since 0.1.0
 */
export const tool = (kind: ToolKind, options: ToolOptions = {}): Effect.Effect<Built<Tool>> =>
  Effect.map(category(options), (common) => ({
    tool: kind,
    ...common,
    ...(options.ocrEnabled === undefined ? {} : { ocrEnabled: options.ocrEnabled })
  }))

const onlyOfClassifications = [
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
 * A question (`radio`, `checkbox`, `single-dropdown`, `tree-dropdown`, `text`, …). With `treeOptions`, its options
 * are those of {@link flattenTree}.
 *
 * @since 0.1.0
 */
export const classification = (
  kind: ClassificationKind,
  options: ClassificationOptions = {}
): Effect.Effect<Built<Classification>> =>
  Effect.gen(function* () {
    const common = yield* category(options)
    const given = onlyOfClassifications.filter((name) => options[name] !== undefined)
    const own = Object.fromEntries(given.map((name) => [name, options[name]]))
    if (options.treeOptions === undefined) return { tool: kind, ...common, ...own }
    const treeOptions = yield* Effect.forEach(options.treeOptions, treeOption)
    return { tool: kind, ...common, options: flattenTree(treeOptions), ...own, treeOptions }
  })

/**
 * A kind of link between objects (`one-to-one`, `group`, `one-to-many`).
 *
 * @since 0.1.0
 */
export const relation = (kind: RelationKind, options: CategoryOptions = {}): Effect.Effect<Built<Relation>> =>
  Effect.map(category(options), (common) => ({ tool: kind, ...common }))

/**
 * A whole ontology, for `Projects.setLabelSet`: the parts that are not given are empty.
 *
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
