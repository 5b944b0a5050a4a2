/** How the boxes are, and whether an empty queue may be called calm: pure. */

import type { Box, Camera } from "../api/types";

/** `partial`: it speaks, but one of its cameras does not look. */
export type BoxState = "live" | "partial" | "offline";

/** A camera of a dead box sees nothing, whatever it last said. */
export type CameraState = Camera["state"] | "unknown";

export function boxState(box: Box): BoxState {
  if (!box.online) return "offline";
  const looks = box.cameras.length > 0 && box.cameras.every(({ state }) => state === "live");
  return looks ? "live" : "partial";
}

export function cameraState(box: Box, camera: Camera): CameraState {
  return box.online ? camera.state : "unknown";
}

/** What ails first, then by name. */
export function byTrouble(a: Box, b: Box): number {
  const rank: Record<BoxState, number> = { offline: 0, partial: 1, live: 2 };
  return rank[boxState(a)] - rank[boxState(b)] || a.device.localeCompare(b.device);
}

export interface Watch {
  boxes: number;
  boxesOffline: number;
  cameras: number;
  camerasLive: number;
}

export function watchOf(boxes: readonly Box[]): Watch {
  const live = boxes.filter(({ online }) => online);
  return {
    boxes: boxes.length,
    boxesOffline: boxes.length - live.length,
    cameras: boxes.reduce((sum, { cameras }) => sum + cameras.length, 0),
    camerasLive: live.reduce(
      (sum, { cameras }) => sum + cameras.filter(({ state }) => state === "live").length,
      0,
    ),
  };
}

/** Everything that should look does look. */
export function allSeeing(boxes: readonly Box[]): boolean {
  return boxes.length > 0 && boxes.every((box) => boxState(box) === "live");
}
