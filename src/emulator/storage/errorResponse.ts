/**
 * Error responses of the file storage, in the XML format of S3.
 */
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"

/** An error response with an S3 error code. */
export const errorResponse = (
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {}
): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.text(
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`,
    { status, contentType: "application/xml", headers }
  )

/** 403, for a link that is invalid, expired or used up. */
export const accessDenied = (message: string): HttpServerResponse.HttpServerResponse =>
  errorResponse(403, "AccessDenied", message)
