"""What stands behind the cast: a street that is drawn, or a real clip or photo."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Literal, Protocol

import numpy as np
import numpy.typing as npt

from models.errors import ModelsError
from models.scenes.camera import Camera
from models.scenes.drone import drone_camera
from models.scenes.ground import ground_of_points
from models.scenes.lens import Lens, Shake
from models.scenes.light import Light
from models.scenes.mesh import merged
from models.scenes.plate import PHOTOS, Plate, native_wh
from models.scenes.render import Body, Renderer
from models.scenes.script import OwnCamera, Script
from models.scenes.sensor import Sensor
from models.scenes.sky import Place, daylight, illuminator, light_at
from models.scenes.stage import WEATHERS, Cast
from models.scenes.streets import STREETS, street
from models.scenes.streets.street import Street

Wh = tuple[int, int]
USUAL_WH: Final = (1280, 720)
WIDEST_PX: Final = 1920
"""A wider photo is shrunk to this, unless the script says how large."""
LEAST_BENT: Final = 0.02
"""A picture whose sides are in another ratio than asked for, by more than this, is refused."""
SUN_SHADE: Final = 0.35
"""What a clear day's shadow leaves of the ground's light."""
SETTLES_S: Final = 60.0
"""So long a pause lets exposure settle at once."""


class BackgroundError(ModelsError):
    """A script wants a background that this film cannot show."""


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """One picture, and which body each of its pixels shows.

    Attributes:
        bgr: ``(height, width, 3)``.
        instance: ``(height, width)``, 0 for none.
        shaken_px: How far right and down the picture is moved.
    """

    bgr: npt.NDArray[np.uint8]
    instance: npt.NDArray[np.uint16]
    shaken_px: tuple[float, float] = (0.0, 0.0)


class Set(Protocol):
    """Where a script is played.

    Attributes:
        background: What the truth says of it.
        night: Whether lamps burn.
    """

    background: Literal["drawn", "real"]
    street: Street
    camera: Camera
    wh: Wh
    night: bool

    def moment(self, cast: Cast, still: Sequence[bool], t_s: float, step_s: float) -> Shot:
        """The picture ``step_s`` after the one before; ``still`` tells who never moves."""

    def look(self, cast: Cast, t_s: float) -> Shot:
        """The picture in a light of its own: all of it is drawn anew."""


class DrawnSet:
    """A procedural street, its lens and its sensor."""

    background: Literal["drawn", "real"] = "drawn"

    def __init__(self, script: Script, held: ExitStack) -> None:
        """
        Raises:
            TomlError: The script asks for a street or camera that is not.
            NoRendererError: This machine cannot draw.
        """
        scene = script.scene
        self._script = script
        self._weather = WEATHERS[scene.weather]
        self.wh = scene.wh or USUAL_WH
        self.night = is_dark(script, scene.at)
        self.street = _street_of(script, night=self.night)
        self.camera = _camera_of(script, self.street)
        self._lens = Lens(self.camera, self.wh)
        self._shake = Shake(scene.seed, scene.shake_px)
        self._sensor = Sensor(scene.seed, self.wh, self._weather, scene.look)
        self._renderer = held.enter_context(Renderer(self._lens.drawn_wh))
        self._staged = False

    def moment(self, cast: Cast, still: Sequence[bool], t_s: float, step_s: float) -> Shot:
        """The picture ``step_s`` after the one before; ``still`` tells who never moves."""
        told = list(zip(cast.bodies, still, strict=True))
        if not self._staged:
            self._stand([body for body, stays in told if stays], 0.0)
        return self._taken(cast, [body for body, stays in told if not stays], t_s, step_s)

    def look(self, cast: Cast, t_s: float) -> Shot:
        """The picture in a light of its own: all of it is drawn anew."""
        self._stand(cast.bodies, t_s)
        return self._taken(cast, (), t_s, SETTLES_S)

    def _stand(self, bodies: Sequence[Body], t_s: float) -> None:
        light = _light_of(self._script, self.street, self.camera, t_s)
        self._renderer.stage([Body(self.street.mesh), *bodies], light, self._lens.drawn)
        self._staged = True

    def _taken(self, cast: Cast, moving: Sequence[Body], t_s: float, step_s: float) -> Shot:
        if step_s >= SETTLES_S:  # a denoiser would show the moment before as a ghost
            self._sensor.rest()
        shaken_px = self._shake.at(t_s)
        seen = self._lens.seen(self._renderer.draw(moving, cast.beams), shaken_px)
        return Shot(self._sensor.frame(seen.light, step_s), seen.instance, shaken_px)


class RealSet:
    """A clip or photos; light, lens and weather are theirs."""

    background: Literal["drawn", "real"] = "real"
    night = False

    def __init__(self, script: Script, held: ExitStack) -> None:
        """
        Raises:
            NoPictureError, UnsteadyClipError, GroundNotSeenError: It is no stage.
            BackgroundError: Its sides are in another ratio than asked for.
            TomlError: A photo of which nobody tells where its camera hung.
            NoRendererError: This machine cannot draw.
        """
        self._script = script
        first = script.backgrounds[0]
        self.wh = _plate_wh(first, script.scene.wh)
        self._path, self._plate = first, self._read(first, _known_camera(script, self.wh))
        self.camera = self._plate.camera
        self.street = Street(first.name, merged([]), {}, {}, {})
        self._renderer = held.enter_context(Renderer(self.wh))

    def moment(self, cast: Cast, still: Sequence[bool], t_s: float, step_s: float) -> Shot:
        """The picture at a time; here it is the same who moves."""
        return self._composed(cast, t_s)

    def look(self, cast: Cast, t_s: float) -> Shot:
        """The picture of a time-lapse: the photo of its hour."""
        scene, paths = self._script.scene, self._script.backgrounds
        path = paths[0]
        if len(paths) > 1:
            at = scene.at + timedelta(seconds=t_s)
            path = paths[max(bisect_right(scene.looks, at) - 1, 0)]
        if path != self._path:
            self._path, self._plate = path, self._read(path, self.camera, t_s)
        return self._composed(cast, 0.0)

    def _composed(self, cast: Cast, t_s: float) -> Shot:
        return Shot(*self._plate.compose(t_s, self._renderer, cast.bodies))

    def _read(self, path: Path, camera: Camera | None, t_s: float = 0.0) -> Plate:
        scene = self._script.scene
        span = slice(scene.background_first, scene.background_last)
        plate = Plate.read(path, camera, span, wh=self.wh)
        at = scene.at + timedelta(seconds=t_s)
        if scene.place is not None and plate.light.sun is None:
            key = daylight(scene.place, at, WEATHERS["clear"]).key
            if key is not None:
                plate.light = replace(plate.light, sun=key.toward, shade=SUN_SHADE)
        return plate


def set_of(script: Script, held: ExitStack) -> Set:
    """The set that a script asks for; ``held`` closes what it opens."""
    return RealSet(script, held) if script.backgrounds else DrawnSet(script, held)


def is_dark(script: Script, at: datetime) -> bool:
    """Whether the lamps of a drawn street burn."""
    scene = script.scene
    assert scene.place is not None
    return light_at(Place(scene.place), at, WEATHERS[scene.weather], (), "color").glow > 0


def _street_of(script: Script, *, night: bool) -> Street:
    scene = script.scene
    if scene.street not in STREETS:
        known = ", ".join(sorted(STREETS))
        raise script.fault(("scene", "street"), f"no street {scene.street!r}; want one of {known}")
    return street(scene.street, scene.seed, night=night)


def _camera_of(script: Script, of: Street) -> Camera:
    told = script.scene.camera
    if isinstance(told, OwnCamera):
        return told.camera()
    if told is None or told not in of.cameras:
        known = ", ".join(sorted(of.cameras))
        raise script.fault(("scene", "camera"), f"no camera {told!r}; want one of {known}")
    return of.cameras[told]


def _light_of(script: Script, of: Street, camera: Camera, t_s: float) -> Light:
    scene = script.scene
    assert scene.place is not None
    lamps = (illuminator(camera), *of.lamps) if scene.look == "infrared" else of.lamps
    at = scene.at + timedelta(seconds=t_s)
    return light_at(Place(scene.place), at, WEATHERS[scene.weather], lamps, scene.look)


def _plate_wh(path: Path, wanted: Wh | None) -> Wh:
    """The size to show a background in, both sides even."""
    width, height = native_wh(path)
    if wanted is None:
        share = min(WIDEST_PX / width, 1.0)
        return int(width * share) // 2 * 2, int(height * share) // 2 * 2
    if abs(wanted[0] * height / (wanted[1] * width) - 1) > LEAST_BENT:
        raise BackgroundError(
            f"{path}: {width} x {height} cannot be shown as {wanted[0]} x {wanted[1]}: "
            "want sides in the same ratio"
        )
    return wanted


def _known_camera(script: Script, wh: Wh) -> Camera | None:
    """The camera as the script, its four points or the drone tell it; None lets people tell."""
    scene, path = script.scene, script.backgrounds[0]
    if isinstance(scene.camera, OwnCamera):
        return scene.camera.camera()
    if scene.ground:
        scale = np.array(wh) / native_wh(path)
        pixels = np.array([point.pixel for point in scene.ground]) * scale
        metres = [point.metres for point in scene.ground]
        return ground_of_points(pixels, metres, wh, path.name).camera
    if path.suffix.lower() not in PHOTOS:
        return None
    camera = drone_camera(path, wh)
    if camera is None:
        raise script.fault(
            ("scene", "background"),
            "a photo does not tell where its camera hung: say `camera`, or four points as `ground`",
        )
    return camera
