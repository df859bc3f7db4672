// Generated modules compile for every ontology; programs with a wrong class, option or geometry do not.
import { runInNewContext } from "node:vm"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import * as Random from "effect/Random"
import { CategorySchema, Labels, Ontology } from "effect-ango"
import { blueprints } from "../../src/emulator/seed/projects.js"
import { toIdentifier } from "../../src/ontology/module/names.js"
import { diagnosticsOf, isIdentifier, statementsOf } from "../support/Compiler.js"
import { cases } from "../support/LabelMistakes.js"
import { entry, ontology, weather } from "../support/LabelOntology.js"
import * as unknownKinds from "../support/UnknownKinds.js"
import { inputs } from "../support/WireValues.js"

const [streets] = blueprints

const streetsModule = Ontology.toModule(CategorySchema.CategorySchema.make(streets.categorySchema), {
  of: streets.name
})

const bundled = Ontology.toModule(ontology)

// Texts that would become code or break an identifier without escaping.
const hostileTexts = [
  ...["class", "default", "Promise", "Answer", "ontology", "Tool", "ReadonlyArray", "undefined", "NaN", ""],
  ...[
    "1st",
    "it's",
    '"quoted"',
    "back`tick",
    "$" + "{process.exit(1)}",
    "a\nexport const evil = 1",
    "a\r\nb",
    "a\u2028b"
  ],
  ...[
    "*/ evil() /*",
    "*\\/ evil()",
    "</script>",
    "// evil",
    "\\",
    '\\"',
    "__proto__",
    "constructor",
    "🚗",
    "\u202eevil",
    "\u3164",
    "Annotation. x"
  ],
  ...[
    "Ärger",
    "A\u0308rger",
    "自動車",
    "ʼn",
    "ß",
    "ƛ",
    "\ud800",
    "Car",
    "car",
    "Car!",
    "x".repeat(300),
    "'; evil(); '"
  ]
]

const title = FastCheck.oneof(FastCheck.constantFrom(...hostileTexts), FastCheck.string({ unit: "binary" }))

const some = <A>(arbitrary: FastCheck.Arbitrary<A>, maxLength = 4) =>
  FastCheck.array(arbitrary, { maxLength })

const option = FastCheck.record({ value: title, schemaId: title }, { requiredKeys: ["value"] })

const common = (kinds: ReadonlyArray<string>) => ({
  tool: FastCheck.oneof(FastCheck.constantFrom(...kinds), title),
  title: FastCheck.option(title),
  schemaId: FastCheck.option(title),
  required: FastCheck.boolean(),
  multiple: FastCheck.boolean(),
  regex: title,
  parentOptionId: FastCheck.option(title),
  options: some(option)
})

const { question } = FastCheck.letrec<{ readonly question: CategorySchema.Classification }>((tie) => ({
  question: FastCheck.record({
    ...common(CategorySchema.ClassificationKind.known),
    classifications: FastCheck.oneof({ depthSize: "small" }, FastCheck.constant([]), some(tie("question"), 2))
  })
}))

const hostileOntology = FastCheck.record({
  tools: some(
    FastCheck.record({ ...common(CategorySchema.ToolKind.known), classifications: some(question, 2) })
  ),
  classifications: some(question),
  relations: some(
    FastCheck.record({ ...common(CategorySchema.RelationKind.known), classifications: some(question, 1) })
  )
})

