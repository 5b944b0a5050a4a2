/** The gateway's views under the names that the page uses. */

import type { components } from "../generated/api";

type Schemas = components["schemas"];

export type Warning = Schemas["WarningView"];
export type WarningDetail = Schemas["WarningDetail"];
export type WarningPage = Schemas["WarningPage"];
export type Alert = Schemas["Alert"];
export type DumpingFacts = Schemas["DumpingFacts"];
export type ChargingFacts = Schemas["ChargingFacts"];
export type ConstructionFacts = Schemas["ConstructionFacts"];
export type EvidenceFile = Schemas["EvidenceView"];
export type HistoryEntry = Schemas["HistoryView"];
export type Reason = Schemas["Reason"];
export type Box = Schemas["BoxView"];
export type Camera = Schemas["CameraView"];
export type Session = Schemas["SessionView"];
export type Color = Warning["color"];
export type Footage = Warning["footage"];
