// The four ways to read a list: one page, all pages, all items, or an array of limited length.
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { label, type Operation } from "../api/operation.js"
import { type CallError, type FilterNotApplied, type ListError, ListTooLong } from "../errors/AngoError.js"
import { invalidRequest } from "../errors/invalidRequest.js"
import { overrideMessage } from "../errors/messageOverride.js"
import { operationContext } from "../errors/OperationContext.js"
import { validateInput } from "../layers/transport/inputValidation.js"
import type { Checkpoint } from "../schemas/Checkpoint.js"
import * as CheckpointText from "./checkpointCodec.js"
import { begin, type NewRow, type ScanState } from "./completeness.js"
import {
  ListInput,
  type ListOptions,
  type Page,
  PageInput,
  type PageOptions,
  type ResumablePage,
  type Row,
  type RowOptions,
  type RowPolicy
} from "./listOptions.js"
import type { Progress } from "./Progress.js"
import { type Step, steps } from "./pageStream.js"
import type { FetchPage } from "./prefetchQueue.js"
import { type Decode, decodeRows } from "./rowPolicy.js"

/** One list: how to request its pages and to decode its rows. `E` is the error of its check. */
export interface Source<A, E extends FilterNotApplied = never> {
  readonly fetchPage: FetchPage
  readonly decode: Decode<A>
  /** Whether updates add rows to the list or remove them, as in a filtered list. */
  readonly membershipChanges: boolean
  /** Compares the rows of a page with the conditions of the list. By default a list has none. */
  readonly check?: ((page: number, rows: ReadonlyArray<unknown>) => Effect.Effect<void, E>) | undefined
  /**
   * What distinguishes this list from others of the operation, such as its conditions. A checkpoint contains its
   * digest.
   */
  readonly key: unknown
}

/** What all lists of one operation share. */
export interface ListSettings {
  /** The name of the service, for spans. */
  readonly service: string
  readonly operation: Operation
  readonly pageSize: number
  /** The remaining requests of the rate limit, for progress. */
  readonly budget: Effect.Effect<Progress["budget"] | undefined>
}

const defaultPrefetch = 8

// Not enumerable, since a checkpoint is too long to be printed with its error.
const withCheckpoint = <E extends Error>(
  error: E,
  checkpoint: Checkpoint
): E & { readonly checkpoint: Checkpoint } =>
  Object.defineProperty(overrideMessage(error, error.message), "checkpoint", { value: checkpoint }) as E & {
    readonly checkpoint: Checkpoint
  }

// The state to start from: that of the given checkpoint or of the bookmark, or the beginning of the list.
const startState = (
  { operation, pageSize }: ListSettings,
  listName: string,
  { checkpoint: explicit, resume }: ListOptions<RowPolicy>
): Effect.Effect<ScanState, ListError> =>
  Effect.gen(function* () {
    if (explicit !== undefined && resume !== undefined) {
      return yield* invalidRequest(
        operation,
        "checkpoint",
        "Both checkpoint and resume set the start of the list. Give one of them."
      )
    }
    const saved = resume === undefined ? Option.none() : yield* resume.load
    const checkpoint = explicit ?? Option.getOrUndefined(saved)?.checkpoint
    if (checkpoint === undefined) return begin(pageSize)
    const parameter = explicit === undefined ? "resume" : "checkpoint"
    return yield* Either.match(CheckpointText.read(listName, checkpoint), {
      onLeft: (reason) => invalidRequest(operation, parameter, reason),
      onRight: Effect.succeed
    })
  })

const makeProgressReporter = (
  { budget }: ListSettings,
  start: ScanState,
  report: (progress: Progress) => Effect.Effect<void>
): Effect.Effect<(page: Page<unknown>) => Effect.Effect<void>> =>
  Effect.map(Clock.currentTimeMillis, (startTime) => {
    let skipped = 0
    return (page) =>
      Effect.gen(function* () {
        const elapsed = (yield* Clock.currentTimeMillis) - startTime
        const remainingBudget = yield* budget
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
          ...(remainingBudget === undefined ? {} : { budget: remainingBudget })
        })
      })
  })

