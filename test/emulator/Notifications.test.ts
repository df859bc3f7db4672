// The endpoint of notifications, called with `fetch`.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Emulator } from "effect-ango/emulator"
import { askHub, withHub } from "../support/AskHub.js"

const receivers = ["amara.okafor@example.com"]

describe("send-notification: notifications", () => {
  it.effect.each([
    [{ receivers, message: "m" }, {}],
    [{ receivers, message: "m", title: null, clickableLink: null }, {}],
    [
      { receivers, message: "m", title: "t", clickableLink: "https://x.example/1" },
      { title: "t", clickableLink: "https://x.example/1" }
    ]
  ] as const)("%j is kept", ([body, kept]) =>
    withHub(
      Effect.gen(function* () {
        const { data, status } = yield* askHub("POST /notifications", body)
        expect([status, data]).toEqual([200, { message: expect.any(String) }])
        expect(yield* (yield* Emulator).notifications).toEqual([
          {
            receivers,
            message: "m",
            ...kept,
            sentBy: "grace.adeyemi@example.com",
            sentAt: expect.stringMatching(/Z$/)
          }
        ])
      })
    )
  )

  it.effect.each([
    { receivers: [], message: "m" },
    { receivers: Array.from({ length: 101 }, () => receivers[0]), message: "m" },
    { receivers: [...receivers, "stranger@example.com"], message: "m" },
    { receivers, message: "" },
    { receivers, message: "x".repeat(1001) },
    { receivers, message: "m", title: "x".repeat(201) },
    { receivers, message: "m", clickableLink: "/projects" },
    { receivers, message: "m", clickableLink: `https://x.example/${"y".repeat(2048)}` },
    { receivers: receivers[0], message: "m" },
    { message: "m" }
  ])("%# is rejected as a whole", (body) =>
    withHub(
      Effect.gen(function* () {
        expect((yield* askHub("POST /notifications", body)).status).toBe(400)
        expect(yield* (yield* Emulator).notifications).toEqual([])
      })
    )
  )

  it.effect("are forbidden to a user who is no admin", () =>
    withHub(
      Effect.gen(function* () {
        const hub = yield* Emulator
        const { organization } = hub.state
        organization.members = organization.members.map((member) => ({
          ...member,
          organizationRole: "Member"
        }))
        expect((yield* askHub("POST /notifications", { receivers, message: "m" })).status).toBe(403)
        expect(yield* hub.notifications).toEqual([])
      })
    )
  )
})
