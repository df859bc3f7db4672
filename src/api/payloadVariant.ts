/**
 * Bodies that the embedded hub understands besides the one that is sent: other documents, older clients.
 *
 * @since 0.1.0
 */
import * as Option from "effect/Option"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import * as AST from "effect/SchemaAST"

/**
 * `canonical`, and on reading also `variant`. A variant is never written: an input that `canonical` refuses stays
 * refused.
 *
 * @since 0.1.0
 */
export const alsoRead = <A, I, B, J>(canonical: Schema.Schema<A, I>, variant: Schema.Schema<B, J>) =>
  Schema.Union(
    canonical,
    Schema.transformOrFail(variant, Schema.typeSchema(variant), {
      strict: true,
      decode: ParseResult.succeed,
      encode: (value, _, ast) =>
        ParseResult.fail(new ParseResult.Forbidden(ast, value, "only read, never written"))
    })
  ).annotations(
    Option.match(AST.getTitleAnnotation(canonical.ast), {
      onNone: () => ({}),
      onSome: (title) => ({ title })
    })
  )