// The rows are compared before they are decoded, since a decoder may change them.
const checkAndDecode = <A, E extends FilterNotApplied, Policy extends RowPolicy>(
  operation: Operation,
  { check, decode }: Source<A, E>,
  policy: Policy,
  page: number,
  newRows: ReadonlyArray<NewRow>
) => {
  const decoded = decodeRows(operation, decode, policy, page, newRows)
  if (check === undefined) return decoded
  const rows = newRows.map(({ row }) => row)
  return Effect.zipRight(check(page, rows), decoded)
}

const toPage = <A>(
  { state }: Step,
  decoded: Pick<Page<A>, "items" | "skipped">,
  listName: string
): ResumablePage<A> => ({
  ...decoded,
  total: state.latestTotal,
  page: state.page,
  received: state.received,
  // A getter, since most programs read no checkpoint.
  get checkpoint() {
    return CheckpointText.write(listName, state)
  }
})

const pages = <A, Policy extends RowPolicy>(
  settings: ListSettings,
  source: Source<A, FilterNotApplied>,
  options: ListOptions<Policy>
): Stream.Stream<ResumablePage<Row<A, Policy>>, ListError> =>
  Stream.unwrap(
    Effect.gen(function* () {
      const { operation } = settings
      const {
        onProgress,
        prefetch = defaultPrefetch,
        resume,
        onRowError: policy = "fail" as Policy
      } = options
      const listName = CheckpointText.nameOf([operation.name, source.key])
      const start = yield* startState(settings, listName, options)
      const report =
        onProgress === undefined ? undefined : yield* makeProgressReporter(settings, start, onProgress)
      // The state after the last emitted page: the checkpoint of a later failure.
      let lastEmitted: ScanState | undefined = start.page === 0 ? undefined : start

      const decoded = steps({ operation, ...source }, start, prefetch).pipe(
        Stream.mapEffect((step) =>
          checkAndDecode(operation, source, policy, step.state.page, step.newRows).pipe(
            Effect.map((rows) => {
              lastEmitted = step.state
              const isEmpty = step.isGapScan && step.newRows.length === 0
              return isEmpty ? Option.none() : Option.some(toPage(step, rows, listName))
            })
          )
        ),
        Stream.filterMap((page) => page),
        report === undefined ? (same) => same : Stream.tap(report)
      )
      // A page is saved when the next one is pulled, which is after the consumer has processed it.
      const saved =
        resume === undefined
          ? decoded
          : decoded.pipe(
              Stream.flatMap((page) =>
                Stream.concat(Stream.succeed(page), Stream.execute(resume.save(page.checkpoint)))
              ),
              Stream.concat(Stream.execute(resume.clear))
            )
      return Stream.mapError(
        saved,
        (error): ListError =>
          lastEmitted === undefined
            ? error
            : withCheckpoint(error, CheckpointText.write(listName, lastEmitted))
      )
    })
  )

const itemsOf = <A>(stream: Stream.Stream<Page<A>, ListError>): Stream.Stream<A, ListError> =>
  Stream.flattenIterables(Stream.map(stream, (page) => page.items))

const collectItems = <A>(
  operation: Operation,
  stream: Stream.Stream<Page<A>, ListError>,
  limit: number
): Effect.Effect<ReadonlyArray<A>, ListError | ListTooLong> =>
  Stream.runFoldEffect(stream, [] as Array<A>, (items, page) => {
    const total = Math.max(page.total, page.received)
    if (total > limit) {
      return new ListTooLong({
        ...operationContext(
          operation,
          `${label(operation)} has ${total} items, and collect was limited to ${limit}. ` +
            "Raise the limit, narrow the filter, or use the stream."
        ),
        limit,
        total
      })
    }
    for (const item of page.items) items.push(item)
    return Effect.succeed(items)
  })

