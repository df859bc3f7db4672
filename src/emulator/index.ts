/**
 * The embedded Ango Hub, the test layer `AngoTest`, and faults to test how programs handle errors.
 *
 * @since 0.1.0
 */
export { AngoApi } from "../api/AngoApi.js"
export type { OperationName } from "../api/operations.js"
export * as AngoTest from "./AngoTest.js"
export type { ArchiveOptions } from "./archive/Archive.js"
export { Emulator, type EmulatorOptions, type EmulatorService, type ReceivedRequest } from "./Emulator.js"
export type { ServiceAccount } from "./EmulatorOptions.js"
export * as Faults from "./faults/Faults.js"
export { FaultyClient } from "./faults/FaultyClient.js"
export type { Dialect } from "./server/Dialect.js"
export type { RequestName } from "./server/requestRoute.js"
export { ServeFailed } from "./server/socketServer.js"
export type { HubState, SentNotification } from "./state/HubState.js"
