/**
 * The embedded Ango Hub, and layers to test programs with.
 *
 * @since 0.1.0
 */
export * as AngoTest from "./AngoTest.js"
export { Emulator, type EmulatorOptions, type EmulatorService, type ReceivedRequest } from "./Emulator.js"
export * as Faults from "./Faults.js"
export { FaultyClient } from "./FaultyClient.js"
export { ServeFailed } from "./Server.js"