describe("a module", () => {
  it("compiles for a seeded project, for every kind of class, and for hostile texts", () => {
    const hostile = FastCheck.sample(hostileOntology, { numRuns: 30, seed: 20_250_102 })
    const ordinary = FastCheck.sample(inputs(CategorySchema.CategorySchema), {
      numRuns: 10,
      seed: 20_250_102
    })
    const modules = [...hostile, ...ordinary].map((schema, index) => [
      `generated${index}`,
      Ontology.toModule(schema, {
        of: hostileTexts[index % hostileTexts.length],
        incomplete: index % 2 === 0
      })
    ])
    const unknownModule = Ontology.toModule(unknownKinds.ontology)
    for (const kind of ["hologram", "some-upload-box", "some-to-some"]) expect(unknownModule).toContain(kind)
    const unknown = `${unknownModule}\nexport const one: Entry = ${JSON.stringify(unknownKinds.entry)}\n`
    const diagnostics = diagnosticsOf({
      streets: streetsModule,
      bundled,
      unknown,
      ...Object.fromEntries(modules)
    })
    expect(Object.keys(diagnostics)).toHaveLength(43)
    expect(Object.entries(diagnostics).filter(([, messages]) => messages.length > 0)).toEqual([])
  })

  it("contains the parts of the ontology that decide which answers are valid", () => {
    const rich = { tool: "text", schemaId: "q-rich", title: "Rich", richText: true, regex: "^\\d+$" }
    const whole = { ...ontology, classifications: [...(ontology.classifications ?? []), rich] }
    const [, text = ""] = /^export const ontology: \S+ = (.*?)\n\n/ms.exec(Ontology.toModule(whole)) ?? []
    const included = JSON.parse(runInNewContext(`JSON.stringify(${text})`))
    const noted = { classifications: [weather, { schemaId: "q-rich", answer: "<b>one</b>" }] }
    const entries = [entry(noted), ...cases.map(([input]) => input)]
    const check = (schema: CategorySchema.CategorySchema) =>
      Labels.checkAll(schema, entries).map(Either.mapLeft(({ mistakes }) => mistakes))
    expect(check(included)[0]).toEqual(Either.right(entries[0]))
    expect(check(included)).toEqual(check(whole))
    const open = Ontology.toModule(whole, { incomplete: true })
    expect(open).toContain("answerSchema<Answer>(ontology, { incomplete: true })")
  })

  it("imports exactly what it uses, even when a title looks like code", () => {
    const module = Ontology.toModule({
      classifications: [{ tool: "text", title: "Annotation. x", schemaId: "q1" }]
    })
    expect(module).toContain("import { type CategorySchema, type LabelImport, Ontology }")
    const open = Ontology.toModule({ classifications: [{ tool: "nested", title: "x", schemaId: "q1" }] })
    expect(open).toContain("import { type Annotation, type CategorySchema, type LabelImport, Ontology }")
  })

  it("contains only imports, constants and types for every ontology", () => {
    FastCheck.assert(
      FastCheck.property(hostileOntology, title, (schema, of) => {
        const kinds = new Set(statementsOf(Ontology.toModule(schema, { of })))
        const allowed = [
          "ImportDeclaration",
          "FirstStatement",
          "TypeAliasDeclaration",
          "InterfaceDeclaration"
        ]
        expect([...kinds].filter((kind) => !allowed.includes(kind))).toEqual([])
      }),
      { numRuns: 300 }
    )
  })

  it.effect("is deterministic, and contains no invisible characters", () =>
    Effect.gen(function* () {
      const schema = yield* Effect.withRandom(
        Ontology.make({ tools: [Ontology.tool("point", { title: "La\u202e\u3164\u034fmp" })] }),
        Random.make("one")
      )
      const text = Ontology.toModule(schema)
      expect(Ontology.toModule(structuredClone(schema))).toBe(text)
      expect(text.replaceAll("\n", "")).not.toMatch(
        /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u
      )
      expect(text).toContain("export const LaMp = ")
    })
  )

  it("turns every character of the first two planes into valid identifiers", () => {
    const wrong: Array<string> = []
    for (let point = 0; point < 0x2_0000; point++) {
      const words = toIdentifier(`a${String.fromCodePoint(point)}b ${String.fromCodePoint(point)}`)
      if (!isIdentifier(words)) wrong.push(point.toString(16))
    }
    expect(wrong).toEqual([])
  })
})

const program = (body: string) => `import { Annotations } from "effect-ango"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Classes from "./streets.js"
import * as All from "./bundled.js"

const box = { x: 1, y: 1, width: 1, height: 1 }
export const used = [box, Classes.ontology, All.ontology]
export const save = (entries: ReadonlyArray<Classes.Entry | All.Entry>) =>
  Stream.unwrap(Effect.map(Annotations, (annotations) => annotations.importLabels("p1", entries)))
export const entry: Classes.Entry = {
  externalId: "a.jpg",
  classifications: [{ schemaId: Classes.Weather, answer: "Fog" }]
}
${body}
`

const vehicle = (fields: string) =>
  program(`export const vehicle: Classes.Vehicle = { schemaId: Classes.Vehicle, ${fields} }`)

const car = 'classifications: [{ schemaId: Classes.VehicleType, answer: "Car" }]'

