"""Copy-paste compositions: cut things out of training pictures and put them where a street camera
would see them.

Everything random comes from the generator that the caller brings, so a data set is a function of
its seed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from models.labels import WASTE, Boxes, clipped, intersection

Pixels = npt.NDArray[np.uint8]
Rng = np.random.Generator

PAD = 114


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A picture with its labels: BGR pixels ``(h, w, 3)``."""

    pixels: Pixels
    boxes: Boxes

    @property
    def frame_wh(self) -> tuple[int, int]:
        return self.pixels.shape[1], self.pixels.shape[0]


@dataclass(frozen=True, slots=True, eq=False)
class Cutout:
    """One thing without its surroundings: BGR pixels and an ``(h, w)`` mask of 0..255."""

    pixels: Pixels
    mask: Pixels
    label: int | None

    def resized(self, longest_px: float) -> Cutout:
        factor = longest_px / max(self.mask.shape)
        way = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
        wh = max(2, round(self.mask.shape[1] * factor)), max(2, round(self.mask.shape[0] * factor))
        return Cutout(
            _u8(cv2.resize(self.pixels, wh, interpolation=way)),
            _u8(cv2.resize(self.mask, wh, interpolation=way)),
            self.label,
        )

    def turned(self, angle_deg: float) -> Cutout:
        """Rotated about its middle, cropped to what is left of the mask."""
        h, w = self.mask.shape
        side = int(np.hypot(h, w)) + 2
        matrix = cv2.getRotationMatrix2D((w / 2, h / 2), angle_deg, 1.0)
        matrix[:, 2] += (side - w) / 2, (side - h) / 2
        pixels = cv2.warpAffine(self.pixels, matrix, (side, side), borderMode=cv2.BORDER_REPLICATE)
        mask = cv2.warpAffine(self.mask, matrix, (side, side))
        x, y, ww, hh = cv2.boundingRect((mask > 127).astype(np.uint8))
        if min(ww, hh) < 2:
            return self
        return Cutout(
            _u8(pixels[y : y + hh, x : x + ww]), _u8(mask[y : y + hh, x : x + ww]), self.label
        )


def cut_polygon(
    pixels: Pixels, outline: npt.NDArray[np.float64], label: int = WASTE
) -> Cutout | None:
    """What a polygon (pixels, ``(k, 2)``) encloses, or None where it is a sliver or too small to be
    of use.
    """
    points = outline.round().astype(np.int32)
    x, y, w, h = cv2.boundingRect(points)
    if min(w, h) < 40 or max(w, h) > 2.2 * min(w, h) or cv2.contourArea(points) < 0.55 * w * h:
        return None
    mask = np.zeros(pixels.shape[:2], np.uint8)
    cv2.fillPoly(mask, [points], 255)
    return Cutout(pixels[y : y + h, x : x + w].copy(), mask[y : y + h, x : x + w].copy(), label)


def foreground(frame: Pixels, background: Pixels, least: int = 28) -> Pixels:
    """Mask ``(h, w)`` of 0 or 255 where a frame differs from the empty scene, after their
    brightness is made equal.
    """
    gain = np.median(frame) / max(float(np.median(background)), 1.0)
    even = np.clip(background * gain, 0, 255).astype(np.uint8)
    differs = (cv2.absdiff(frame, even).max(axis=2) > least).astype(np.uint8) * 255
    opened = cv2.morphologyEx(differs, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    return _u8(cv2.morphologyEx(opened, cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8)))


