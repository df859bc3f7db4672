// The four ways to read a list: one page, all pages, all items, or an array of limited length.
import * as Chunk from "effect/Chunk"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { label, type Operation } from "../api/operation.js"
import { maxPageSize } from "../api/queryEncoding.js"
import {
  type CallError,
  type DecodeError,
  type FilterNotApplied,
  type ListError,
  ListTooLong
} from "../errors/AngoError.js"
import { invalidRequest } from "../errors/invalidRequest.js"
import { overrideMessage } from "../errors/messageOverride.js"
import { operationContext } from "../errors/OperationContext.js"
import type { PageSize } from "../layers/AngoConfig.js"
import { validateInput } from "../layers/transport/inputValidation.js"
import type { Checkpoint } from "../schemas/Checkpoint.js"
import * as CheckpointText from "./checkpointCodec.js"
import { begin, type NewRows, type ScanState } from "./completeness.js"
import {
  type Bookmark,
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
import type { FetchPage } from "./pageQueue.js"
import * as PageScan from "./pageScan.js"
import * as PageSizes from "./pageSizes.js"
import { type Decode, type DecodedRows, decodeRows } from "./rowPolicy.js"

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
  readonly pageSize: PageSize
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
    if (checkpoint === undefined) return begin(pageSize === "adaptive" ? maxPageSize : pageSize)
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
  newRows: NewRows
): Effect.Effect<DecodedRows<Row<A, Policy>>, DecodeError | E> =>
  check === undefined
    ? decodeRows(operation, decode, policy, page, newRows)
    : Effect.flatMap(check(page, newRows.rows), () => decodeRows(operation, decode, policy, page, newRows))

const toPage = <A>(
  { latestTotal, page, received, ...state }: ScanState,
  decoded: DecodedRows<A>,
  listName: string
): ResumablePage<A> => ({
  ...decoded,
  total: latestTotal,
  page,
  received,
  // A getter, since most programs read no checkpoint.
  get checkpoint() {
    return CheckpointText.write(listName, { latestTotal, page, received, ...state })
  }
})

/** Returns the next page of a list each time it is run, and nothing after the last one. */
type NextPage<A> = Effect.Effect<ResumablePage<A> | undefined, ListError>

// The next page with new rows. Everything that happens to a page happens in this one effect: a stream operator with an
// effect per page would keep each page alive until the next major collection.
const makeNextPage = <A, Policy extends RowPolicy>(
  settings: ListSettings,
  source: Source<A, FilterNotApplied>,
  options: ListOptions<Policy>,
  sizes: PageSizes.PageSizes
): Effect.Effect<NextPage<Row<A, Policy>>, ListError, Scope.Scope> =>
  Effect.gen(function* () {
    const { operation } = settings
    const { onProgress, prefetch = defaultPrefetch, resume, onRowError: policy = "fail" as Policy } = options
    const listName = CheckpointText.nameOf([operation.name, source.key])
    const start = yield* startState(settings, listName, options)
    const report =
      onProgress === undefined ? undefined : yield* makeProgressReporter(settings, start, onProgress)
    const nextStep = yield* PageScan.make({ operation, ...source }, start, {
      pageSize: sizes.of(listName, start),
      prefetch
    })
    // The state after the last emitted page: the checkpoint of a later failure.
    let lastEmitted: ScanState | undefined = start.page === 0 ? undefined : start

    const toEmitted = ({ isGapScan, newRows, state }: PageScan.Step): NextPage<Row<A, Policy>> =>
      Effect.flatMap(checkAndDecode(operation, source, policy, state.page, newRows), (decoded) => {
        lastEmitted = state
        if (isGapScan && newRows.rows.length === 0) return next
        const page = toPage(state, decoded, listName)
        return report === undefined ? Effect.succeed(page) : Effect.as(report(page), page)
      })
    const next: NextPage<Row<A, Policy>> = Effect.flatMap(nextStep, (step) =>
      step === undefined ? Effect.succeed(undefined) : toEmitted(step)
    )

    const withBookmark = resume === undefined ? next : saveOnNext(resume, next)
    return Effect.mapError(withBookmark, (error) =>
      lastEmitted === undefined ? error : withCheckpoint(error, CheckpointText.write(listName, lastEmitted))
    )
  })

// A page is saved when the next one is pulled, which is after the consumer has processed it.
const saveOnNext = <A>(resume: Bookmark, next: NextPage<A>): NextPage<A> => {
  let processed: Checkpoint | undefined
  const nextAfterSave = Effect.flatMap(next, (page) => {
    if (page === undefined) return Effect.as(resume.clear, page)
    processed = page.checkpoint
    return Effect.succeed(page)
  })
  return Effect.suspend(() =>
    processed === undefined ? nextAfterSave : Effect.zipRight(resume.save(processed), nextAfterSave)
  )
}

// An unfold whose chunks are the pages, or their items.
const toStream = <Page, A>(
  makeNext: Effect.Effect<Effect.Effect<Page | undefined, ListError>, ListError, Scope.Scope>,
  toChunk: (page: Page) => Chunk.Chunk<A>
): Stream.Stream<A, ListError> =>
  Stream.unwrapScoped(
    Effect.map(makeNext, (next) => {
      const chunk = Effect.map(next, (page) =>
        page === undefined ? Option.none() : Option.some([toChunk(page), undefined] as const)
      )
      return Stream.unfoldChunkEffect(undefined, () => chunk)
    })
  )

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

/** The four ways to read a {@link Source}. What is learnt of page sizes is kept by the reader. */
export const makeListReader = (settings: ListSettings) => {
  const { operation, service } = settings
  const sizes = PageSizes.make(settings.pageSize)

  const pages = <A, Policy extends RowPolicy>(
    source: Source<A, FilterNotApplied>,
    options: ListOptions<Policy>
  ): Stream.Stream<ResumablePage<Row<A, Policy>>, ListError> =>
    toStream(makeNextPage(settings, source, options, sizes), Chunk.of<ResumablePage<Row<A, Policy>>>)

  return {
    page: <A, E extends FilterNotApplied, Policy extends RowPolicy = "fail">(
      source: Source<A, E>,
      {
        limit = PageSizes.singlePageSize(settings.pageSize),
        page = 1,
        onRowError: policy = "fail" as Policy
      }: PageOptions & RowOptions<Policy>
    ): Effect.Effect<Page<Row<A, Policy>>, CallError | E> =>
      source.fetchPage(page, limit).pipe(
        Effect.flatMap(({ decode }) => decode),
        Effect.flatMap(({ rows, total }) =>
          Effect.map(checkAndDecode(operation, source, policy, page, { rows }), (decoded) => ({
            ...decoded,
            total,
            page,
            received: rows.length
          }))
        ),
        Effect.withSpan(`${service}.page`)
      ),

    pages: <A, Policy extends RowPolicy = "fail">(
      source: Source<A, FilterNotApplied>,
      options: ListOptions<Policy>
    ) => Stream.withSpan(pages(source, options), `${service}.pages`),

    stream: <A, Policy extends RowPolicy = "fail">(
      source: Source<A, FilterNotApplied>,
      options: ListOptions<Policy>
    ) =>
      Stream.withSpan(
        toStream(makeNextPage(settings, source, options, sizes), ({ items }) => Chunk.unsafeFromArray(items)),
        `${service}.stream`
      ),

    collect: <A, Policy extends RowPolicy = "fail">(
      source: Source<A, FilterNotApplied>,
      { limit, ...options }: ListOptions<Policy> & { readonly limit: number }
    ) => Effect.withSpan(collectItems(operation, pages(source, options), limit), `${service}.collect`)
  }
}

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
