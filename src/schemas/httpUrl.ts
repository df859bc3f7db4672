// URLs as inputs.
import * as Schema from "effect/Schema"

// URL parsers also accept `http:host` and surrounding blanks; a link in a notification would not work.
const isHttpUrl = (text: string): boolean => /^https?:\/\/\S+$/i.test(text) && URL.canParse(text)

/** An absolute URL that begins with `http://` or `https://`, as an input. */
export const HttpUrl = Schema.String.pipe(
  Schema.filter(isHttpUrl, {
    title: "an absolute URL that begins with http:// or https://",
    arbitrary: () => (fc) => fc.webUrl()
  })
)