def cut_moving(scene: Scene, background: Pixels, label: int) -> list[Cutout]:
    """The scene's objects of one label as far as they differ from the empty scene; crowded or faint
    ones are left out.
    """
    mask = foreground(scene.pixels, background)
    same = scene.boxes.where(scene.boxes.label == label)
    cutouts = []
    for index, corners in enumerate(same.xyxy):
        others = np.delete(same.xyxy, index, axis=0)
        if len(others) and intersection(corners[None], others).max() > 0:
            continue
        x1, y1, x2, y2 = _inside(corners, scene.frame_wh)
        if x1 <= 2 or y1 <= 2 or x2 >= scene.frame_wh[0] - 2 or y2 >= scene.frame_wh[1] - 2:
            continue
        part = mask[y1:y2, x1:x2]
        fill = float((part > 0).mean())
        if min(part.shape) < 14 or not 0.3 < fill < 0.92:
            continue
        x, y, w, h = cv2.boundingRect(part)
        cutouts.append(
            Cutout(
                scene.pixels[y1 + y : y1 + y + h, x1 + x : x1 + x + w].copy(),
                part[y : y + h, x : x + w].copy(),
                label,
            )
        )
    return cutouts


def pasted(scene: Scene, cutout: Cutout, left: int, top: int, rng: Rng) -> Scene:
    """The scene with a cut-out put at a place, its light fitted, its edge soft, and what it hides
    unlabelled.
    """
    width, height = scene.frame_wh
    h, w = cutout.mask.shape
    x1, y1, x2, y2 = max(left, 0), max(top, 0), min(left + w, width), min(top + h, height)
    if x2 - x1 < 4 or y2 - y1 < 4:
        return scene
    inner = (slice(y1 - top, y2 - top), slice(x1 - left, x2 - left))
    pixels = scene.pixels.copy()
    if rng.random() < 0.5:
        _shade_ground(pixels, (left, top, w, h), float(rng.uniform(0.35, 0.8)))
    around = pixels[y1:y2, x1:x2]
    light = float(np.clip(around.mean() / 120, 0.45, 1.25) * rng.uniform(0.85, 1.15))
    softness = 3 if min(w, h) < 80 else 5
    alpha = cv2.GaussianBlur(cutout.mask, (softness, softness), 0)[inner][..., None] / 255.0
    mixed = around * (1 - alpha) + np.clip(cutout.pixels[inner] * light, 0, 255) * alpha
    pixels[y1:y2, x1:x2] = mixed.astype(np.uint8)
    corners = np.array([[x1, y1, x2, y2]], np.float32)
    hidden = _hidden_part(scene.boxes, corners)
    boxes = scene.boxes.where(hidden < 0.65)
    if cutout.label is not None:
        whole = Boxes.of([(cutout.label, left, top, left + w, top + h)])
        boxes = boxes.joined(clipped(whole, scene.frame_wh))
    return Scene(pixels, boxes)


