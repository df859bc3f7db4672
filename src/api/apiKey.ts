/** The name of the header of the API key, lower case (docs/api-notes.md#authentication). */
export const header = "apikey"
