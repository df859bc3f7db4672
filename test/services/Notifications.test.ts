// Notifications against the emulator.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/TestClock"
import { type Notification, Notifications, Organizations, Projects } from "effect-ango"
import { AngoTest, Emulator, Faults } from "effect-ango/emulator"

const layer = AngoTest.layer({ tasks: 5 })
const amara = "amara.okafor@example.com"
const grace = "grace.adeyemi@example.com"

const setup = Effect.all({ hub: Emulator, notifications: Notifications })

const note: Notification.NewNotification = { receivers: [amara], message: "Week 1 is ready" }

const emoji = "🐈"

describe("a notification", () => {
  it.effect("reaches the hub once, with the user of the key as its sender", () =>
    Effect.gen(function* () {
      const { hub, notifications } = yield* setup
      yield* TestClock.setTime(Date.UTC(2026, 10, 30, 8))
      expect(yield* notifications.send(note)).toBeUndefined()
      yield* notifications.send({
        receivers: [amara.toUpperCase(), grace],
        message: "Read this",
        title: "Guide",
        link: "https://imerit.ango.ai/projects/1"
      })
      expect(yield* hub.notifications).toEqual([
        { ...note, sentBy: grace, sentAt: "2026-11-30T08:00:00.000Z" },
        {
          receivers: [amara.toUpperCase(), grace],
          message: "Read this",
          title: "Guide",
          clickableLink: "https://imerit.ango.ai/projects/1",
          sentBy: grace,
          sentAt: "2026-11-30T08:00:00.000Z"
        }
      ])
    }).pipe(Effect.provide(layer))
  )

  it.effect.each([
    { ...note, message: "x" },
    { ...note, message: "x".repeat(1000) },
    { ...note, message: emoji.repeat(1000), title: emoji.repeat(200) },
    { ...note, title: "" },
    { ...note, receivers: Array.from({ length: 100 }, () => amara) },
    { ...note, link: `http://x.example/${"y".repeat(2048 - 17)}` }
  ])("can be as long as the limits allow: %#", (notification) =>
    Effect.gen(function* () {
      const { hub, notifications } = yield* setup
      yield* notifications.send(notification)
      expect(yield* hub.notifications).toHaveLength(1)
    }).pipe(Effect.provide(layer))
  )

  it.effect.each([
    [{ ...note, receivers: [] }, "receivers", "1 to 100 e-mail addresses"],
    [
      { ...note, receivers: Array.from({ length: 101 }, () => amara) },
      "receivers",
      "1 to 100 e-mail addresses"
    ],
    [{ ...note, receivers: [amara, "nobody"] }, "receivers[1]", "an e-mail address"],
    [{ ...note, message: "" }, "message", "1 to 1000 characters"],
    [{ ...note, message: "x".repeat(1001) }, "message", "1 to 1000 characters"],
    [{ ...note, title: "x".repeat(201) }, "title", "at most 200 characters"],
    [{ ...note, link: "/projects/1" }, "link", "an absolute URL"],
    [{ ...note, link: "ftp://x.example/1" }, "link", "an absolute URL"],
    [{ ...note, link: "javascript:alert(1)" }, "link", "an absolute URL"],
    [{ ...note, link: "http:x.example" }, "link", "an absolute URL"],
    [{ ...note, link: "https://" }, "link", "an absolute URL"],
    [{ ...note, link: "https://x.example/a b" }, "link", "an absolute URL"],
    [{ ...note, link: `https://x.example/${"y".repeat(2048 - 17)}` }, "link", "at most 2048 characters"]
  ] as const)("beyond a limit is refused before any request: %#", ([notification, parameter, allowed]) =>
    Effect.gen(function* () {
      const { hub, notifications } = yield* setup
      const error = yield* Effect.flip(notifications.send(notification))
      expect(error).toMatchObject({ _tag: "InvalidRequest", operation: "notifications.send", parameter })
      expect(error.message).toContain(allowed)
      expect(yield* hub.requests()).toEqual([])
    }).pipe(Effect.provide(layer))
  )

  it.effect("reaches nobody if one receiver is no member of the organization", () =>
    Effect.gen(function* () {
      const { hub, notifications } = yield* setup
      const error = yield* Effect.flip(
        notifications.send({ ...note, receivers: [amara, "stranger@example.com"] })
      )
      expect(error).toMatchObject({ _tag: "BadRequest", operation: "notifications.send" })
      expect(error.message).toContain("stranger@example.com is not a member")
      expect(yield* hub.notifications).toEqual([])
    }).pipe(Effect.provide(layer))
  )

  it.effect("is forbidden to a user who is no admin", () =>
    Effect.gen(function* () {
      const { hub, notifications } = yield* setup
      const { organization } = yield* Effect.flatMap(Projects, (projects) => projects.get(AngoTest.projectId))
      yield* Effect.flatMap(Organizations, (organizations) =>
        organizations.updateRoles(organization ?? "", [{ email: grace, organizationRole: "member" }])
      )
      expect(yield* Effect.flip(notifications.send(note))).toMatchObject({ _tag: "Forbidden", status: 403 })
      expect(yield* hub.notifications).toEqual([])
    }).pipe(Effect.provide(layer))
  )

  it.effect.each([
    ["the connection breaks afterwards", Faults.afterProcessing(Faults.reset), 1],
    ["the connection breaks before", Faults.reset, 0],
    ["the hub fails", Faults.fail(500), 0]
  ] as const)("that may have been sent is not sent again: %s", ([, fault, sent]) =>
    Effect.gen(function* () {
      const { hub, notifications } = yield* setup
      yield* hub.faults.on("notifications.send", [fault, Faults.ok])
      const fiber = yield* Effect.fork(Effect.flip(notifications.send(note)))
      yield* TestClock.adjust("10 minutes")
      const error = yield* Fiber.join(fiber)
      expect(error).toMatchObject({ _tag: "AmbiguousOutcome", attempts: 1, repeatable: false })
      expect(error.message).toContain("No endpoint shows the result.")
      expect(yield* hub.notifications).toHaveLength(sent)
    }).pipe(Effect.provide(layer))
  )
})
