"""How a body stands, walks, bends and sits: a few joints set, the rest follow."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin
from typing import Final, Literal

import numpy as np

from models.scenes.assets.body import ANKLE, HIP, WRIST, Array, Bone, Frame

SEAT_M: Final = 0.76
"""Height of the saddle under one who is seated."""
BOARD_M: Final = 0.3
"""Height of the board on which the feet of one who is seated rest."""
STEP: Final = 0.4
"""Length of a step, as a share of the stature."""
STANCE: Final = 0.6
"""Part of a stride for which a foot stays on the ground."""

Holds = Literal["nothing", "bag", "box", "bar"]
Idle = Literal["hang", "phone", "behind", "pockets", "hip"]


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody does at one moment.

    Attributes:
        walked_m: Distance gone so far; sets the phase of the gait.
        speed_mps: 0 stands.
        bend: 0 upright, 1 hands at the ground.
        holds: A bag in one hand, a box in both arms, or a bar or cart before the body.
        seated: 0 stands, 1 sits as on a saddle, feet forward on a board.
        sway_s: Seconds, for the small movements of one who stands.
    """

    walked_m: float = 0.0
    speed_mps: float = 0.0
    bend: float = 0.0
    holds: Holds = "nothing"
    seated: float = 0.0
    sway_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Manner:
    """What is this body's own in how it moves.

    Attributes:
        stoop_deg: Lean of the trunk.
        gaze_deg: Turn of the head to the left, and its nod downward.
        swing_deg: Of the arms in walking.
        idle: What the hands do while it stands.
        side: Left 1 or right -1: the leg that carries one who stands.
    """

    stoop_deg: float
    gaze_deg: tuple[float, float]
    swing_deg: float
    idle: Idle
    side: int


def posed(frame: Frame, manner: Manner, act: Act) -> Array:
    """``(bones, 3, 4)`` that carry what is tied to each bone from rest into the act."""
    rest, h = frame.joints(), frame.height_m
    going = float(np.clip(act.speed_mps / 0.5, 0, 1)) * (1 - act.seated)
    turns, at = np.zeros((len(Bone), 3, 3)), np.zeros((len(Bone), 3))
    phase = act.walked_m / (2 * STEP * h)
    _trunk(turns, at, rest, (frame, manner, act, going, phase))
    for first, way, foot_phase in ((Bone.THIGH_L, 1, phase), (Bone.THIGH_R, -1, phase + 0.5)):
        ankle, pitch = _ankle(h, manner, act, (way, going, foot_phase))
        out = turns[Bone.PELVIS] @ np.array([1.0, 0.12 * way + 0.25 * way * act.seated, 0.0])
        _limb(turns, at, rest, (first, ankle, out, -1))
        turns[first + 2] = _turned(8.0 * way, pitch)
    for first, way, foot_phase in ((Bone.ARM_L, 1, phase), (Bone.ARM_R, -1, phase + 0.5)):
        shoulder = at[Bone.CHEST] + turns[Bone.CHEST] @ (rest[first] - rest[Bone.CHEST])
        wrist = _wrist(shoulder, frame, manner, act, (way, going, foot_phase))
        out = turns[Bone.CHEST] @ np.array([-1.0, 0.45 * way, -0.25])
        _limb(turns, at, rest, (first, wrist, out, 1))
        turns[first + 2] = turns[first + 1]
    moves = np.empty((len(Bone), 3, 4))
    moves[:, :, :3] = turns
    moves[:, :, 3] = at - np.einsum("bij,bj->bi", turns, rest)
    return moves


