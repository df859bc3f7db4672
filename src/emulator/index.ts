/**
 * The embedded Ango Hub, and layers to test programs with.
 *
 * @since 0.1.0
 */
export type { OperationName } from "../api/Operations.js"
export * as AngoTest from "./AngoTest.js"
export type { ArchiveOptions } from "./Archive.js"
export type { Dialect } from "./Dialect.js"
export { Emulator, type EmulatorOptions, type EmulatorService, type ReceivedRequest } from "./Emulator.js"
export * as Faults from "./Faults.js"
export { FaultyClient } from "./FaultyClient.js"
export type { RequestName } from "./Routes.js"
export { ServeFailed } from "./Server.js"
export type { HubState } from "./State.js"
