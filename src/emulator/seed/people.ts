/** The people of the seeded organization. */

/** E-mail addresses of annotators. */
export const labelers = [
  "amara.okafor@example.com",
  "jonas.lindqvist@example.com",
  "priya.raman@example.com",
  "mateo.silva@example.com",
  "hana.kobayashi@example.com",
  "leila.haddad@example.com"
] as const

/** E-mail addresses of reviewers. */
export const reviewers = ["ines.moreau@example.com", "tomasz.nowak@example.com"] as const

/** The owner of the projects. */
export const manager = "grace.adeyemi@example.com"

/** The members of every seeded project, with their roles. */
export const members = [
  { assignee: manager, role: "Manager" },
  ...labelers.map((assignee) => ({ assignee, role: "Labeler" })),
  ...reviewers.map((assignee) => ({ assignee, role: "Reviewer" }))
] as const

/** The name that belongs to an address: `amara.okafor@example.com` is Amara Okafor. */
export const nameOf = (email: string): string =>
  email
    .replace(/@.*$/, "")
    .split(/[._+-]+/)
    .map((part) => part.slice(0, 1).toUpperCase() + part.slice(1))
    .join(" ")
