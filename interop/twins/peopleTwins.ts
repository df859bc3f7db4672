// Issues and the organization.
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { Issues, Llms, Notifications, Organizations } from "effect-ango"
import { member, object } from "../pythonClient.js"
import { type Seeds, type Twin, twin } from "./twin.js"

const issues = <A, E>(use: (service: Issues["Type"]) => Effect.Effect<A, E>) => Effect.flatMap(Issues, use)
const organizations = <A, E>(use: (service: Organizations["Type"]) => Effect.Effect<A, E>) =>
  Effect.flatMap(Organizations, use)

const newIssue = ({ task }: Seeds) =>
  issues((service) => Effect.map(service.create(task, { content: "Look" }), ({ id }) => id as string))

const llms = <A, E>(use: (service: Llms["Type"]) => Effect.Effect<A, E>) => Effect.flatMap(Llms, use)

const newLlm = {
  name: "First",
  provider: "openrouter",
  model: "some/model",
  apiKey: Redacted.make("s3cret"),
  isStreamable: true,
  baseUrl: "https://models.example/v1"
} as const

const mentions = ["ines.moreau@example.com"]
const errorCodes = [{ category: "Geometry", name: "Too small" }]

export const peopleTwins: ReadonlyArray<Twin> = [
  twin("create_issue", {
    python: (call, { task }) =>
      call([task, "Too wide"], {
        position: [25, 15],
        content_mentions: mentions,
        error_codes: errorCodes,
        pct_details: { frame: 3 }
      }),
    ours: ({ task }) =>
      issues((service) =>
        service.create(task, {
          content: "Too wide",
          at: { position: [25, 15] },
          mentions,
          errorCodes,
          pctDetails: { frame: 3 }
        })
      )
  }),
  twin("create_issue", {
    variant: "object",
    python: (call, { task }) => call([task, "This one"], { object_id: "o1" }),
    ours: ({ task }) => issues((service) => service.create(task, { content: "This one", objectId: "o1" }))
  }),
  twin("create_issue", {
    variant: "pages",
    python: (call, { task }) => call([task, "Here"], { page: 2, page_end: 4, data_index: 1 }),
    ours: ({ task }) =>
      issues((service) =>
        service.create(task, { content: "Here", at: { page: 2, pageEnd: 4, dataIndex: 1 } })
      )
  }),
  twin("create_issue", {
    variant: "plane, text index",
    python: (call, { task }) =>
      call([task, "Here"], { position: 0, plane: member("MedicalPlane", "Sagittal") }),
    ours: ({ task }) =>
      issues((service) => service.create(task, { content: "Here", at: { textIndex: 0, plane: "S" } }))
  }),
  twin("get_issues", {
    python: (call, { asset, project, task }) =>
      call([project], {
        asset_id: asset,
        task_id: task,
        stage_id: "Label",
        created_by: "grace.adeyemi@example.com"
      }),
    ours: ({ asset, project, task }) =>
      issues((service) =>
        service.page({ project, asset, task, stage: "Label", createdBy: "grace.adeyemi@example.com" })
      )
  }),
  twin("update_issue", {
    arrange: newIssue,
    python: (call, _, id) =>
      call([id], {
        content: "Look again",
        content_mentions: mentions,
        status: "Resolved",
        error_codes: errorCodes,
        pct_details: { frame: 3 }
      }),
    ours: (_, id) =>
      issues((service) =>
        service.update(id, {
          content: "Look again",
          mentions,
          status: "Resolved",
          errorCodes,
          pctDetails: { frame: 3 }
        })
      )
  }),
  twin("add_comment_to_issue", {
    arrange: newIssue,
    python: (call, _, id) => call([id, "Done"], { content_mentions: mentions }),
    ours: (_, id) => issues((service) => service.comment(id, { content: "Done", mentions }))
  }),
  twin("delete_issue", {
    arrange: newIssue,
    python: (call, { project }, id) => call([project, id]),
    ours: ({ project }, id) => issues((service) => service.delete(project, id))
  }),
  twin("get_organization_members", {
    python: (call, { organization }) => call([organization]),
    ours: ({ organization }) => organizations((service) => service.membersPage(organization))
  }),
  twin("update_organization_members_role", {
    python: (call, { organization }) =>
      call([
        organization,
        [
          object("RoleUpdate", {
            email: "hana.kobayashi@example.com",
            organization_role: member("OrganizationRoles", "Admin")
          })
        ]
      ]),
    ours: ({ organization }) =>
      organizations((service) =>
        service.updateRoles(organization, [
          { email: "hana.kobayashi@example.com", organizationRole: "admin" }
        ])
      )
  }),
  twin("delete_organization_members", {
    python: (call, { organization }) => call([organization, ["leila.haddad@example.com"]]),
    ours: ({ organization }) =>
      organizations((service) => service.removeMembers(organization, ["leila.haddad@example.com"]))
  }),
  twin("get_organization_invites", {
    python: (call, { organization }) => call([organization]),
    ours: ({ organization }) =>
      organizations((service) => service.invitesPage(organization, { status: "pending" }))
  }),
  twin("invite_members_to_org", {
    python: (call, { organization, project }) =>
      call([
        organization,
        object("Invitation", {
          to: ["new@example.com"],
          organization_role: member("OrganizationRoles", "Member"),
          project_assignments: [
            object("ProjectAssignment", {
              project_id: project,
              project_role: member("ProjectRoles", "Labeler")
            })
          ]
        })
      ]),
    ours: ({ organization, project }) =>
      organizations((service) =>
        service.invite(organization, {
          to: ["new@example.com"],
          organizationRole: "member",
          projectAssignments: [{ projectId: project, projectRole: "Labeler" }]
        })
      )
  }),
  twin("send_notification", {
    python: (call) =>
      call([["amara.okafor@example.com"], "The batch is complete."], {
        title: "Week 1",
        clickable_link: "https://imerit.ango.ai/projects/1"
      }),
    ours: () =>
      Effect.flatMap(Notifications, (service) =>
        service.send({
          receivers: ["amara.okafor@example.com"],
          message: "The batch is complete.",
          title: "Week 1",
          link: "https://imerit.ango.ai/projects/1"
        })
      )
  }),
  twin("create_llm", {
    python: (call) =>
      call([
        object("LLM", {
          name: "First",
          provider: member("LlmProvider", "OPENROUTER"),
          model: "some/model",
          api_key: "s3cret",
          base_url: "https://models.example/v1",
          is_streamable: true
        })
      ]),
    ours: () => llms((service) => service.create(newLlm))
  }),
  twin("get_llms", {
    arrange: () => llms((service) => Effect.map(service.create(newLlm), (llm) => String(llm?.id))),
    python: (call, _, id) => call([], { llm_id: id }),
    ours: (_, id) => llms((service) => service.get(id))
  }),
  twin("get_llms", {
    variant: "all",
    python: (call) => call([]),
    ours: () => llms((service) => service.list())
  }),
  twin("delete_llm", {
    arrange: () => llms((service) => Effect.map(service.create(newLlm), (llm) => String(llm?.id))),
    python: (call, _, id) => call([id]),
    ours: (_, id) => llms((service) => service.delete(id))
  }),
  twin("delete_organization_invites", {
    python: (call, { organization }) => call([organization, ["noor.vandijk@example.com"]]),
    ours: ({ organization }) =>
      organizations((service) => service.revokeInvites(organization, ["noor.vandijk@example.com"]))
  })
]
