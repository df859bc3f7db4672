// What a project says about its batches, for calls that look them up before they send.

export const projectId = "65aa0000000000000000a001"
export const [batch1, batch2] = ["65aa0000000000000000d001", "65aa0000000000000000d002"] as const

interface Batch {
  readonly _id: string
  readonly name: string
  readonly [field: string]: unknown
}

/** The project's answer, then one without content: the call only has to be sent. */
export const holding = (...batches: ReadonlyArray<Batch>) => ({
  nth: 1,
  answers: [
    () => Response.json({ status: "success", data: { project: { _id: projectId, name: "Cats", batches } } }),
    () => new Response("{}")
  ] as const
})

/** A project with "Batch 1" and "Batch 2". */
export const holdingBoth = holding({ _id: batch1, name: "Batch 1" }, { _id: batch2, name: "Batch 2" })

/** A project without a list of batches, so that the endpoint of batches is read next. */
export const silent = {
  nth: 1,
  answers: [
    () => Response.json({ status: "success", data: { project: { _id: projectId, name: "Cats" } } }),
    () => new Response("{}")
  ]
}
