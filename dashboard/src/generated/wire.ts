/* Written from wire/schema.json by `npm run generate`. */

export interface Wire {}
/**
 * One offence that one box saw; later revisions carry the same ``alert_id``.
 *
 * This interface was referenced by `Wire`'s JSON-Schema
 * via the `definition` "Alert".
 */
export interface Alert {
  schema_version?: 1;
  alert_id: string;
  revision?: number;
  phase?: "opened" | "updated" | "closed";
  district: string;
  device: string;
  camera_id: string;
  site: Site;
  boot_id: string;
  sequence: number;
  scenario: "charging" | "dumping" | "construction";
  captured_at: string;
  confidence: number;
  urgency: number;
  facts: DumpingFacts | ChargingFacts | ConstructionFacts;
  reasons?: Sentence[];
  region: Region;
  evidence: Evidence;
  footage?: "camera" | "recording" | "composed";
  model?: Model | null;
  software: string;
}
/**
 * Where it happened. The box knows its sites from its configuration.
 *
 * This interface was referenced by `Wire`'s JSON-Schema
 * via the `definition` "Site".
 */
export interface Site {
  site_id: string;
  name: string;
  address?: string;
  position?: Position | null;
}
/**
 * WGS-84, degrees.
 *
 * This interface was referenced by `Wire`'s JSON-Schema
 * via the `definition` "Position".
 */
export interface Position {
  latitude_deg: number;
  longitude_deg: number;
}
/**
 * Contact, departure and stay: each must hold, and each is shown to the operator.
 *
 * This interface was referenced by `Wire`'s JSON-Schema
 * via the `definition` "DumpingFacts".
 */
export interface DumpingFacts {
  area_px: number;
  area_share: number;
  night: boolean;
  carrier: string;
  carrier_track: number;
  contact_at: string;
  departed_at: string;
  stayed_s: number;
  stay_limit_s: number;
  area_m2?: number | null;
  load?: "item" | "heap" | "truckload";
  builders_waste?: boolean;
  border?: boolean;
  closed_point?: string;
  earlier?: number;
}
/**
 * A cable from the building to what stands below and charges.
 *
 * This interface was referenced by `Wire`'s JSON-Schema
 * via the `definition` "ChargingFacts".
 */
export interface ChargingFacts {
  area_px: number;
  area_share: number;
  night: boolean;
  vehicle: string;
  bikes: number;
  stood_s: number;
  stand_limit_s: number;
  seen_s: number;
  cable_px: number;
  cable_m?: number | null;
  /**
   * @minItems 2
   * @maxItems 2
   */
  upper_xy: [number, number];
  /**
   * @minItems 2
   * @maxItems 2
   */
  lower_xy: [number, number];
  stairwell?: boolean;
}
/**
 * Growth against the agreed baseline that lasts.
 *
 * This interface was referenced by `Wire`'s JSON-Schema
 * via the `definition` "ConstructionFacts".
 */
export interface ConstructionFacts {
  area_px: number;
  area_share: number;
  night: boolean;
  looks: number;
  looks_limit: number;
  span_h: number;
  span_limit_h: number;
  since: string;
  baseline_at: string;
  grown: number;
  area_m2?: number | null;
  height_m?: number | null;
  stage: "material" | "frame" | "roof";
  parcel?: string;
}
/**
 * One reason as people read it, in both languages.
 *
 * This interface was referenced by `Wire`'s JSON-Schema
 * via the `definition` "Sentence".
 */
export interface Sentence {
  zh: string;
  en: string;
}
/**
 * The thing itself in the picture.
 *
 * This interface was referenced by `Wire`'s JSON-Schema
 * via the `definition` "Region".
 */
export interface Region {
  /**
   * @minItems 4
   * @maxItems 4
   */
  xyxy: [number, number, number, number];
  /**
   * @minItems 2
   * @maxItems 2
   */
  frame_wh: [number, number];
}
/**
 * What the box holds to support the alert; stored before the alert is filed.
 *
 * This interface was referenced by `Wire`'s JSON-Schema
 * via the `definition` "Evidence".
 */
export interface Evidence {
  state: "stored" | "unavailable";
  reason?: string;
  items?: EvidenceItem[];
}
/**
 * One file of evidence, named by its hash.
 *
 * This interface was referenced by `Wire`'s JSON-Schema
 * via the `definition` "EvidenceItem".
 */
export interface EvidenceItem {
  kind: "snapshot" | "before" | "clip";
  media_type: "image/jpeg" | "video/mp4";
  sha256: string;
  size_bytes: number;
}
/**
 * The detector that looked.
 *
 * This interface was referenced by `Wire`'s JSON-Schema
 * via the `definition` "Model".
 */
export interface Model {
  name: string;
  sha256: string;
}
/**
 * This interface was referenced by `Wire`'s JSON-Schema
 * via the `definition` "CameraHealth".
 */
export interface CameraHealth {
  camera_id: string;
  site_id: string;
  state: "live" | "silent" | "ended";
  frames: number;
  skipped: number;
  frames_per_s: number;
  latency_ms: number;
  silent_s: number;
}
/**
 * Retained. Boxes hold their alerts back while it says the gateway is away.
 *
 * This interface was referenced by `Wire`'s JSON-Schema
 * via the `definition` "GatewayPresence".
 */
export interface GatewayPresence {
  schema_version?: 1;
  district: string;
  instance_id: string;
  online: boolean;
  at: string;
}
/**
 * This interface was referenced by `Wire`'s JSON-Schema
 * via the `definition` "Health".
 */
export interface Health {
  schema_version?: 1;
  district: string;
  device: string;
  boot_id: string;
  at: string;
  uptime_s: number;
  cameras: CameraHealth[];
  outbox: OutboxHealth;
  disk_free_bytes: number;
  software: string;
}
/**
 * This interface was referenced by `Wire`'s JSON-Schema
 * via the `definition` "OutboxHealth".
 */
export interface OutboxHealth {
  queued: number;
  oldest_s: number;
  delivered: number;
}
/**
 * Birth when ``online``; else the last will, signed beforehand at the same connect.
 *
 * A death counts only for the connection it names, ``(boot_id, connection)``.
 *
 * This interface was referenced by `Wire`'s JSON-Schema
 * via the `definition` "Presence".
 */
export interface Presence {
  schema_version?: 1;
  district: string;
  device: string;
  boot_id: string;
  connection: number;
  online: boolean;
  at: string;
  software: string;
}
/**
 * Repeated for every arrival of the same payload, so a lost receipt heals by a resend.
 *
 * This interface was referenced by `Wire`'s JSON-Schema
 * via the `definition` "Receipt".
 */
export interface Receipt {
  schema_version?: 1;
  device: string;
  alert_id: string;
  payload_sha256: string;
  stored_at: string;
  outcome: "stored" | "quarantined";
}
