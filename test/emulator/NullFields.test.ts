// `null` in an optional field of a body is the same as the field being absent, in every operation with a body.
import * as HttpApi from "@effect/platform/HttpApi"
import { describe, expect, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as AST from "effect/SchemaAST"
import { AngoApi, AngoTest, Emulator } from "effect-ango/emulator"
import { askHub } from "../support/AskHub.js"

const { projectId } = AngoTest

interface Call {
  readonly request: string
  readonly body: unknown
}

interface Content {
  readonly name: string
  readonly task: string
  readonly asset: string
  readonly batch: string
  readonly issue: string
  readonly organization: string
  readonly storage: string
}

const project = `/project/${projectId}`
const email = "priya.raman@example.com"

// Bodies with every optional field that holds an object, so that the fields in there are tried too.
const bodies: Readonly<Record<string, (content: Content) => ReadonlyArray<Call>>> = {
  "annotations.annotate": ({ task }) => [
    {
      request: `POST /annotate/${task}`,
      body: {
        answer: {
          objects: [{ schemaId: "a", objectId: "b" }],
          classifications: [{ title: "c", answer: "d" }],
          relations: [{ from: "b", to: "b" }]
        }
      }
    }
  ],
  "annotations.importLabels": () => [
    {
      request: "POST /import/labels",
      body: { project: projectId, jsonContent: [{ externalId: "x", objects: [{ schemaId: "a" }] }] }
    }
  ],
  "assets.delete": ({ asset }) => [
    { request: `DELETE ${project}/assets`, body: { project: projectId, assets: [asset] } }
  ],
  "assets.importFromCloud": () => [
    {
      request: `POST ${project}/cloud`,
      body: {
        assets: [
          {
            data: "https://host.test/a.jpg",
            externalId: "a",
            metadata: { width: 1, height: 1 },
            attachments: [{ type: "IMAGE", value: "https://host.test/b.jpg" }],
            classifications: [{ title: "Weather", answer: "Sunny" }]
          }
        ]
      }
    }
  ],
  "attachments.create": () => [
    {
      request: "POST /attachments",
      body: {
        project: projectId,
        attachments: [{ externalId: "x", attachments: [{ type: "IMAGE", value: "https://host.test/b.jpg" }] }]
      }
    }
  ],
  "batches.assign": ({ asset, batch }) => [
    { request: "POST /assignBatches", body: { assets: [asset], batches: [batch], projectId } }
  ],
  "batches.update": ({ batch }) => [
    {
      request: `POST /batches/${projectId}`,
      body: {
        batches: [
          { _id: batch, name: "One" },
          { name: "Two", color: "#4caf50" }
        ]
      }
    }
  ],
  "issues.comment": ({ issue }) => [{ request: `POST /issues/${issue}/comment`, body: { content: "Why?" } }],
  "issues.create": ({ task }) => [
    { request: "POST /issues", body: { content: "Here", labelTask: task, position: "[1,2]" } },
    { request: "POST /issues", body: { content: "There", labelTask: task, objectId: "o" } }
  ],
  "issues.update": ({ issue }) => [
    { request: `POST /issues/${issue}`, body: { content: "Still here", contentMentions: [email] } }
  ],
  "llms.create": () => [
    {
      request: "POST /llms/",
      body: { name: "M", provider: "openai", model: "m", configuration: { apiKey: "k" } }
    }
  ],
  "notifications.send": () => [
    { request: "POST /notifications", body: { receivers: [email], message: "Done" } }
  ],
  "metrics.performance": () => [{ request: `POST /performance/${projectId}`, body: { users: [email] } }],
  "organizations.invite": ({ organization }) => [
    {
      request: `POST /organization/${organization}/invites`,
      body: {
        to: ["new@hub.test"],
        organizationRole: "member",
        projectAssignments: [{ projectId, projectRole: "Labeler" }]
      }
    },
    {
      request: `POST /organization/${organization}/invites`,
      body: { to: ["new@hub.test"], organizationRole: "member", projectId, projectRole: "Labeler" }
    }
  ],
  "organizations.removeMembers": ({ organization }) => [
    { request: `DELETE /organization/${organization}/users`, body: { users: [email] } }
  ],
  "organizations.revokeInvites": ({ organization }) => [
    { request: `DELETE /organization/${organization}/invites`, body: { invites: [email] } }
  ],
  "organizations.updateRoles": ({ organization }) => [
    {
      request: `POST /organization/${organization}/users`,
      body: { users: [{ email, organizationRole: "admin" }] }
    }
  ],
  "plugins.fileExplorer": ({ storage }) => [
    { request: "POST /file-explorer", body: { bucket: "dash-cam-archive", storageId: storage } }
  ],
  "plugins.log": () => [
    {
      request: "POST /pluginLog",
      body: { level: "INFO", organization: "o", pluginId: "p", runBy: "r", session: "s", msg: "m" }
    },
    { request: "POST /pluginLog", body: { pluginId: "p", level: "INFO", message: "m" } }
  ],
  "plugins.respond": () => [{ request: "POST /pluginResponse", body: { response: {}, session: "s" } }],
  "projects.addMembers": () => [
    { request: `POST ${project}/assigned`, body: { assignees: [email], role: "Labeler" } }
  ],
  "projects.clone": () => [{ request: `POST ${project}/clone`, body: { batches: false } }],
  "projects.labelValidation": () => [
    { request: `POST ${project}/labelValidation`, body: { customValidationEnabled: true } }
  ],
  "projects.create": () => [
    {
      request: "POST /project",
      body: {
        name: "New",
        categorySchema: {
          tools: [{ title: "Car", tool: "bounding-box" }],
          classifications: [{ title: "Weather", tool: "radio", options: [{ value: "Sunny" }] }],
          relations: [{ title: "On", tool: "single" }]
        }
      }
    }
  ],
  "projects.createAssetBuilderTemplate": () => [
    {
      request: `POST ${project}/assetBuilderTemplates`,
      body: {
        name: "T",
        template: "<p>{{a}}</p>",
        selectedExternalId: "a",
        dataConfig: { a: { type: "text" } },
        preLabelConfig: { b: { cla: { title: "Weather", tool: "radio" }, value: "a" } }
      }
    }
  ],
  "projects.purge": ({ name }) => [{ request: `POST ${project}/purge`, body: { confirmName: name } }],
  "projects.rerunWebhook": () => [],
  "projects.update": () => [
    {
      request: `POST ${project}`,
      body: {
        name: "Renamed",
        stages: [
          { id: "Start", type: "Start", name: "Start", next: ["Complete"], position: { x: 0, y: 0 } },
          { id: "Complete", type: "Complete", name: "Complete", next: [], position: { x: 1, y: 0 } }
        ]
      }
    }
  ],
  "storages.create": () => [{ request: "POST /storages/", body: { name: "S", provider: "AWS" } }],
  "tasks.assign": ({ task }) => [
    { request: "POST /task/assign", body: { project: projectId, tasks: [task], stage: "Label", user: email } }
  ],
  "tasks.requeue": ({ task }) => [
    {
      request: `POST ${project}/requeueTasks`,
      body: { toStageId: "Start", filters: { taskIds: [task] }, options: { removeAssignee: true } }
    }
  ],
  "tasks.review": ({ task }) => [{ request: `POST /review/${task}`, body: { reviewStatus: "Accepted" } }],
  "tasks.setBenchmark": ({ task }) => [
    { request: `POST ${project}/benchmark-tasks`, body: { tasks: [task], isBenchmark: true } }
  ],
  "tasks.updatePriority": ({ task }) => [
    { request: `POST ${project}/updatePriority`, body: { priority: 2, filters: { taskIds: [task] } } }
  ]
}

// Their bodies are forms, whose fields are texts.
const forms = ["assets.importChat", "projects.instructions"]

const payloads = new Map<string, AST.AST>()

HttpApi.reflect(AngoApi, {
  onGroup: () => {},
  onEndpoint: ({ endpoint, group }) => {
    const name = `${group.identifier}.${endpoint.name}`
    const payload = Option.getOrUndefined(endpoint.payloadSchema)
    if (payload !== undefined && !forms.includes(name)) payloads.set(name, payload.ast)
  }
})

type Path = ReadonlyArray<string | number>

/** The optional fields of a body, also below the objects and lists that it contains. */
const optionalFields = (ast: AST.AST, body: unknown, path: Path = []): ReadonlyArray<Path> => {
  switch (ast._tag) {
    case "Union":
      return ast.types.flatMap((type) => optionalFields(type, body, path))
    case "Refinement":
    case "Transformation":
      return optionalFields(ast.from, body, path)
    case "Suspend":
      return optionalFields(ast.f(), body, path)
    case "TupleType":
      return Array.isArray(body)
        ? body.flatMap((item, index) =>
            [ast.elements[index] ?? ast.rest[0]].flatMap((element) =>
              element === undefined ? [] : optionalFields(element.type, item, [...path, index])
            )
          )
        : []
    case "TypeLiteral": {
      if (typeof body !== "object" || body === null || Array.isArray(body)) return []
      const content = new Map(Object.entries(body))
      const named = ast.propertySignatures.flatMap(({ isOptional, name, type }) => {
        const here = [...path, String(name)]
        return [...(isOptional ? [here] : []), ...optionalFields(type, content.get(String(name)), here)]
      })
      const others = ast.indexSignatures.flatMap(({ type }) =>
        Array.from(content).flatMap(([name, value]) => optionalFields(type, value, [...path, name]))
      )
      return [...named, ...others]
    }
    default:
      return []
  }
}

const changed = (body: unknown, [first, ...rest]: Path, value: unknown): unknown => {
  if (first === undefined) return value
  if (Array.isArray(body)) {
    return body.map((item, index) => (index === first ? changed(item, rest, value) : item))
  }
  const content = (typeof body === "object" ? body : {}) as Readonly<Record<string, unknown>>
  return { ...content, [first]: changed(content[first], rest, value) }
}

const withoutNulls = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_, one) => {
    if (typeof one !== "object" || one === null || Array.isArray(one)) return one
    return Object.fromEntries(Object.entries(one).filter(([, field]) => field !== null))
  })

