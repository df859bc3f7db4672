/**
 * Which member gets which tasks: returned by `Tasks.planAssignment`, carried out by `Tasks.assignMany`.
 *
 * @since 0.1.0
 */
import type { TaskId } from "../schemas/ids.js"

/**
 * The tasks of one member.
 *
 * @category models
 * @since 0.1.0
 */
export interface MemberShare {
  /** An e-mail address. */
  readonly user: string
  /** In the order of the input. Each task is in one share. */
  readonly tasks: ReadonlyArray<TaskId>
}

/**
 * The shares, in the order of the members and including empty ones. It is plain data: print it, store it, edit it.
 *
 * @category models
 * @since 0.1.0
 */
export interface AssignmentPlan {
  readonly shares: ReadonlyArray<MemberShare>
  /** The number of tasks in all shares. */
  readonly tasks: number
}

/**
 * A member, and the weight of their share compared to the others: a whole number of 1 to 1,000,000.
 *
 * @category models
 * @since 0.1.0
 */
export interface WeightedMember {
  /** An e-mail address. */
  readonly user: string
  readonly weight: number
}

// Largest remainders, in whole numbers. Earlier members win ties.
const quotasOf = (count: number, weights: ReadonlyArray<number>): ReadonlyArray<number> => {
  const sum = weights.reduce((total, weight) => total + weight, 0)
  const quotas = weights.map((weight) => Math.floor((count * weight) / sum))
  const rest = count - quotas.reduce((total, quota) => total + quota, 0)
  const withOneMore = new Set(
    weights
      .map((weight, member) => ({ member, remainder: (count * weight) % sum }))
      .toSorted((a, b) => b.remainder - a.remainder)
      .slice(0, rest)
      .map(({ member }) => member)
  )
  return quotas.map((quota, member) => quota + (withOneMore.has(member) ? 1 : 0))
}

/**
 * Distributes tasks in turn, so that each prefix of the tasks is distributed in proportion too.
 *
 * @category utilities
 * @since 0.1.0
 */
export const distribute = (
  tasks: ReadonlyArray<TaskId>,
  members: ReadonlyArray<WeightedMember>
): AssignmentPlan => {
  const quotas = quotasOf(
    tasks.length,
    members.map(({ weight }) => weight)
  )
  const shares = members.map(({ user }) => ({ user, tasks: [] as Array<TaskId> }))
  for (const [distributed, task] of tasks.entries()) {
    let next = 0
    let largestDeficit = Number.NEGATIVE_INFINITY
    for (const [member, quota] of quotas.entries()) {
      const assigned = shares[member]?.tasks.length ?? 0
      const deficit = quota * (distributed + 1) - assigned * tasks.length
      if (assigned < quota && deficit > largestDeficit) {
        next = member
        largestDeficit = deficit
      }
    }
    shares[next]?.tasks.push(task)
  }
  return { shares, tasks: tasks.length }
}

/**
 * A plan as text, one line per member, without a final line break: `amara@example.com: 12 tasks`.
 *
 * @category utilities
 * @since 0.1.0
 */
export const format = ({ shares }: AssignmentPlan): string =>
  shares
    .map(({ tasks, user }) => `${user}: ${tasks.length} ${tasks.length === 1 ? "task" : "tasks"}`)
    .join("\n")