const programs = {
  right: vehicle(`title: "Vehicle", "bounding-box": box, page: 3, ${car}`),
  everything: program(`export const all: All.Answer = {
  tools: [
    { schemaId: All.Lamp, point: [1, 2] },
    { schemaId: All.Sky, page: 2 },
    { schemaId: All.Sign, circle: { r: 1 } },
    { schemaId: All.Vehicle, "bounding-box": box, classifications: [
      { schemaId: All.VehicleType, tool: "single-dropdown", answer: "Lorry" },
      { schemaId: All.VehicleDamage, answer: ["Rust", "Dent"] }
    ] }
  ],
  classifications: [
    { schemaId: All.Weather, answer: "Fog", classifications: [{ schemaId: All.WeatherSight, answer: "9 m" }] },
    { schemaId: All.Place, answer: ["Town", "Town / Park"] },
    { schemaId: All.Night, answer: true }
  ],
  relations: [{ schemaId: All.Tows, from: "a", to: "b" }, { schemaId: All.Convoy, group: ["a"] }]
}
// A classification of another option may be left out.
export const clear: All.Weather = { schemaId: All.Weather, answer: "Clear" }`)
}

// The program, and a part of the compiler's message.
const mistakes: Readonly<Record<string, readonly [string, RegExp]>> = {
  "a misspelled option": [
    vehicle('"bounding-box": box, classifications: [{ schemaId: Classes.VehicleType, answer: "Cra" }]'),
    /"Cra"' is not assignable/
  ],
  "a misspelled class": [program("export const id = Classes.Vehicel"), /Did you mean 'Vehicle'/],
  "a schemaId of another class": [
    program(
      `export const one: Classes.Vehicle = { schemaId: Classes.Pedestrian, "bounding-box": box, ${car} }`
    ),
    /is not assignable/
  ],
  "a title of another class": [
    vehicle(`title: "Ship", "bounding-box": box, ${car}`),
    /"Ship"' is not assignable/
  ],
  "a geometry of another tool": [vehicle(`polygon: [[1, 1], [2, 2], [3, 1]], ${car}`), /is not assignable/],
  "a geometry of another tool for a brush": [
    program('export const one: All.Sky = { schemaId: All.Sky, "bounding-box": box }'),
    /is not assignable to type 'undefined'|never/
  ],
  "two geometries": [
    vehicle(`"bounding-box": box, point: [1, 2], ${car}`),
    /is not assignable to type 'undefined'|never/
  ],
  "no geometry": [vehicle(car), /"bounding-box"/],
  "a required classification without an answer": [
    vehicle('"bounding-box": box'),
    /'classifications' is missing/
  ],
  "a nested classification of another class": [
    vehicle('"bounding-box": box, classifications: [{ schemaId: Classes.Weather, answer: "Fog" }]'),
    /is not assignable/
  ],
  "a list instead of one option": [
    program('export const one: Classes.Weather = { schemaId: Classes.Weather, answer: ["Fog"] }'),
    /is not assignable/
  ],
  "a text instead of a list": [
    program('export const one: All.Users = { schemaId: All.Users, answer: "Bike" }'),
    /is not assignable/
  ],
  "an unknown path of a tree": [
    program('export const one: All.Place = { schemaId: All.Place, answer: ["Town / Prak"] }'),
    /"Town \/ Prak"' is not assignable/
  ],
  "a group for a one-to-one relation": [
    program('export const one: All.Tows = { schemaId: All.Tows, group: ["a"] }'),
    /is not assignable/
  ],
  "an entry without the required classification": [
    program('export const one: Classes.Entry = { externalId: "a.jpg" }'),
    /'classifications' is missing/
  ]
}

describe("a program that makes pre-labels", () => {
  it("compiles only when it is right", () => {
    const wrong = Object.fromEntries(
      Object.values(mistakes).map(([text], index) => [`wrong${index}`, text] as const)
    )
    const diagnostics = diagnosticsOf({ streets: streetsModule, bundled, ...programs, ...wrong })
    expect([diagnostics["right"], diagnostics["everything"]]).toEqual([[], []])
    for (const [index, [what, [, words]]] of Object.entries(mistakes).entries()) {
      expect(diagnostics[`wrong${index}`]?.[0] ?? "nothing", what).toMatch(words)
    }
  })
})