const contentOf = ({ state }: Emulator["Type"]): Content => {
  const stored = state.projects.get(projectId)
  const task = stored?.tasks.find(({ stage }) => stage === "Label")
  const asset = stored?.assets[0]?._id ?? ""
  const issue = [...state.issues.values()].find((one) => one.project === projectId)?._id ?? ""
  return {
    name: stored?.project.name ?? "",
    task: task?._id ?? "",
    asset,
    batch: stored?.project.batches?.[0]?._id ?? "",
    issue,
    organization: state.organization.id,
    storage: [...state.storages.keys()][0] ?? ""
  }
}

const newHub = Effect.map(Layer.build(Emulator.layer({ tasks: 6 })), Context.get(Emulator))

/** The response of a hub, without what is null in it. */
const ask = (hub: Emulator["Type"], { body, request }: Call) =>
  Effect.map(Effect.provideService(askHub(request, body), Emulator, hub), (answer) => ({
    status: answer.status,
    body: withoutNulls(answer.body)
  }))

describe("null in an optional field", () => {
  it("is tried in every operation with a body: add a body to this table for a new one", () => {
    expect([...payloads.keys()].toSorted()).toEqual(Object.keys(bodies).toSorted())
  })

  for (const [name, ast] of payloads) {
    it.scoped(`is absent: ${name}`, () =>
      Effect.gen(function* () {
        // Equal hubs, which are asked the same but for the `null`s, respond the same.
        const hubs = yield* Effect.all([newHub, newHub])
        const [one, other] = hubs
        const calls = bodies[name]?.(contentOf(one)) ?? []
        for (const { body, request } of calls) {
          expect(yield* ask(one, { request, body })).toMatchObject({ body: { status: "success" } })
          yield* ask(other, { request, body })
          const paths = new Set(optionalFields(ast, body).map((path) => JSON.stringify(path)))
          for (const text of paths) {
            const path = JSON.parse(text) as Path
            const withNull = yield* ask(one, { request, body: changed(body, path, null) })
            // JSON leaves out what is undefined.
            const absent = yield* ask(other, { request, body: changed(body, path, undefined) })
            expect([name, path, withNull]).toEqual([name, path, absent])
          }
        }
      })
    )
  }
})

