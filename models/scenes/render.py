"""The drawing: meshes, a camera and light become a picture in linear light, with exact truth.

OpenGL through moderngl and EGL, without a screen; a software rasterizer will do. What stands still
is drawn once per camera and light, at two by two samples a pixel. Each picture then costs only the
pixels that a moving body can change: those it covers, its shadow, and the ground about its feet.
Headlights can change any pixel, so pictures with beams cost more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import moderngl
import numpy as np
import numpy.typing as npt

from models.errors import ModelsError
from models.scenes import reach
from models.scenes.camera import FAR_M, NEAR_M, Camera
from models.scenes.light import Lamp, Light
from models.scenes.mesh import Floats, Mesh, shift

Told = bool | float | Sequence[float] | Sequence[Sequence[float]]
Kept = tuple[Mesh, moderngl.Buffer, moderngl.Buffer]
SHADERS: Final = Path(__file__).with_name("shaders")
SAMPLES: Final = 2
STREET_SHADOW_PX: Final = 4096
BODY_SHADOW_PX: Final = 1024
TOP_PX: Final = 384
TOP_SPAN_M: Final = (-5.0, 60.0)
LOWEST_FLOOR_M: Final = -2.0
MOST_LAMPS: Final = 8
MOST_BEAMS: Final = 4
ROW: Final = {"in_position": "3f", "in_normal": "3f", "in_albedo": "3f", "in_material": "1f"}
STREET: Final = {
    "soft": (4, "f2"),
    "hard": (4, "f2"),
    "skin": (4, "f1"),
    "who": (2, "f4"),
    "way": (4, "f1"),
}
BODY: Final = {"soft": (4, "f2"), "who": (2, "f4")}


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """One mesh in its place.

    Attributes:
        matrix: ``(4, 4)`` from its own metres into the world's.
        instance: Its number in the picture's ``instance``; 0 is the street itself.
    """

    mesh: Mesh
    matrix: Floats = field(default_factory=lambda: shift(0, 0))
    instance: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """One picture, before any lens or sensor.

    Attributes:
        light: ``(height, width, 3)`` float32 RGB, linear; 1 is a white wall in full sun.
        instance: ``(height, width)`` uint16: which body each pixel shows, 0 for none.
        far_m: ``(height, width)`` float32 metres from the camera; 10,000 is the sky.
    """

    light: Floats
    instance: npt.NDArray[np.uint16]
    far_m: Floats


class NoRendererError(ModelsError):
    """This machine cannot draw; the sentence says what to install."""

    def __init__(self, why: Exception) -> None:
        super().__init__(f"cannot draw on this machine: {why}; install libegl1 and libgl1-mesa-dri")


class Renderer:
    """Draws pictures of one size; a context manager that holds the graphics context."""

    def __init__(self, wh: tuple[int, int]) -> None:
        """
        Raises:
            NoRendererError: No EGL, or no OpenGL 3.3 behind it.
        """
        self.wh = wh
        try:
            self._gl = moderngl.create_standalone_context(
                require=330,
                backend="egl",  # type: ignore[arg-type]  # the stub names one dict for all options
            )
        except Exception as error:  # moderngl raises plain Exception
            raise NoRendererError(error) from error
        fine = (wh[0] * SAMPLES, wh[1] * SAMPLES)
        self._standing = self._program("body.vert", "standing.frag")
        self._moving = self._program("body.vert", "moving.frag")
        self._sky = self._program("screen.vert", "sky.frag")
        self._corners = self._program("screen.vert", "corners.frag")
        self._finish = self._program("screen.vert", "finish.frag")
        self._shade = self._program("shadow.vert", "shadow.frag")
        self._street, self._street_depth, self._street_fbo = self._layers(fine, STREET)
        self._street_depth_fbo = self._gl.framebuffer(depth_attachment=self._street_depth)
        self._bodies, _, self._body_fbo = self._layers(fine, BODY)
        self._soft_fbo = self._gl.framebuffer([self._street["soft"]])
        self._street_shadow, self._street_dark = self._depth_map(STREET_SHADOW_PX)
        self._body_shadow, self._body_dark = self._depth_map(BODY_SHADOW_PX)
        self._top_fbo, self._top = self._depth_map(TOP_PX)
        self._top.compare_func = ""
        self._out = self._gl.framebuffer(
            [self._gl.texture(wh, 4, dtype="f4"), self._gl.texture(wh, 1, dtype="f4")]
        )
        self._kept: dict[int, Kept] = {}
        self._light = Light(None)
        self._view_projection = self._key_projection = np.eye(4, dtype=np.float32)
        self._floor_m = 0.0
        self._still = _empty(wh)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._gl.release()

    def stage(self, standing: Sequence[Body], light: Light, camera: Camera) -> None:
        """Draws what does not move; the pictures that follow show it."""
        with self._gl:
            self._light = light
            self._view_projection = camera.projection(self.wh) @ camera.view()
            self._key_projection = reach.key_projection(light, camera)
            boxes = [_box(body) for body in standing if len(body.mesh.position)]
            self._floor_m = max(
                min((box[:, 2].min() for box in boxes), default=0.0), LOWEST_FLOOR_M
            )
            for program in (self._standing, self._moving, self._sky, self._corners, self._finish):
                self._tell_light(program, camera)
            if light.key is not None:
                self._throw(self._street_shadow, self._key_projection, standing)
            gl = self._gl
            self._street_fbo.use()
            self._street_fbo.clear()
            gl.disable(moderngl.DEPTH_TEST)
            self._cover(self._sky)
            self._throw(self._street_depth_fbo, self._view_projection, standing)
            self._street_fbo.use()
            gl.depth_func = "<="  # what lies behind something is never shaded: its depth came first
            self._draw(self._standing, standing)
            gl.depth_func = "<"
            self._darken_corners()
            self._forget()
            self._still = _empty(self.wh)
            self._aim(())
            self._into(self._still, [(0, 0, *self.wh)], bare=True)

    def draw(self, moving: Sequence[Body], beams: Sequence[Lamp] = ()) -> Picture:
        """One picture of the stage with bodies on it; ``beams`` are headlights, at most four."""
        with self._gl:
            bodies = [body for body in moving if len(body.mesh.position)]
            places = [_box(body) for body in bodies]
            changed = reach.joined(self._changed(place) for place in places)
            boxes = [(0, 0, *self.wh)] if beams else changed
            self._aim(beams)
            if bodies:
                self._cast(bodies, np.concatenate(places))
                self._body_fbo.use()
                for box in boxes:
                    self._body_fbo.clear(depth=1.0, viewport=self._flipped(box, SAMPLES))
                self._draw(self._moving, bodies)
                self._forget()
            picture = Picture(
                self._still.light.copy(), self._still.instance.copy(), self._still.far_m.copy()
            )
            self._into(picture, boxes, bare=not bodies)
            return picture

    def _aim(self, beams: Sequence[Lamp]) -> None:
        for program in (self._moving, self._finish):
            _tell(program, "beam_count", min(len(beams), MOST_BEAMS))
            _tell_lamps(program, "beam", beams[:MOST_BEAMS], MOST_BEAMS)

    def _changed(self, place: reach.Points) -> reach.Box | None:
        """The pixels that a body in this box can change."""
        aside = reach.CONTACT_M * np.array([[1, 1, 0], [1, -1, 0], [-1, 1, 0], [-1, -1, 0]])
        near = (place[:, None] + aside).reshape(-1, 3)
        below = near - (0, 0, reach.HANGING_M)
        below[:, 2] = np.maximum(below[:, 2], np.minimum(near[:, 2], self._floor_m))
        dark = reach.shaded(place, self._light.key, self._floor_m)
        wide = np.concatenate([near, below, dark])
        return reach.seen(wide, self._view_projection, self.wh)

    def _cast(self, bodies: Sequence[Body], around: reach.Points) -> None:
        """The bodies' shadow, and how low they hang over each spot of the ground."""
        fitted = reach.fitted(self._key_projection, around)
        for program in (self._moving, self._finish):
            _tell(program, "body_projection", fitted)
        if self._light.key is not None:
            self._throw(self._body_shadow, fitted, bodies)
        low, high = around.min(axis=0) - reach.CONTACT_M, around.max(axis=0) + reach.CONTACT_M
        low[2], high[2] = TOP_SPAN_M
        span = high - low
        below = np.diag([*(2 / span), 1.0])  # depth grows upward: the lowest wins
        below[:3, 3] = -(low + high) / span
        _tell(self._finish, "top_area", (*low[:2].tolist(), *span[:2].tolist()))
        _tell(self._finish, "top_span", TOP_SPAN_M)
        self._throw(self._top_fbo, below.astype(np.float32), bodies)

    def _throw(
        self, onto: moderngl.Framebuffer, view_projection: Floats, bodies: Iterable[Body]
    ) -> None:
        """The depth of some bodies, seen from a light."""
        self._gl.enable(moderngl.DEPTH_TEST)
        onto.use()
        onto.clear(depth=1.0)
        _tell(self._shade, "view_projection", view_projection)
        for body in bodies:
            _tell(self._shade, "model", body.matrix)
            self._render(self._shade, body.mesh, "in_position")

    def _draw(self, program: moderngl.Program, bodies: Iterable[Body]) -> None:
        """The bodies' color, into the framebuffer in use."""
        self._gl.enable(moderngl.DEPTH_TEST)
        _bind(
            program,
            {
                "street_shadow": self._street_dark,
                "body_shadow": self._body_dark,
                "street_depth": self._street_depth,
            },
        )
        _tell(program, "view_projection", self._view_projection)
        for body in bodies:
            _tell(program, "model", body.matrix)
            _tell(program, "instance", float(body.instance))
            self._render(program, body.mesh, *ROW)

    def _darken_corners(self) -> None:
        """Multiplies into the street's soft light how open each spot is to it."""
        gl = self._gl
        self._soft_fbo.use()
        gl.disable(moderngl.DEPTH_TEST)
        gl.enable(moderngl.BLEND)
        gl.blend_func = moderngl.ZERO, moderngl.SRC_COLOR
        _bind(
            self._corners,
            {"street_depth": self._street_depth, "street_way": self._street["way"]},
        )
        _tell(self._corners, "view_projection", self._view_projection)
        _tell(self._corners, "near_m", NEAR_M)
        _tell(self._corners, "far_m", FAR_M)
        self._cover(self._corners)
        gl.disable(moderngl.BLEND)

    def _into(self, picture: Picture, boxes: Iterable[reach.Box], *, bare: bool) -> None:
        """Finishes some parts of a picture; ``bare`` is the street without bodies."""
        self._gl.disable(moderngl.DEPTH_TEST)
        self._out.use()
        layers = {f"street_{name}": layer for name, layer in self._street.items()}
        layers |= {f"body_{name}": layer for name, layer in self._bodies.items()}
        layers |= {"street_depth": self._street_depth, "body_shadow": self._body_dark}
        _bind(self._finish, layers | {"body_top": self._top})
        _tell(self._finish, "bare", bare)
        for box in boxes:
            left, top, right, bottom = box
            at = self._flipped(box)
            self._out.scissor = at
            self._cover(self._finish)
            light, who = (
                np.frombuffer(
                    self._out.read(viewport=at, components=n, attachment=k, dtype="f4"), np.float32
                ).reshape(bottom - top, right - left, n)[::-1]
                for k, n in ((0, 4), (1, 1))
            )
            here = np.s_[top:bottom, left:right]
            picture.light[here] = light[..., :3]
            picture.far_m[here] = light[..., 3]
            picture.instance[here] = who[..., 0]
        self._out.scissor = (0, 0, *self.wh)

    def _flipped(self, box: reach.Box, samples: int = 1) -> tuple[int, int, int, int]:
        """A box as OpenGL counts it: left, bottom, width and height, from below."""
        left, top, right, bottom = (samples * side for side in box)
        return left, samples * self.wh[1] - bottom, right - left, bottom - top

    def _program(self, vertex: str, fragment: str) -> moderngl.Program:
        return self._gl.program(vertex_shader=_source(vertex), fragment_shader=_source(fragment))

    def _layers(
        self, wh: tuple[int, int], kinds: dict[str, tuple[int, str]]
    ) -> tuple[dict[str, moderngl.Texture], moderngl.Texture, moderngl.Framebuffer]:
        """Textures of some kinds, a depth, and the framebuffer that draws into all of them."""
        layers = {name: self._gl.texture(wh, n, dtype=d) for name, (n, d) in kinds.items()}
        depth = self._gl.depth_texture(wh)
        depth.compare_func = ""
        for layer in (*layers.values(), depth):
            layer.filter = moderngl.NEAREST, moderngl.NEAREST
        return layers, depth, self._gl.framebuffer(list(layers.values()), depth)

    def _depth_map(self, side_px: int) -> tuple[moderngl.Framebuffer, moderngl.Texture]:
        depth = self._gl.depth_texture((side_px, side_px))
        depth.compare_func = "<="
        depth.filter = moderngl.LINEAR, moderngl.LINEAR
        return self._gl.framebuffer(depth_attachment=depth), depth

    def _cover(self, program: moderngl.Program) -> None:
        """Runs a program over the whole of the framebuffer in use."""
        array = self._gl.vertex_array(program, [])
        array.render(moderngl.TRIANGLES, 3)
        array.release()

    def _render(self, program: moderngl.Program, mesh: Mesh, *names: str) -> None:
        _, points, faces = self._kept.get(id(mesh)) or self._upload(mesh)
        layout = " ".join(size if name in names else f"{size[0]}x4" for name, size in ROW.items())
        array = self._gl.vertex_array(program, [(points, layout, *names)], faces)
        array.render()
        array.release()

    def _upload(self, mesh: Mesh) -> Kept:
        rows = np.column_stack([mesh.position, mesh.normal, mesh.albedo, mesh.material])
        points = self._gl.buffer(rows.astype(np.float32).tobytes())
        faces = self._gl.buffer(mesh.faces.astype(np.uint32).tobytes())
        self._kept[id(mesh)] = mesh, points, faces
        return self._kept[id(mesh)]

    def _forget(self) -> None:
        """Frees the meshes' buffers: what moves is mostly another mesh in the next picture."""
        for _, points, faces in self._kept.values():
            points.release()
            faces.release()
        self._kept.clear()

    def _tell_light(self, program: moderngl.Program, camera: Camera) -> None:
        light, key = self._light, self._light.key
        _tell(program, "eye", camera.position)
        _tell(program, "key_projection", self._key_projection)
        _tell(program, "inverse_view_projection", np.linalg.inv(self._view_projection))
        _tell(program, "key_rgb", key.rgb if key else (0.0, 0.0, 0.0))
        if isinstance(key, Lamp):
            _tell(program, "key", (*key.position, 1.0))
            _tell(program, "key_toward", reach.unit(key.toward))
            _tell(program, "key_cone", float(np.cos(np.radians(key.cone_deg))))
        elif key is not None:
            _tell(program, "key", (*reach.unit(key.toward), 0.0))
        for name in ("sky", "ground", "horizon", "zenith"):
            _tell(program, f"{name}_rgb", getattr(light, name))
        for name in ("fog", "wet", "glow", "infrared"):
            _tell(program, name, getattr(light, name))
        _tell(program, "lamp_count", min(len(light.lamps), MOST_LAMPS))
        _tell_lamps(program, "lamp", light.lamps[:MOST_LAMPS], MOST_LAMPS)


