/** The seeded issues: what reviewers found, and comments. */
import type { HubState, StoredProject, WireIssue } from "../state/HubState.js"
import { objectId } from "./objectIds.js"
import { labelers, manager, nameOf, reviewers } from "./people.js"

const iso = (itemAt: number): string => new Date(itemAt).toISOString()

const at = <A>(list: ReadonlyArray<A>, index: number, otherwise: A): A =>
  list[index % list.length] ?? otherwise

const imageComments = [
  "The box should reach the edge of the object.",
  "Something is missing here.",
  "This is the wrong class, please check the guideline.",
  "Two objects are in one box."
] as const

const textComments = ["The entity begins one word earlier.", "Is this a product at all?"] as const

// Two of three issues are open.
const statusOf = (count: number): "Open" | "Resolved" | "Closed" =>
  count % 3 < 2 ? "Open" : count % 2 === 0 ? "Resolved" : "Closed"

/** The largest number of issues per project. */
const maxIssues = 200

// Every eleventh labelled task has an issue. A seeded task and its asset have the same index.
const makeIssues = (
  { assets, project, tasks }: StoredProject,
  number: number,
  isLabelled: (id: string) => boolean
) => {
  const issues: Array<WireIssue> = []
  let labelled = 0
  for (const [index, task] of tasks.entries()) {
    if (!isLabelled(task._id) || labelled++ % 11 !== 3) continue
    const count = issues.length
    if (count === maxIssues) break
    const created = Date.parse(task.updatedAt ?? project.createdAt ?? iso(0)) + 7_200_000
    const status = statusOf(count)
    const image = assets[index]?.metadata
    const reviewer = at(reviewers, count, manager)
    const annotator = at(labelers, count, manager)
    issues.push({
      _id: objectId("issue", number * 10_000 + count + 1, created),
      project: project._id,
      asset: assets[index]?._id ?? "",
      labelTask: task._id,
      content: at(image == null ? textComments : imageComments, count, ""),
      status,
      createdBy: reviewer,
      position:
        image == null
          ? String(4 + count)
          : `[${(137 * (count + 1)) % (image.width ?? 1)}, ${(89 * (count + 1)) % (image.height ?? 1)}]`,
      ...(task.stage == null ? {} : { stage: task.stage }),
      errorCodes: [],
      contentMentions: [{ userEmail: annotator, userName: nameOf(annotator) }],
      comments:
        status === "Open"
          ? []
          : [
              {
                _id: objectId("comment", number * 10_000 + count + 1, created + 1_800_000),
                content: "Done, thank you.",
                createdBy: annotator,
                createdAt: iso(created + 1_800_000),
                contentMentions: []
              }
            ],
      createdAt: iso(created),
      ...(status === "Open" ? {} : { resolvedBy: reviewer, resolvedAt: iso(created + 3_600_000) })
    })
  }
  return issues
}

/** Adds issues to labelled tasks, and sets `openIssuesCount` of their tasks. */
export const seedIssues = (state: HubState): void => {
  const all: Array<WireIssue> = []
  let number = 0
  for (const stored of state.projects.values()) {
    const issues = makeIssues(stored, number++, (id) => state.histories.has(id))
    const open = new Set(issues.filter(({ status }) => status === "Open").map(({ labelTask }) => labelTask))
    for (const [index, task] of stored.tasks.entries()) {
      if (open.delete(task._id)) stored.tasks[index] = { ...task, openIssuesCount: 1 }
      if (open.size === 0) break
    }
    all.push(...issues)
  }
  const created = (issue: WireIssue): string => issue.createdAt ?? ""
  for (const issue of all.toSorted((a, b) => (created(a) < created(b) ? -1 : 1))) {
    state.issues.set(issue._id, issue)
  }
}
