// The four ways to read a list: a page, all pages, all items, or a bounded array.
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { label, type Operation } from "../api/operations.js"
import { type CallError, type ListError, ListTooLong } from "../errors/AngoError.js"
import { invalidRequest } from "../errors/invalidRequest.js"
import { overrideMessage } from "../errors/messageOverride.js"
import { operationContext } from "../errors/OperationContext.js"
import type { Checkpoint } from "../schemas/Checkpoint.js"
import * as Mark from "./checkpointText.js"
import type {
  ListOptions,
  Page,
  PageOptions,
  ResumablePage,
  Row,
  RowOptions,
  RowPolicy
} from "./listOptions.js"
import type { Progress } from "./Progress.js"
import { type Ask, type Step, steps } from "./pageStream.js"
import { type Decode, itemsOf } from "./rowPolicy.js"
import { begin, type ScanState } from "./scanState.js"

/** One list: how to ask for its pages, and to read its rows. */
export interface Source<A> {
  readonly ask: Ask
  readonly decode: Decode<A>
  /** Whether rows come into the list and leave it by being changed. */
  readonly changes: boolean
  /** What tells this list from others, its conditions included. */
  readonly of: unknown
}

/** What all lists of a service share. */
export interface Setting {
  readonly service: string
  readonly operation: Operation
  readonly pageSize: number
  /** What is left of the rate limit. */
  readonly budget: Effect.Effect<Progress["budget"] | undefined>
}

const defaultPrefetch = 8

// Not among the fields that are printed: it is long.
const withCheckpoint = <E extends Error>(
  error: E,
  checkpoint: Checkpoint
): E & { readonly checkpoint: Checkpoint } =>
  Object.defineProperty(overrideMessage(error, error.message), "checkpoint", { value: checkpoint }) as E & {
    readonly checkpoint: Checkpoint
  }

// Where to begin: at a checkpoint, at what was noted, or at the beginning.
const startOf = (
  { operation, pageSize }: Setting,
  list: string,
  { checkpoint: given, resume }: ListOptions<RowPolicy>
): Effect.Effect<ScanState, ListError> =>
  Effect.gen(function* () {
    if (given !== undefined && resume !== undefined) {
      return yield* invalidRequest(
        operation,
        "checkpoint",
        "Give either checkpoint or resume: both say where to begin."
      )
    }
    const noted = resume === undefined ? Option.none() : yield* resume.load
    const checkpoint = given ?? Option.getOrUndefined(noted)?.checkpoint
    if (checkpoint === undefined) return begin(pageSize)
    const parameter = given === undefined ? "resume" : "checkpoint"
    return yield* Either.match(Mark.read(list, checkpoint), {
      onLeft: (reason) => invalidRequest(operation, parameter, reason),
      onRight: Effect.succeed
    })
  })

const reporter = (
  { budget }: Setting,
  start: ScanState,
  report: (progress: Progress) => Effect.Effect<void>
): Effect.Effect<(page: Page<unknown>) => Effect.Effect<void>> =>
  Effect.map(Clock.currentTimeMillis, (began) => {
    let skipped = 0
    return (page) =>
      Effect.gen(function* () {
        const elapsed = (yield* Clock.currentTimeMillis) - began
        const left = yield* budget
        const { received, total } = page
        skipped += page.skipped.length
        const rate = elapsed > 0 ? ((received - start.received) * 1000) / elapsed : 0
        yield* report({
          received,
          total,
          skipped,
          page: page.page,
          elapsed: Duration.millis(elapsed),
          rate,
          ...(rate > 0 ? { eta: Duration.seconds(Math.max(0, total - received) / rate) } : {}),
          ...(left === undefined ? {} : { budget: left })
        })
      })
  })

const pageOf = <A>(
  { reading }: Step,
  found: Pick<Page<A>, "items" | "skipped">,
  list: string
): ResumablePage<A> => ({
  ...found,
  total: reading.latest,
  page: reading.page,
  received: reading.received,
  // Written when it is asked for.
  get checkpoint() {
    return Mark.write(list, reading)
  }
})