/** The four ways to read a {@link Source}. */
export const makeListReader = (settings: ListSettings) => ({
  page: <A, E extends FilterNotApplied, Policy extends RowPolicy = "fail">(
    source: Source<A, E>,
    {
      limit = settings.pageSize,
      page = 1,
      onRowError: policy = "fail" as Policy
    }: PageOptions & RowOptions<Policy>
  ): Effect.Effect<Page<Row<A, Policy>>, CallError | E> =>
    Effect.gen(function* () {
      const { rows, total } = yield* Effect.flatten(source.fetchPage(page, limit))
      const newRows = rows.map((row, index) => ({ row, index }))
      const decoded = yield* checkAndDecode(settings.operation, source, policy, page, newRows)
      return { ...decoded, total, page, received: rows.length }
    }).pipe(Effect.withSpan(`${settings.service}.page`)),

  pages: <A, Policy extends RowPolicy = "fail">(
    source: Source<A, FilterNotApplied>,
    options: ListOptions<Policy>
  ) => Stream.withSpan(pages(settings, source, options), `${settings.service}.pages`),

  stream: <A, Policy extends RowPolicy = "fail">(
    source: Source<A, FilterNotApplied>,
    options: ListOptions<Policy>
  ) => Stream.withSpan(itemsOf(pages(settings, source, options)), `${settings.service}.stream`),

  collect: <A, Policy extends RowPolicy = "fail">(
    source: Source<A, FilterNotApplied>,
    { limit, ...options }: ListOptions<Policy> & { readonly limit: number }
  ) =>
    Effect.withSpan(
      collectItems(settings.operation, pages(settings, source, options), limit),
      `${settings.service}.collect`
    )
})

/** How the arguments of list methods become a {@link Source}: `parent` is a project's id, where lists belong to one. */
export interface ListSources<Parent, Filter, A, E, CheckError extends FilterNotApplied> {
  /** For one page, sorted as the options say. */
  readonly page: (
    parent: Parent,
    options: Partial<Filter> & PageOptions
  ) => Effect.Effect<Source<A, CheckError>, E>
  /** For the whole list, oldest first. */
  readonly all: (parent: Parent, filter: Partial<Filter>) => Effect.Effect<Source<A, CheckError>, E>
}

/** The methods `page`, `pages`, `stream` and `collect` of a service. Invalid options fail before any request. */
export const makeListMethods = <Parent, Filter, A, E, CheckError extends FilterNotApplied = never>(
  settings: ListSettings,
  sources: ListSources<Parent, Filter, A, E, CheckError>
) => {
  const reader = makeListReader(settings)
  const { operation } = settings

  const all = <Policy extends RowPolicy>(parent: Parent, options: Partial<Filter> & ListOptions<Policy>) =>
    Effect.zipRight(validateInput(operation, ListInput, options), sources.all(parent, options))

  return {
    page: <Policy extends RowPolicy = "fail">(
      parent: Parent,
      options: Partial<Filter> & PageOptions & RowOptions<Policy> = {}
    ) =>
      validateInput(operation, PageInput, options).pipe(
        Effect.zipRight(sources.page(parent, options)),
        Effect.flatMap((source) => reader.page(source, options))
      ),

    pages: <Policy extends RowPolicy = "fail">(
      parent: Parent,
      options: Partial<Filter> & ListOptions<Policy> = {}
    ) => Stream.unwrap(Effect.map(all(parent, options), (source) => reader.pages(source, options))),

    stream: <Policy extends RowPolicy = "fail">(
      parent: Parent,
      options: Partial<Filter> & ListOptions<Policy> = {}
    ) => Stream.unwrap(Effect.map(all(parent, options), (source) => reader.stream(source, options))),

    collect: <Policy extends RowPolicy = "fail">(
      parent: Parent,
      options: Partial<Filter> & ListOptions<Policy> & { readonly limit: number }
    ) => Effect.flatMap(all(parent, options), (source) => reader.collect(source, options))
  }
}
