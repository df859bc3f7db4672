// Divides the rows of a bulk write into chunks of the size that a request takes at that time.
import * as Channel from "effect/Channel"
import * as Chunk from "effect/Chunk"
import * as Stream from "effect/Stream"
import { canonicalText } from "./canonicalText.js"
import type { ChunkSize, Sized } from "./chunkSize.js"

/** A row of the input, and its content as text; `undefined` for what JSON cannot represent. */
export interface InputRow<Row> extends Sized {
  readonly row: Row
  readonly text: string | undefined
}

/** The rows in chunks. A chunk that is full is emitted before another row is read. */
export const toChunks =
  ({ allows }: ChunkSize) =>
  <Row, E, R>(rows: Stream.Stream<Row, E, R>): Stream.Stream<ReadonlyArray<InputRow<Row>>, E, R> => {
    type Divider = Channel.Channel<
      Chunk.Chunk<ReadonlyArray<InputRow<Row>>>,
      Chunk.Chunk<Row>,
      E,
      E,
      void,
      unknown
    >

    const read = (chunk: Array<InputRow<Row>>, size: number): Divider =>
      Channel.readWith({
        onInput: (input: Chunk.Chunk<Row>) => divide(Chunk.toReadonlyArray(input), 0, chunk, size),
        onFailure: (error: E) => Channel.zipRight(emit(chunk), Channel.fail(error)),
        onDone: () => emit(chunk)
      })

    const emit = (chunk: ReadonlyArray<InputRow<Row>>) =>
      chunk.length === 0 ? Channel.void : Channel.write(Chunk.of(chunk))

    const divide = (
      input: ReadonlyArray<Row>,
      start: number,
      chunk: Array<InputRow<Row>>,
      sizeBefore: number
    ): Divider =>
      Channel.suspend(() => {
        let size = sizeBefore
        for (let index = start; index < input.length; index++) {
          const row = input[index] as Row
          const text = canonicalText(row)
          const length = text?.length ?? 0
          if (chunk.length > 0 && !allows(chunk.length + 1, size + length)) {
            return Channel.flatMap(emit(chunk), () => divide(input, index, [], 0))
          }
          chunk.push({ row, text, size: length })
          size += length
          if (!allows(chunk.length + 1, size)) {
            return Channel.flatMap(emit(chunk), () => divide(input, index + 1, [], 0))
          }
        }
        return read(chunk, size)
      })

    return Stream.pipeThroughChannel(rows, read([], 0))
  }