const pages = <A, Policy extends RowPolicy>(
  setting: Setting,
  source: Source<A>,
  options: ListOptions<Policy>
): Stream.Stream<ResumablePage<Row<A, Policy>>, ListError> =>
  Stream.unwrap(
    Effect.gen(function* () {
      const { operation } = setting
      const {
        onProgress,
        prefetch = defaultPrefetch,
        resume,
        onRowError: policy = "fail" as Policy
      } = options
      const list = Mark.nameOf([operation.name, source.of])
      const start = yield* startOf(setting, list, options)
      const report = onProgress === undefined ? undefined : yield* reporter(setting, start, onProgress)
      // What a failure goes on from: the last page that was given out.
      let last: ScanState | undefined = start.page === 0 ? undefined : start

      const read = steps({ operation, ...source }, start, prefetch).pipe(
        Stream.mapEffect((step) =>
          itemsOf(operation, source.decode, policy, step.reading.page, step.fresh).pipe(
            Effect.map((found) => {
              last = step.reading
              const isNothing = step.isLook && step.fresh.length === 0
              return isNothing ? Option.none() : Option.some(pageOf(step, found, list))
            })
          )
        ),
        Stream.filterMap((page) => page),
        report === undefined ? (same) => same : Stream.tap(report)
      )
      const noted =
        resume === undefined
          ? read
          : read.pipe(
              Stream.flatMap((page) =>
                Stream.concat(Stream.succeed(page), Stream.execute(resume.save(page.checkpoint)))
              ),
              Stream.concat(Stream.execute(resume.clear))
            )
      return Stream.mapError(
        noted,
        (error): ListError => (last === undefined ? error : withCheckpoint(error, Mark.write(list, last)))
      )
    })
  )

const items = <A>(stream: Stream.Stream<Page<A>, ListError>): Stream.Stream<A, ListError> =>
  Stream.flattenIterables(Stream.map(stream, (page) => page.items))

const collected = <A>(
  operation: Operation,
  stream: Stream.Stream<Page<A>, ListError>,
  limit: number
): Effect.Effect<ReadonlyArray<A>, ListError | ListTooLong> =>
  Stream.runFoldEffect(stream, [] as Array<A>, (all, page) => {
    const total = Math.max(page.total, page.received)
    if (total > limit) {
      return new ListTooLong({
        ...operationContext(
          operation,
          `${label(operation)} holds ${total} items, and collect was limited to ${limit}. ` +
            "Raise the limit, narrow the filter, or use the stream."
        ),
        limit,
        total
      })
    }
    for (const item of page.items) all.push(item)
    return Effect.succeed(all)
  })

/** The four ways to read the lists of a service. */
export const listing = (setting: Setting) => ({
  page: <A, Policy extends RowPolicy = "fail">(
    { ask, decode }: Source<A>,
    {
      limit = setting.pageSize,
      page = 1,
      onRowError: policy = "fail" as Policy
    }: PageOptions & RowOptions<Policy>
  ): Effect.Effect<Page<Row<A, Policy>>, CallError> =>
    Effect.gen(function* () {
      const { rows, total } = yield* Effect.flatten(ask(page, limit))
      const fresh = rows.map((row, index) => ({ row, index }))
      const found = yield* itemsOf(setting.operation, decode, policy, page, fresh)
      return { ...found, total, page, received: rows.length }
    }).pipe(Effect.withSpan(`${setting.service}.page`)),

  pages: <A, Policy extends RowPolicy = "fail">(source: Source<A>, options: ListOptions<Policy>) =>
    Stream.withSpan(pages(setting, source, options), `${setting.service}.pages`),

  stream: <A, Policy extends RowPolicy = "fail">(source: Source<A>, options: ListOptions<Policy>) =>
    Stream.withSpan(items(pages(setting, source, options)), `${setting.service}.stream`),

  collect: <A, Policy extends RowPolicy = "fail">(
    source: Source<A>,
    { limit, ...options }: ListOptions<Policy> & { readonly limit: number }
  ) =>
    Effect.withSpan(
      collected(setting.operation, pages(setting, source, options), limit),
      `${setting.service}.collect`
    )
})
