// Members, invites, notifications, models and storages of the organization.
import { expect } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Redacted from "effect/Redacted"
import { Llms, Organizations, Storages } from "effect-ango"
import { member, object } from "../pythonClient.js"
import { at, type Cases, listAt, newProject, Run, textAt } from "./case.js"

const admin = member("OrganizationRoles", "Admin")
const plain = member("OrganizationRoles", "Member")

const members = Effect.flatMap(Run, ({ organization }) =>
  Effect.flatMap(Organizations, (service) => service.members(organization))
)
const invites = Effect.flatMap(Run, ({ organization }) =>
  Effect.flatMap(Organizations, (service) => service.invites(organization))
)

export const organizations: Cases = {
  get_organization_members: Effect.fn(function* (call) {
    const { organization } = yield* Run
    const all = yield* members
    expect(all.length).toBeGreaterThan(3)
    const answer = yield* call([organization])
    expect(listAt(answer, "data.users")).toMatchObject(
      all.map(({ email, id, name }) => ({ _id: id, email, name }))
    )
  }),

  update_organization_members_role: Effect.fn(function* (call) {
    const { organization } = yield* Run
    const email = "hana.kobayashi@example.com"
    const roleOf = Effect.map(members, (all) => all.find((one) => one.email === email)?.organizationRole)
    expect(yield* roleOf).toBe("member")
    yield* call([organization, [object("RoleUpdate", { email, organization_role: admin })]])
    expect(yield* roleOf).toBe("admin")
    yield* call([organization, [object("RoleUpdate", { email, organization_role: plain })]])
    expect(yield* roleOf).toBe("member")
  }),

  delete_organization_members: Effect.fn(function* (call) {
    const { organization } = yield* Run
    const before = (yield* members).map(({ email }) => email)
    expect(before).toContain("leila.haddad@example.com")
    yield* call([organization, ["leila.haddad@example.com"]])
    expect((yield* members).map(({ email }) => email)).toEqual(
      before.filter((email) => email !== "leila.haddad@example.com")
    )
  }),

  get_organization_invites: Effect.fn(function* (call) {
    const { organization } = yield* Run
    yield* (yield* Organizations).invite(organization, {
      to: ["wait@example.com"],
      organizationRole: "member"
    })
    const pending = (yield* invites).filter(({ status }) => status === "Pending").map(({ to }) => to)
    expect(pending).toContain("wait@example.com")
    const answer = yield* call([organization])
    expect(listAt(answer, "data.invites").map((one) => at(one, "to"))).toEqual(pending)
  }),

  invite_members_to_org: Effect.fn(function* (call) {
    const { organization } = yield* Run
    const project = yield* newProject()
    const assignment = object("ProjectAssignment", {
      project_id: project,
      project_role: member("ProjectRoles", "Labeler")
    })
    const to = ["new@example.com", "newer@example.com"]
    yield* call([
      organization,
      object("Invitation", { to, organization_role: plain, project_assignments: [assignment] })
    ])
    yield* call([organization, object("Invitation", { to: ["chief@example.com"], organization_role: admin })])
    const found = new Map((yield* invites).map((invite) => [invite.to, invite.organizationRole]))
    expect(to.map((email) => found.get(email))).toEqual(["member", "member"])
    expect(found.get("chief@example.com")).toBe("admin")
  }),

  delete_organization_invites: Effect.fn(function* (call) {
    const { organization } = yield* Run
    yield* (yield* Organizations).invite(organization, {
      to: ["keep@example.com", "drop@example.com"],
      organizationRole: "member"
    })
    yield* call([organization, ["drop@example.com"]])
    const left = (yield* invites).map(({ to }) => to)
    expect(left).toContain("keep@example.com")
    expect(left).not.toContain("drop@example.com")
  }),

  // No operation lists notifications: what is seen is that a stranger among the receivers is refused.
  send_notification: Effect.fn(function* (call) {
    const receivers = ["amara.okafor@example.com", "priya.raman@example.com"]
    const sent = yield* call([receivers, "The batch is complete."], {
      title: "Week 1",
      clickable_link: "https://imerit.ango.ai/projects/1"
    })
    expect(at(sent, "status")).toBe("success")
    const refused = yield* Effect.either(call([[...receivers, "stranger@example.org"], "Hello"]))
    expect(Either.isLeft(refused)).toBe(true)
    const tooLong = yield* Effect.either(call([receivers, "x".repeat(1001)]))
    expect(Either.isLeft(tooLong)).toBe(true)
  })
}

