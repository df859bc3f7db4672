/** The workflows of new and of seeded projects. */
import type { Stage } from "../../schemas/Stage.js"
import { stageUuid } from "./objectIds.js"
import { labelers, reviewers } from "./people.js"

type WireStage = typeof Stage.Encoded

const column = 300

const start: WireStage = {
  id: "Start",
  type: "Start",
  name: "Start",
  next: ["Label"],
  position: { x: 0, y: 0 },
  ...{ autoForward: true }
}

const label = (next: string, assignedTo: ReadonlyArray<string>): WireStage => ({
  id: "Label",
  type: "Label",
  name: "Label",
  next: [next],
  assignedTo,
  position: { x: column, y: 0 }
})

const complete = (x: number): WireStage => ({
  id: "Complete",
  type: "Complete",
  name: "Complete",
  next: [],
  position: { x, y: 0 },
  ...{ preventRequeue: false }
})

/** The workflow of a new project (docs/api-notes.md#create-project). */
export const defaultWorkflow: ReadonlyArray<WireStage> = [start, label("Complete", []), complete(2 * column)]

/** The workflow of seeded projects, with a review and rework of rejected tasks. `first` numbers its two new stages. */
export const reviewedWorkflow = (first: number): ReadonlyArray<WireStage> => {
  const review = stageUuid(first)
  const rework = stageUuid(first + 1)
  return [
    start,
    label(review, labelers),
    {
      id: review,
      type: "Review",
      name: "Quality review",
      next: ["Complete", rework],
      assignedTo: reviewers,
      position: { x: 2 * column, y: 0 },
      ...{ readOnly: false }
    },
    {
      id: rework,
      type: "Label",
      name: "Rework",
      next: [review],
      assignedTo: labelers,
      position: { x: 2 * column, y: 240 }
    },
    complete(3 * column)
  ]
}