def _trunk(
    turns: Array, at: Array, rest: Array, how: tuple[Frame, Manner, Act, float, float]
) -> None:
    """Sets pelvis, spine, chest and head, and where the limbs begin."""
    frame, manner, act, going, phase = how
    h, seated, still = frame.height_m, act.seated, 1 - going
    hip = h * (HIP - 0.004 - going * (0.012 + 0.012 * cos(4 * pi * phase))) - 0.21 * h * act.bend
    breath = sin(act.sway_s * 0.9) + 0.5 * sin(act.sway_s * 0.37 + 1)
    hip = (1 - seated) * hip + seated * (SEAT_M + 0.06 * h)
    side = h * (0.016 * manner.side * still * (1 - seated) + 0.004 * breath * still)
    side += h * 0.012 * going * sin(2 * pi * phase)
    at[Bone.PELVIS] = -h * 0.1 * act.bend, side, hip
    yaw = 7 * going * cos(2 * pi * phase)
    lean = manner.stoop_deg + 3 * going * act.speed_mps + 10 * seated + 90 * act.bend
    lean += {"bar": 8.0 * (1 - seated), "box": -5.0}.get(act.holds, 0.0) * (1 - act.bend)
    turns[Bone.PELVIS] = _turned(-yaw, 0.35 * lean)
    turns[Bone.SPINE] = _turned(0.0, 0.7 * lean)
    turns[Bone.CHEST] = _turned(yaw + 1.5 * breath * still, lean)
    look, nod = manner.gaze_deg
    look += 6 * still * sin(act.sway_s * 0.23 + manner.side)
    phone = 25 * (manner.idle == "phone" and act.holds == "nothing") * still
    turns[Bone.HEAD] = _turned(look, nod + 0.45 * lean + phone * (1 - seated))
    for bone, below in (
        (Bone.SPINE, Bone.PELVIS),
        (Bone.CHEST, Bone.SPINE),
        (Bone.HEAD, Bone.CHEST),
    ):
        at[bone] = at[below] + turns[below] @ (rest[bone] - rest[below])
    for first, trunk in (
        (Bone.THIGH_L, Bone.PELVIS),
        (Bone.THIGH_R, Bone.PELVIS),
        (Bone.ARM_L, Bone.CHEST),
        (Bone.ARM_R, Bone.CHEST),
    ):
        at[first] = at[trunk] + turns[trunk] @ (rest[first] - rest[trunk])


def _ankle(
    h: float, manner: Manner, act: Act, step: tuple[int, float, float]
) -> tuple[Array, float]:
    """Where an ankle is, and the pitch of its foot: positive with the heel up."""
    way, going, phase = step
    x, z, pitch = _step(phase % 1)
    bears = way == manner.side
    x = going * x + (1 - going) * (0.0 if bears else 0.035 + 0.04 * act.bend)
    y = way * (0.062 - 0.022 * going + 0.02 * act.bend)
    foot = np.array([x * h, y * h, (ANKLE + going * z) * h])
    board = np.array([0.2 * h, way * 0.085 * h, BOARD_M + ANKLE * h])
    return foot + act.seated * (board - foot), going * pitch


def _step(phase: float) -> tuple[float, float, float]:
    """A walking ankle: ahead of the hip and above its rest, in statures, and the foot's pitch.

    On the ground the foot keeps its place while the body goes on; it rolls over heel and ball.
    """
    ahead, span = 0.185, STANCE * 2 * STEP
    if phase < STANCE:
        u = phase / STANCE
        pitch = -18 * max(0.0, 1 - u / 0.18) + 48 * max(0.0, (u - 0.55) / 0.45) ** 1.6
        return _rolled(ahead - span * u, pitch)
    v = (phase - STANCE) / (1 - STANCE)
    (x0, z0, p0), (x1, z1, p1) = _rolled(ahead - span, 48.0), _rolled(ahead, -18.0)
    eased = v * v * (3 - 2 * v) * 0.6 + v * 0.4
    pitch = p0 + (p1 - p0) * min(1.0, v * 1.25) ** 0.8
    return x0 + (x1 - x0) * eased, z0 + (z1 - z0) * v + 0.03 * sin(pi * v), pitch


def _rolled(x: float, pitch: float) -> tuple[float, float, float]:
    """An ankle at ``x`` over a flat foot, after the foot rolls about its ball or heel."""
    pivot = 0.1 if pitch > 0 else -0.03
    c, s = cos(pitch * pi / 180), sin(pitch * pi / 180)
    return x + pivot * (1 - c) + ANKLE * s, pivot * s - ANKLE * (1 - c), pitch