const model = (name: string) =>
  object("LLM", {
    name,
    provider: member("LlmProvider", "OPENROUTER"),
    model: "some/model",
    api_key: "s3cret-of-the-model",
    base_url: "https://models.example/v1",
    is_streamable: true
  })

const newLlm = (name: string) => ({
  name,
  provider: "openai" as const,
  model: "some/model",
  apiKey: Redacted.make("s3cret-of-the-model")
})

const llms = Effect.flatMap(Llms, (service) => service.list())

export const models: Cases = {
  create_llm: Effect.fn(function* (call) {
    const answer = yield* call([model("First")])
    expect(JSON.stringify(answer)).not.toContain("s3cret-of-the-model")
    const made = (yield* llms).find(({ name }) => name === "First")
    expect(made).toMatchObject({ provider: "openrouter", model: "some/model", isStreamable: true })
  }),

  get_llms: Effect.fn(function* (call) {
    const made = yield* (yield* Llms).create(newLlm("Second"))
    const answer = yield* call([])
    expect(listAt(answer, "data.llms")).toMatchObject(
      (yield* llms).map(({ id, name }) => ({ _id: id, name }))
    )
    expect(JSON.stringify(answer)).not.toContain("s3cret-of-the-model")
    expect(yield* call([], { llm_id: made?.id })).toMatchObject({ _id: made?.id, name: "Second" })
  }),

  delete_llm: Effect.fn(function* (call) {
    const made = yield* (yield* Llms).create(newLlm("Third"))
    expect((yield* llms).map(({ id }) => id)).toContain(made?.id)
    yield* call([made?.id])
    expect((yield* llms).map(({ id }) => id)).not.toContain(made?.id)
  })
}

export const storages: Cases = {
  get_storages: Effect.fn(function* (call) {
    const all = yield* (yield* Storages).list()
    const answer = yield* call([])
    expect(listAt(answer, "data.storages").map((one) => at(one, "_id"))).toEqual(all.map(({ id }) => id))
    const one = yield* call([], { storage_id: all[0]?.id })
    expect(one).toMatchObject({ _id: all[0]?.id, name: all[0]?.name })
  }),

  create_storage: Effect.fn(function* (call) {
    const keys = { public_key: "an access key's id", private_key: "s3cret-of-the-storage" }
    const made = yield* call([
      object("Storage", {
        name: "Harbour",
        provider: member("StorageProvider", "AWS"),
        ...keys,
        region: "us-east-1"
      })
    ])
    yield* call([
      object("Storage", { name: "Quay", provider: member("StorageProvider", "GCP"), credentials: "{}" })
    ])
    const service = yield* Storages
    const harbour = yield* service.get(textAt(made, "data.storage._id"))
    expect(harbour).toMatchObject({ name: "Harbour", provider: "AWS", region: "us-east-1" })
    expect(JSON.stringify(harbour)).not.toContain("s3cret-of-the-storage")
    const quay = (yield* service.list()).find(({ name }) => name === "Quay")
    expect(quay).toMatchObject({ provider: "GCP", region: "eu-central-1" })
  }),

  delete_storage: Effect.fn(function* (call) {
    const service = yield* Storages
    const { id } = yield* service.create({ name: "Gone", provider: "AWS" })
    yield* call([id])
    expect((yield* service.list()).map((one) => one.id)).not.toContain(id)
  }),

  list_storage_files: Effect.fn(function* (call) {
    const service = yield* Storages
    const archive = (yield* service.list()).find(({ name }) => name === "Dash-cam archive")
    const bucketName = "dash-cam-archive"
    const id = String(archive?.id)
    const root = yield* call([id, bucketName])
    expect(listAt(root, "data.folders")).toEqual(listAt(yield* service.files(id, { bucketName }), "folders"))
    const path = "intersection-01"
    const signed = yield* call([id, bucketName], { path })
    expect(listAt(signed, "data.files")).toEqual(
      listAt(yield* service.files(id, { bucketName, path, getSignedUrls: true }), "files")
    )
    expect(listAt(signed, "data.files").length).toBeGreaterThan(0)
    const bare = yield* call([id, bucketName], { path, get_signed_urls: false, retry_on_slow_down: false })
    expect(listAt(bare, "data.files").every((file) => at(file, "url") === undefined)).toBe(true)
  })
}