def _hidden_part(boxes: Boxes, corners: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    area = np.maximum((boxes.xyxy[:, 2:] - boxes.xyxy[:, :2]).prod(axis=1), 1e-6)
    part: npt.NDArray[np.float32] = intersection(boxes.xyxy, corners)[:, 0] / area
    return part


def _shade_ground(pixels: Pixels, ltwh: tuple[int, int, int, int], strength: float) -> None:
    """A soft contact shadow under what will stand at ``ltwh``, in place."""
    left, top, w, h = ltwh
    margin = max(4, w // 4)
    x1, x2 = max(left - margin, 0), min(left + w + margin, pixels.shape[1])
    y1, y2 = max(top + h // 2, 0), min(top + h + margin, pixels.shape[0])
    if x2 - x1 < 3 or y2 - y1 < 3:
        return
    shade = np.zeros((y2 - y1, x2 - x1), np.float32)
    center = (left + w // 2 - x1, top + h - max(2, h // 12) - y1)
    cv2.ellipse(shade, center, (max(2, w * 11 // 20), max(2, h // 7)), 0, 0, 360, 1.0, -1)
    soft = cv2.GaussianBlur(shade, (0, 0), max(1.0, w / 14))
    region = pixels[y1:y2, x1:x2]
    region[:] = (region * (1 - strength * soft[..., None])).astype(np.uint8)


def varied_bag(cutout: Cutout, rng: Rng) -> Cutout:
    """A bag turned, mirrored and recolored, at times made into a black one."""
    pixels = cutout.pixels
    kind = rng.random()
    if kind < 0.25:
        gray = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY).astype(np.float32)
        stretched = (gray - gray.mean()) * rng.uniform(0.4, 0.9) + rng.uniform(22, 60)
        pixels = np.clip(stretched[..., None] * rng.uniform(0.9, 1.1, 3), 0, 255).astype(np.uint8)
    elif kind < 0.6:
        hsv = cv2.cvtColor(pixels, cv2.COLOR_BGR2HSV).astype(np.int16)
        hsv[..., 0] = (hsv[..., 0] + rng.integers(-60, 60)) % 180
        hsv[..., 1] = (hsv[..., 1] * rng.uniform(0.4, 1.3)).clip(0, 255)
        pixels = _u8(cv2.cvtColor(hsv.astype(np.uint8), cv2.COLOR_HSV2BGR))
    varied = Cutout(pixels, cutout.mask, cutout.label)
    if rng.random() < 0.5:
        varied = mirrored(varied)
    return varied.turned(float(rng.normal(0, 14)))


def mirrored(cutout: Cutout) -> Cutout:
    return Cutout(cutout.pixels[:, ::-1].copy(), cutout.mask[:, ::-1].copy(), cutout.label)


def decoy(shape: Cutout, texture: Pixels, rng: Rng) -> Cutout:
    """The outline of a bag filled with a piece of some other picture: pasted, but not waste, so
    unlabelled.
    """
    h, w = shape.mask.shape
    height, width = texture.shape[:2]
    side_w, side_h = min(width, w * 2), min(height, h * 2)
    x, y = int(rng.integers(width - side_w + 1)), int(rng.integers(height - side_h + 1))
    piece = cv2.resize(
        texture[y : y + side_h, x : x + side_w], (w, h), interpolation=cv2.INTER_AREA
    )
    gain, shift = rng.uniform(0.6, 1.5), rng.uniform(-30, 30, 3)
    return Cutout(np.clip(piece * gain + shift, 0, 255).astype(np.uint8), shape.mask, None)


def view(scene: Scene, out_wh: tuple[int, int], zoom: float, at: tuple[float, float]) -> Scene:
    """The scene letterboxed into ``out_wh`` and magnified ``zoom`` times, looking at the point
    ``at`` (0..1, 0..1).

    At zoom 1 and (0.5, 0.5) this is exactly the letterbox that the detector sees.
    """
    width, height = scene.frame_wh
    scale = min(out_wh[0] / width, out_wh[1] / height) * zoom
    offset = [
        (out - side * scale) / 2 if out >= side * scale else (out - side * scale) * part
        for out, side, part in zip(out_wh, (width, height), at, strict=True)
    ]
    small_wh = max(1, round(width * scale)), max(1, round(height * scale))
    way = cv2.INTER_AREA if scale < 0.6 else cv2.INTER_LINEAR
    small = cv2.resize(scene.pixels, small_wh, interpolation=way)
    canvas = np.full((out_wh[1], out_wh[0], 3), PAD, np.uint8)
    left, top = round(offset[0]), round(offset[1])
    x1, y1 = max(left, 0), max(top, 0)
    x2, y2 = min(left + small_wh[0], out_wh[0]), min(top + small_wh[1], out_wh[1])
    canvas[y1:y2, x1:x2] = small[y1 - top : y2 - top, x1 - left : x2 - left]
    xyxy = scene.boxes.xyxy * scale + np.array([left, top, left, top], np.float32)
    moved = Boxes(xyxy.astype(np.float32), scene.boxes.label, scene.boxes.score)
    return Scene(canvas, clipped(moved, out_wh))


def mosaic(scenes: Sequence[Scene], out_wh: tuple[int, int], rng: Rng) -> Scene:
    """Four scenes side by side, the cross somewhere near the middle."""
    cut_x, cut_y = (
        int(out_wh[0] * rng.uniform(0.35, 0.65)),
        int(out_wh[1] * rng.uniform(0.35, 0.65)),
    )
    canvas = np.full((out_wh[1], out_wh[0], 3), PAD, np.uint8)
    boxes = Boxes.of([])
    corners = [
        (0, 0, cut_x, cut_y),
        (cut_x, 0, out_wh[0], cut_y),
        (0, cut_y, cut_x, out_wh[1]),
        (cut_x, cut_y, *out_wh),
    ]
    for scene, (x1, y1, x2, y2) in zip(scenes, corners, strict=True):
        wh = x2 - x1, y2 - y1
        fill = max(wh[0] / scene.frame_wh[0], wh[1] / scene.frame_wh[1])
        fit = min(wh[0] / scene.frame_wh[0], wh[1] / scene.frame_wh[1])
        part = view(
            scene,
            wh,
            fill / fit * float(rng.uniform(1.0, 1.6)),
            (float(rng.random()), float(rng.random())),
        )
        canvas[y1:y2, x1:x2] = part.pixels
        shifted = part.boxes.xyxy + np.array([x1, y1, x1, y1], np.float32)
        boxes = boxes.joined(Boxes(shifted, part.boxes.label, part.boxes.score))
    return Scene(canvas, boxes)


def in_other_light(pixels: Pixels, rng: Rng) -> Pixels:
    """The picture as on another day or at night: gain, gamma, tint, gray infra-red, blur and sensor
    noise.
    """
    values = pixels.astype(np.float32) / 255
    kind = rng.random()
    noise = rng.uniform(0, 0.015)
    if kind < 0.3:
        values = values ** rng.uniform(1.2, 2.2) * rng.uniform(0.3, 0.8)
        values = values * np.array(
            [rng.uniform(0.6, 1.15), rng.uniform(0.85, 1.05), rng.uniform(0.9, 1.2)], np.float32
        )
        values = values * _lamp(pixels.shape[1], pixels.shape[0], rng)
        noise = rng.uniform(0.01, 0.05)
    elif kind < 0.42:
        gray = values @ np.array([0.114, 0.587, 0.299], np.float32)
        values = np.repeat(gray[..., None], 3, axis=2) * rng.uniform(0.6, 1.2)
        noise = rng.uniform(0.005, 0.04)
    else:
        values = (values - 0.5) * rng.uniform(0.75, 1.25) + 0.5 + rng.uniform(-0.12, 0.12)
        values = values * rng.uniform(0.88, 1.12, 3).astype(np.float32)
    if rng.random() < 0.25:
        blurred = cv2.GaussianBlur(values, (0, 0), float(rng.uniform(0.4, 1.1)))
        values = np.asarray(blurred, values.dtype)
    values = values + rng.normal(0, noise, values.shape).astype(np.float32)
    return np.clip(values * 255, 0, 255).astype(np.uint8)


def _lamp(width: int, height: int, rng: Rng) -> npt.NDArray[np.float32]:
    """Brightness ``(h, w, 1)`` under one lamp somewhere, or even light."""
    if rng.random() < 0.4:
        return np.ones((height, width, 1), np.float32)
    ys, xs = np.mgrid[:height, :width].astype(np.float32)
    cx, cy, reach = rng.uniform(0, width), rng.uniform(0, height), rng.uniform(0.25, 0.7) * width
    glow = np.exp(-((xs - cx) ** 2 + (ys - cy) ** 2) / (2 * reach**2))
    lamp: npt.NDArray[np.float32] = (0.45 + 1.2 * glow)[..., None].astype(np.float32)
    return lamp


def _inside(
    corners: npt.NDArray[np.float32], frame_wh: tuple[int, int]
) -> tuple[int, int, int, int]:
    x1, y1, x2, y2 = (round(float(value)) for value in corners)
    return max(x1, 0), max(y1, 0), min(x2, frame_wh[0]), min(y2, frame_wh[1])


def _u8(values: npt.NDArray[np.integer] | cv2.typing.MatLike) -> Pixels:
    return np.asarray(values, np.uint8)