describe("null in a body of the vendor's clients", () => {
  it.scoped("for the projects of an invite, as older versions send it: no project", () =>
    Effect.gen(function* () {
      const hub = yield* newHub
      const answer = yield* askHub(
        `POST /organization/${hub.state.organization.id}/invites`,
        '{"to":["new@example.com"],"organizationRole":"member","projectId":null,"projectRole":null}'
      ).pipe(Effect.provideService(Emulator, hub))
      expect(answer.status).toBe(200)
      expect(hub.state.organization.invites.at(-1)).toMatchObject({
        invite: { to: "new@example.com" },
        projectAssignments: []
      })
    })
  )

  it.scoped("for the URL of a mask: clears it, which an absent URL does not", () =>
    Effect.gen(function* () {
      const hub = yield* newHub
      const { task } = contentOf(hub)
      const annotate = (fields: string) =>
        askHub(
          `POST /annotate/${task}`,
          `{"answer":{"objects":[],"classifications":[],"relations":[]},"duration":0${fields}}`
        ).pipe(
          Effect.provideService(Emulator, hub),
          Effect.map(({ data }) => [data.label.brushDataUrl, data.label.medicalBrushDataUrl])
        )
      const [one, other] = ["https://host.test/one.png", "https://host.test/other.nrrd"]
      expect(yield* annotate(`,"brushDataUrl":"${one}","medicalBrushDataUrl":"${other}"`)).toEqual([
        one,
        other
      ])
      expect(yield* annotate("")).toEqual([one, other])
      expect(yield* annotate(',"brushDataUrl":null')).toEqual([null, other])
      expect(yield* annotate(',"brushDataUrl":null,"medicalBrushDataUrl":null')).toEqual([null, null])
    })
  )
})
