/**
 * Who is to get which tasks: what `Tasks.planAssignment` gives, and `Tasks.assignMany` does.
 *
 * @since 0.1.0
 */
import type { TaskId } from "../schemas/ids.js"

/**
 * What one person is to get.
 *
 * @since 0.1.0
 */
export interface MemberShare {
  /** An e-mail address. */
  readonly user: string
  /** In the order in which they were given; each task is one person's. */
  readonly tasks: ReadonlyArray<TaskId>
}

/**
 * The shares in the order of the members, those without a task too. It is plain data: print it, keep it, change it.
 *
 * @since 0.1.0
 */
export interface AssignmentPlan {
  readonly shares: ReadonlyArray<MemberShare>
  /** How many tasks all shares hold together. */
  readonly tasks: number
}

/**
 * Somebody who gets tasks, and how many for those that others get: a whole number of 1 to 1,000,000.
 *
 * @since 0.1.0
 */
export interface WeightedMember {
  readonly user: string
  readonly weight: number
}

// Largest remainders, in whole numbers: the earlier member wins where they are equal.
const quotas = (count: number, weights: ReadonlyArray<number>): ReadonlyArray<number> => {
  const sum = weights.reduce((all, weight) => all + weight, 0)
  const whole = weights.map((weight) => Math.floor((count * weight) / sum))
  const left = count - whole.reduce((all, quota) => all + quota, 0)
  const first = weights
    .map((weight, member) => ({ member, remainder: (count * weight) % sum }))
    .toSorted((a, b) => b.remainder - a.remainder)
    .slice(0, left)
  const more = new Set(first.map(({ member }) => member))
  return whole.map((quota, member) => quota + (more.has(member) ? 1 : 0))
}

/** Deals tasks out in turn, so that at every task each member has about their part of those before it. */
export const distribute = (
  tasks: ReadonlyArray<TaskId>,
  members: ReadonlyArray<WeightedMember>
): AssignmentPlan => {
  const all = quotas(
    tasks.length,
    members.map(({ weight }) => weight)
  )
  const shares = members.map(({ user }) => ({ user, tasks: [] as Array<TaskId> }))
  for (const [dealt, task] of tasks.entries()) {
    let next = 0
    let most = Number.NEGATIVE_INFINITY
    for (const [member, quota] of all.entries()) {
      const has = shares[member]?.tasks.length ?? 0
      const wants = quota * (dealt + 1) - has * tasks.length
      if (has < quota && wants > most) {
        next = member
        most = wants
      }
    }
    shares[next]?.tasks.push(task)
  }
  return { shares, tasks: tasks.length }
}

/**
 * A plan as text, a line for each person, without an end of line: `amara@example.com: 12 tasks`.
 *
 * @since 0.1.0
 */
export const format = ({ shares }: AssignmentPlan): string =>
  shares
    .map(({ tasks, user }) => `${user}: ${tasks.length} ${tasks.length === 1 ? "task" : "tasks"}`)
    .join("\n")
