// Requests and responses of notifications.
import * as Effect from "effect/Effect"
import { type Notification, Notifications } from "effect-ango"
import { reads, sends } from "../support/WireCases.js"

const send = (notification: Partial<Notification.NewNotification> = {}) => ({
  call: Effect.flatMap(Notifications, (service) =>
    service.send({ receivers: ["lab@example.com"], message: "Week 1 is ready", ...notification })
  )
})

sends("notifications.send", {
  least: send({ title: undefined, link: undefined }),
  fullest: send({
    link: "https://imerit.ango.ai/projects/65aa0000000000000000a001",
    title: "Labelling",
    receivers: ["lab@example.com", "rev@example.com"]
  }),
  "awkward-texts": send({
    receivers: ["lab+night@example.com"],
    message: 'Käfer & "Co" #1+2 50%\n猫🐈',
    title: "<b>neu</b>",
    link: "http://reports.example/a%20b?x=1&y=2#z"
  })
})

reads("notifications.send", send().call)
