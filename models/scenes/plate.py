"""A clip or photo of one's own as a stage: bodies are drawn into it as if its camera had seen them.

The bodies are drawn over bare gray ground, and once more with the ground behind them blackened.
What the black takes away is the share of the ground's light that comes past the bodies and their
shadows; the real picture is multiplied by that share, and the bodies are added to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from models.errors import ModelsError
from models.scenes.camera import Camera
from models.scenes.catcher import Drawn, around_of, backing, bare_ground, told_apart, touched
from models.scenes.ground import People, ground_of_walkers, zoo_people
from models.scenes.light import Lamp
from models.scenes.matte import NEVER_M, ahead_of_pixels, depth_of, foreground, hides
from models.scenes.mesh import Floats
from models.scenes.plate_light import DRAWN_BLUR_PX, PlateLight, levels, light_of, linear
from models.scenes.render import Body, Picture, Renderer
from models.scenes.uprights import fov_of_uprights

Pixels = npt.NDArray[np.uint8]
Wh = tuple[int, int]
WHOLE: Final = slice(None)
BLOCK_BYTES: Final = 96 * 2**20
"""So much of a clip is held while it runs backwards."""
PHOTOS: Final = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp"})
PHOTO_FPS: Final = 10.0
SAMPLES: Final = 41
MOST_DRIFT: Final = 0.004
"""A camera that moves by more of the picture's width than this is not fixed."""
LEAST_SURE: Final = 0.1
SHADE_SOFT_M, SHADE_DEPTH = 0.06, 2.6


