// Every service of the library, by name. A type error here means that one is missing.

import type * as Context from "effect/Context"
import {
  type Ango,
  Annotations,
  Assets,
  Attachments,
  Batches,
  Exports,
  Issues,
  Llms,
  Metrics,
  Notifications,
  Organizations,
  Plugins,
  Projects,
  Storages,
  Tasks,
  Uploads
} from "effect-ango"

export const services = {
  Projects,
  Tasks,
  Annotations,
  Assets,
  Attachments,
  Batches,
  Exports,
  Issues,
  Llms,
  Metrics,
  Notifications,
  Organizations,
  Plugins,
  Storages,
  Uploads
}

type Listed = Context.Tag.Identifier<(typeof services)[keyof typeof services]>

/** Holds the list to the library: it does not typecheck when a service of `Ango.Services` is not listed. */
export const isWhole: [Ango.Services] extends [Listed] ? true : never = true
