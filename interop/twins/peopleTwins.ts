// Issues and the organization.
import * as Effect from "effect/Effect"
import { Issues, Organizations } from "effect-ango"
import { member, object } from "../pythonClient.js"
import { type Seeds, type Twin, twin } from "./twin.js"

const issues = <A, E>(use: (service: Issues["Type"]) => Effect.Effect<A, E>) => Effect.flatMap(Issues, use)
const organizations = <A, E>(use: (service: Organizations["Type"]) => Effect.Effect<A, E>) =>
  Effect.flatMap(Organizations, use)

const newIssue = ({ task }: Seeds) =>
  issues((service) => Effect.map(service.create(task, { content: "Look" }), ({ id }) => id as string))

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
  twin("delete_organization_invites", {
    python: (call, { organization }) => call([organization, ["noor.vandijk@example.com"]]),
    ours: ({ organization }) =>
      organizations((service) => service.revokeInvites(organization, ["noor.vandijk@example.com"]))
  })
]