class NoPictureError(ModelsError):
    """A file holds no picture that can be read."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path}: no picture can be read; want a clip or photo OpenCV opens")


class UnsteadyClipError(ModelsError):
    """A clip whose camera moves is no stage."""

    def __init__(self, path: Path, drift_px: float) -> None:
        super().__init__(f"{path}: its picture drifts by {drift_px:.0f} px; want a fixed camera")


@dataclass(slots=True, eq=False)
class Plate:
    """A fixed camera's clip, played forwards and backwards, or a photo, which stands still.

    Attributes:
        camera: At x = y = 0 looking north, unless one was given.
        empty: ``(h, w, 3)`` BGR: the clip without what moves. Who stands there throughout stays.
        seconds: How long it takes one way; of a photo, one picture's time.
    """

    camera: Camera
    light: PlateLight
    wh: tuple[int, int]
    fps: float
    seconds: float
    empty: Pixels
    _clip: _Clip
    _bare: tuple[Renderer, Picture, Picture] | None = field(default=None, init=False)
    _along: Floats | None = field(default=None, init=False)
    _last: tuple[tuple[Body, ...], Drawn] | None = field(default=None, init=False)

    @classmethod
    def read(
        cls,
        path: Path,
        camera: Camera | None = None,
        span: slice = WHOLE,
        people: People | None = None,
        wh: Wh | None = None,
    ) -> Plate:
        """A plate from the frames of ``span``, its end left out.

        Args:
            camera: From ``ground_of_points``, say; else people in the clip tell where it hangs.
            people: Finds them; the zoo's detector if None.
            wh: The size to show it in; its own if None.

        Raises:
            NoPictureError: Nothing can be read there.
            UnsteadyClipError: The camera moves.
            GroundNotSeenError: No camera is given, and fewer than twelve people are seen.
        """
        clip = _Clip(Path(path), span, wh)
        samples = [
            clip.at(k) for k in np.unique(np.linspace(0, clip.count - 1, SAMPLES, dtype=int))
        ]
        drift_px = _drift(samples)
        wh = samples[0].shape[1], samples[0].shape[0]
        if drift_px > MOST_DRIFT * wh[0]:
            raise UnsteadyClipError(Path(path), drift_px)
        empty = np.median(np.stack(samples), axis=0).astype(np.uint8)
        if camera is None:
            find = people or zoo_people()
            boxes = np.concatenate([np.asarray(find(frame)).reshape(-1, 4) for frame in samples])
            camera = ground_of_walkers(boxes, wh, Path(path).name).camera
            fov_deg = fov_of_uprights(empty, camera)
            if fov_deg is not None:
                camera = ground_of_walkers(boxes, wh, Path(path).name, fov_deg).camera
        light = light_of(empty, samples, camera)
        return cls(camera, light, wh, clip.fps, clip.count / clip.fps, empty, clip)

    def frame(self, t_s: float) -> Pixels:
        """``(h, w, 3)`` BGR of the clip itself; when it is over it runs back, and so on."""
        return self._clip.at(there_and_back(self._tick(t_s), self._clip.count))

    def compose(
        self,
        t_s: float,
        renderer: Renderer,
        bodies: Sequence[Body],
        beams: Sequence[Lamp] = (),
    ) -> tuple[Pixels, npt.NDArray[np.uint16]]:
        """The frame with bodies in it, and the truth: which body each pixel shows, 0 for none.

        Bodies stand on z = 0 in the camera's metres. Real walkers before them hide them. The
        renderer is staged at the first call, and is the plate's own from then on.
        """
        frame = self.frame(t_s)
        drawn = self._drawn(renderer, bodies, beams)
        gain = _gain(frame, self.empty)
        cover = self._cover(frame, gain, drawn)
        box = np.s_[:, :] if self._clip.count == 1 else touched(drawn)
        composed = frame.copy()
        composed[box] = self._developed(frame[box], drawn.part(box), gain, self._tick(t_s))
        seen = composed * (1 - cover[..., None]) + frame * cover[..., None]
        truth = np.where(cover > 0.5, 0, drawn.instance).astype(np.uint16)
        return np.rint(seen).astype(np.uint8), truth

    def _tick(self, t_s: float) -> int:
        if t_s < 0:
            raise ValueError(f"t_s {t_s}: want 0 or later")
        return int(t_s * self.fps + 1e-6)

    def _drawn(self, renderer: Renderer, bodies: Sequence[Body], beams: Sequence[Lamp]) -> Drawn:
        if renderer.wh != self.wh:
            raise ValueError(f"renderer {renderer.wh}: want {self.wh}, as the clip's frames")
        if self._bare is None or self._bare[0] is not renderer:
            ground = Body(bare_ground(self.camera))
            renderer.stage([ground], self.light.drawn(), self.camera)
            black = Body(backing(self.camera, (0, 0, *self.wh), self.wh))
            self._bare = renderer, renderer.draw(()), renderer.draw([black])
            self._last = None
        if self._last is None or beams or not _alike(self._last[0], bodies):
            self._last = tuple(bodies), self._apart(renderer, bodies, beams)
        return self._last[1]

    def _apart(self, renderer: Renderer, bodies: Sequence[Body], beams: Sequence[Lamp]) -> Drawn:
        assert self._bare is not None
        _, bare, dark = self._bare
        full = renderer.draw(bodies, beams)
        around = around_of(full.instance)
        if around is None:
            return told_apart((bare, full), (dark, dark), around, beams=bool(beams))
        black = Body(backing(self.camera, around, self.wh))
        behind = renderer.draw([*bodies, black], beams)
        return told_apart((bare, full), (dark, behind), around, beams=bool(beams))

    def _cover(self, frame: Pixels, gain: float, drawn: Drawn) -> Floats:
        """``(h, w)`` 0 to 1: where somebody real stands before what is drawn."""
        if self._clip.count == 1:
            return np.zeros(frame.shape[:2], np.float32)
        empty = np.clip(self.empty * gain, 0, 255).astype(np.uint8)
        mask = foreground(frame, empty, self.light.noise)
        if self._along is None:
            self._along = ahead_of_pixels(np.ones_like(drawn.far_m), self.camera)
        body_m = np.where(drawn.instance > 0, drawn.far_m * self._along, NEVER_M)
        body_m = body_m.astype(np.float32)
        near_m = np.asarray(cv2.erode(body_m, np.ones((3, 3), np.uint8)), np.float32)
        before = hides(mask, depth_of(mask, self.camera), near_m)
        return np.where(near_m < NEVER_M, before, mask).astype(np.float32)

    def _shade(self, drawn: Drawn, body: npt.NDArray[np.bool_]) -> Floats:
        """The share of light that shadows leave on the ground, as if no body hid it."""
        soft = 0.7
        if self.light.sun is None:
            far_m = float(np.median(drawn.far_m[drawn.instance > 0])) if body.any() else NEVER_M
            lens = self.wh[0] / 2 / np.tan(np.radians(self.camera.fov_deg) / 2)
            soft = float(np.clip(SHADE_SOFT_M * lens / max(far_m, 1.0), 0.7, 12))
        outside = (~body).astype(np.float32)
        weight = cv2.GaussianBlur(outside, (0, 0), soft)[..., None]
        spread = cv2.GaussianBlur(drawn.through * outside[..., None], (0, 0), soft)
        return np.asarray(np.where(weight > 0.01, spread / np.maximum(weight, 0.01), 1), np.float32)

    def _developed(self, frame: Pixels, drawn: Drawn, gain: float, tick: int) -> Pixels:
        """Bodies as this clip's lens, sensor and packing would have shown them."""
        light, photo = self.light, self._clip.count == 1
        body = cv2.dilate((drawn.instance > 0).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
        shade = self._shade(drawn, body)
        past = np.clip(drawn.through / np.maximum(shade, 0.05), 0, None)
        share = np.where(body, 1 - past.mean(axis=2), 0).clip(0, 1)[..., None].astype(np.float32)
        bright = (drawn.own / np.maximum(share, 0.05) * gain).astype(np.float32)
        own = light.shown(bright) * share
        deep = light.contrast * (SHADE_DEPTH if light.sun is None else 1.0)
        through = np.where(body[..., None], 1 - share, past) * shade**deep
        soft = max(light.blur_px**2 - DRAWN_BLUR_PX**2, 0) ** 0.5
        if soft > 0.2:
            own, through, share = (_blurred(part, soft) for part in (own, through, share))
        shown = levels(linear(frame) * through + own)
        if light.sharpened:
            near = np.clip(2 * _blurred(share, 1.0), 0, 1)
            shown += light.sharpened * near * (shown - _blurred(shown, 1.0))
        grainy = np.ones_like(share) if photo else share
        shown += grainy * _grain(shown.shape, light.noise, tick)
        mixed = np.clip(np.rint(shown), 0, 255).astype(np.uint8)
        kept = np.abs(through - 1).max(axis=2, keepdims=True) + grainy < 1 / 255
        return _packed(np.where(kept, frame, mixed), share[..., 0] > 0.02, light.quality)


class _Clip:
    """Frames of a file by number; they are held by the block, for a file is read forwards."""

    def __init__(self, path: Path, span: slice, wh: Wh | None) -> None:
        self._path, self._wh, self._next = path, wh, 0
        self._block: dict[int, Pixels] = {}
        if path.suffix.lower() in PHOTOS:
            self.count, self.fps = 1, PHOTO_FPS
            self._block[0] = self._sized(_photo(path))
            return
        self._capture = _opened(path)
        self.fps = float(self._capture.get(cv2.CAP_PROP_FPS)) or PHOTO_FPS
        used = range(int(self._capture.get(cv2.CAP_PROP_FRAME_COUNT)))[span]
        self.count, self._first = len(used), used.start
        if not self.count:
            raise NoPictureError(path)

    def at(self, number: int) -> Pixels:
        """Frame ``number`` of those that count."""
        if number not in self._block:
            frame = self._read(number)
            room = max(BLOCK_BYTES // frame.nbytes, 1)
            first = max(number - room + 1, 0) if number + 1 in self._block else number
            self._block = {k: self._read(k) for k in range(first, number)} | {number: frame}
        return self._block[number].copy()

    def _read(self, number: int) -> Pixels:
        want = self._first + number
        if want < self._next:
            self._capture.release()
            self._capture, self._next = _opened(self._path), 0
        while self._next < want and self._capture.grab():
            self._next += 1
        told, frame = self._capture.read()
        self._next += 1
        if not told:
            raise NoPictureError(self._path)
        return self._sized(np.asarray(frame, np.uint8))

    def _sized(self, frame: Pixels) -> Pixels:
        if self._wh is None or frame.shape[1::-1] == self._wh:
            return frame
        return np.asarray(cv2.resize(frame, self._wh, interpolation=cv2.INTER_AREA), np.uint8)


def native_wh(path: Path) -> Wh:
    """Width and height of a clip or photo.

    Raises:
        NoPictureError: Nothing can be read there.
    """
    frame = _photo(path) if path.suffix.lower() in PHOTOS else _Clip(path, WHOLE, None).at(0)
    return frame.shape[1], frame.shape[0]


def there_and_back(tick: int, count: int) -> int:
    """Which of ``count`` frames shows when they run forwards and backwards, without a seam.

    >>> [there_and_back(tick, 3) for tick in range(7)]
    [0, 1, 2, 1, 0, 1, 2]
    """
    around = tick % max(2 * (count - 1), 1)
    return min(around, 2 * (count - 1) - around)


def _photo(path: Path) -> Pixels:
    photo = cv2.imread(str(path), cv2.IMREAD_COLOR) if path.is_file() else None
    if photo is None:
        raise NoPictureError(path)
    return np.asarray(photo, np.uint8)


def _opened(path: Path) -> cv2.VideoCapture:
    capture = cv2.VideoCapture(str(path))
    if not path.is_file() or not capture.isOpened():
        raise NoPictureError(path)
    return capture


def _alike(some: Sequence[Body], others: Sequence[Body]) -> bool:
    return len(some) == len(others) and all(
        one.mesh is other.mesh
        and one.instance == other.instance
        and bool((one.matrix == other.matrix).all())
        for one, other in zip(some, others, strict=True)
    )


def _blurred(part: Floats, soft_px: float) -> Floats:
    blurred = np.asarray(cv2.GaussianBlur(part, (0, 0), soft_px), np.float32)
    return blurred.reshape(part.shape)


def _drift(samples: Sequence[Pixels]) -> float:
    """How far the picture moves over the clip, in pixels: nine of ten frames lie nearer."""
    small = [cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY).astype(np.float32) for frame in samples]
    window = cv2.createHanningWindow(small[0].shape[::-1], cv2.CV_32F)
    away = [0.0]
    for other in small[1:]:  # phaseCorrelate writes its window into what it is given
        shift, sure = cv2.phaseCorrelate(small[0].copy(), other, window)
        if sure > LEAST_SURE:
            away.append(float(np.linalg.norm(shift)))
    return float(np.quantile(away, 0.9))


def _gain(frame: Pixels, empty: Pixels) -> float:
    """How much brighter a frame is than the empty picture, whoever walks in it."""
    now, then = (p[::6, ::6].astype(np.float32).mean(axis=2) for p in (frame, empty))
    return float(np.clip(np.median((now + 1) / (then + 1)), 0.5, 2.0))


def _grain(shape: tuple[int, ...], deviation: float, tick: int) -> Floats:
    """Noise ``(h, w, 3)`` in levels, as coarse as a sensor's after its packing."""
    fine = np.random.default_rng([7, tick]).normal(0, 1, shape).astype(np.float32)
    coarse = np.asarray(cv2.GaussianBlur(fine, (0, 0), 0.6), np.float32)
    gray = 0.8 * coarse.mean(axis=2, keepdims=True) * np.sqrt(3) + 0.35 * coarse
    noise: Floats = (gray / max(float(gray.std()), 1e-6) * deviation).astype(np.float32)
    return noise


def _packed(frame: Pixels, touched: npt.NDArray[np.bool_], quality: int) -> Pixels:
    """The frame, the blocks that a body touches packed as coarsely as the rest has been."""
    if quality > 95 or not touched.any():
        return frame
    packed = cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    coarse = np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)
    height, width = touched.shape
    grid = np.zeros((-(-height // 8) * 8, -(-width // 8) * 8), np.bool_)
    grid[:height, :width] = touched
    blocks = grid.reshape(len(grid) // 8, 8, -1, 8).any(axis=(1, 3))
    whole = blocks.repeat(8, axis=0).repeat(8, axis=1)[:height, :width, None]
    return np.where(whole, coarse, frame).astype(np.uint8)