def _source(name: str) -> str:
    """A shader, its includes put in."""
    lines = (SHADERS / name).read_text("utf-8").splitlines()
    return "\n".join(
        _source(line.split()[1]) if line.startswith("#include") else line for line in lines
    )


def _bind(program: moderngl.Program, textures: dict[str, moderngl.Texture]) -> None:
    for unit, (name, texture) in enumerate(textures.items()):
        texture.use(unit)
        _tell(program, name, unit)


def _tell(program: moderngl.Program, name: str, value: npt.NDArray[np.floating] | Told) -> None:
    """Sets a uniform; one that the compiler found unused is left out."""
    uniform = program.get(name, None)
    if not isinstance(uniform, moderngl.Uniform):
        return
    if isinstance(value, np.ndarray):
        uniform.write(np.ascontiguousarray(value.T, np.float32).tobytes())
    else:
        uniform.value = value


def _tell_lamps(program: moderngl.Program, name: str, lamps: Sequence[Lamp], most: int) -> None:
    dark = [Lamp((0.0, 0.0, 0.0), rgb=(0.0, 0.0, 0.0))] * (most - len(lamps))
    every = [*lamps, *dark]
    _tell(program, f"{name}_position", [lamp.position for lamp in every])
    _tell(program, f"{name}_toward", [reach.unit(lamp.toward) for lamp in every])
    _tell(program, f"{name}_rgb", [lamp.rgb for lamp in every])
    _tell(program, f"{name}_cone", [float(np.cos(np.radians(lamp.cone_deg))) for lamp in every])


def _box(body: Body) -> reach.Points:
    return reach.corners(body.mesh.position, body.matrix)


def _empty(wh: tuple[int, int]) -> Picture:
    shape = wh[::-1]
    return Picture(
        np.zeros((*shape, 3), np.float32), np.zeros(shape, np.uint16), np.zeros(shape, np.float32)
    )