def _wrist(
    shoulder: Array, frame: Frame, manner: Manner, act: Act, step: tuple[int, float, float]
) -> Array:
    """Where a wrist is to be."""
    way, going, phase = step
    h, seated = frame.height_m, act.seated
    reach = 0.317 * h
    swing = -manner.swing_deg * going * cos(2 * pi * phase) + 4
    weight = 1.0 if act.holds == "bag" and way < 0 else 0.0
    swing *= 1 - 0.6 * weight
    c, s = cos(swing * pi / 180), sin(swing * pi / 180)
    bent = reach * (0.985 - 0.13 * going * max(0.0, s)) * (1 - weight) + reach * 0.998 * weight
    hanging = shoulder + bent * np.array([s, way * (0.13 + 0.05 * weight), -c])
    idle = _idle(h, manner, way) if act.holds == "nothing" else None
    wrist = hanging if idle is None else hanging + (1 - going) * (shoulder + idle - hanging)
    lap = np.array([0.16 * h, way * 0.075 * h, SEAT_M + 0.15 * h])
    wrist = wrist + seated * (lap - wrist)
    if act.holds == "box":
        wrist = shoulder + np.array([0.215 * h, way * (0.115 * h) - shoulder[1], -0.17 * h])
    if act.holds == "bar":
        bar = np.array([0.25 * h + 0.02, way * 0.27, min(0.62 * h, 1.03)])
        saddle = np.array([0.5, way * 0.27, SEAT_M + 0.3])
        wrist = bar + seated * (saddle - bar)
    ground = np.array([0.17 * h, way * 0.11 * h, 0.055 * h])
    reaching = act.bend if act.holds != "bar" else 0.0
    return np.asarray(wrist + reaching * (ground - wrist), np.float64)


def _idle(h: float, manner: Manner, way: int) -> tuple[float, float, float] | None:
    """Where the wrist of one who stands idle is, from the shoulder; None hangs."""
    if manner.idle == "phone" and way == -manner.side:
        return 0.15 * h, -way * 0.06 * h, -0.13 * h
    if manner.idle == "behind":
        return -0.085 * h, -way * 0.075 * h, -0.27 * h
    if manner.idle == "pockets":
        return 0.05 * h, way * 0.012 * h, -0.285 * h
    if manner.idle == "hip" and way == manner.side:
        return 0.02 * h, way * 0.015 * h, -0.215 * h
    return None


def _limb(turns: Array, at: Array, rest: Array, how: tuple[Bone, Array, Array, int]) -> None:
    """Sets two bones so that they reach a place, and the third's origin at their end.

    ``how`` is the first bone, the place, the way the joint between sticks out, and the sign that
    keeps the bones' y to the left.
    """
    first, place, out, sign = how
    upper = float(rest[first, 2] - rest[first + 1, 2])
    lower = float(rest[first + 1, 2] - rest[first + 2, 2])
    way = place - at[first]
    far = float(np.sqrt(way @ way))
    way = way / far
    far = min(max(far, abs(upper - lower) + 0.03), 0.9995 * (upper + lower))
    out = out - way * (out @ way)
    out = out / np.sqrt(out @ out)
    along = (upper**2 - lower**2 + far**2) / (2 * far)
    off = np.sqrt(max(upper**2 - along**2, 0.0))
    at[first + 1] = at[first] + along * way + off * out
    at[first + 2] = at[first] + far * way
    left = sign * _crossed(way, out)
    for bone, length in ((first, upper), (first + 1, lower)):
        up = (at[bone] - at[bone + 1]) / length
        turns[bone, :, 0] = _crossed(left, up)
        turns[bone, :, 1] = left
        turns[bone, :, 2] = up


def _crossed(a: Array, b: Array) -> Array:
    (ax, ay, az), (bx, by, bz) = a, b
    return np.array([ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx])


def _turned(yaw_deg: float, pitch_deg: float) -> Array:
    """``(3, 3)``: pitch forward, then yaw to the left."""
    cy, sy = cos(yaw_deg * pi / 180), sin(yaw_deg * pi / 180)
    cp, sp = cos(pitch_deg * pi / 180), sin(pitch_deg * pi / 180)
    return np.array([[cy * cp, -sy, cy * sp], [sy * cp, cy, sy * sp], [-sp, 0.0, cp]])


def palms(moves: Array, frame: Frame) -> Array:
    """``(2, 3)`` metres: the middles of the left and the right palm."""
    rest = frame.joints()[[Bone.HAND_L, Bone.HAND_R]]
    rest[:, 2] = (WRIST - 0.055) * frame.height_m
    which = moves[[Bone.HAND_L, Bone.HAND_R]]
    return np.asarray(np.einsum("bij,bj->bi", which[:, :, :3], rest) + which[:, :, 3])
