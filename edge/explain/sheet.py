"""The picture that explains: a heading, panels in time, and beneath them the reasons."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Final

import cv2
import numpy as np

from edge.explain import words
from edge.explain.keyframes import KeyFrame
from edge.explain.lettering import Color, Style, put, width_px, wrapped
from edge.explain.story import Panel, Story, Stroke
from edge.explain.strokes import INK, WHITE, draw
from edge.scenarios.finding import corners
from edge.video.frame import Pixels
from edge.vision.scene import Box
from wire import Alert, Sentence

WIDE_PX: Final = 1600
MARGIN_PX: Final = 36
GAP_PX: Final = 16
HEAD_PX: Final = 116
CAPTION_PX: Final = 96
PAPER: Final[Color] = (252, 250, 249)
GRAY: Final[Color] = (124, 112, 104)
RULE: Final[Color] = (226, 220, 216)
AMBER: Final[Color] = (20, 132, 214)
TITLE: Final = Style(38, INK)
SUBTITLE: Final = Style(24, GRAY)
LABEL: Final = Style(16, WHITE)
CLOCK: Final = Style(26, INK, 500)
STAMP: Final = Style(20, INK, 500)
NUMBER: Final = Style(20, GRAY, 500)
CHINESE: Final = Style(20, INK)
ENGLISH: Final = Style(16, GRAY)
SMALL: Final = Style(15, GRAY)
OVERVIEW_PX: Final = 370
ONE_COLUMN: Final = 4
"""So many reasons stand beneath each other."""
WHOLE: Final = 0.7
"""Where panels show so much of the frame's width, no overview is needed."""


def sheet(alert: Alert, story: Story, zone: tzinfo) -> Pixels:
    """``(height, 1600, 3)``; times as clocks in ``zone`` show them."""
    panels = _panels(story, alert.captured_at, zone)
    return np.concatenate([_heading(alert, zone), panels, _footer(alert, story)])


def _blank(height_px: int) -> Pixels:
    return np.full((height_px, WIDE_PX, 3), PAPER, np.uint8)


def _heading(alert: Alert, zone: tzinfo) -> Pixels:
    part = _blank(HEAD_PX)
    zh, en = words.SCENARIOS[alert.scenario]
    x = put(part, zh, (MARGIN_PX, 60), TITLE)
    x = put(part, en, (x + 16, 59), SUBTITLE)
    zh, en = words.FOOTAGE[alert.footage]
    if zh:
        label = f"{zh} {en}"
        wide = width_px(label, LABEL) + 20
        ground = AMBER if alert.footage == "composed" else GRAY
        cv2.rectangle(part, (x + 22, 34), (x + 22 + wide, 64), ground, cv2.FILLED)
        put(part, label, (x + 32, 55), LABEL)
    when = f"{alert.captured_at.astimezone(zone):%Y-%m-%d  %H:%M:%S}"
    put(part, when, (WIDE_PX - MARGIN_PX - width_px(when, CLOCK), 59), CLOCK)
    where = [alert.site.name, alert.site.address, alert.camera_id]
    told = f"可信度 confidence {alert.confidence:.0%}"
    name = str(alert.alert_id)
    left_px = WIDE_PX - 2 * MARGIN_PX - width_px(name, SMALL) - GAP_PX
    line = "  ·  ".join([told, *filter(None, where)])
    put(part, wrapped(line, ENGLISH, left_px)[0], (MARGIN_PX, 93), ENGLISH)
    put(part, name, (WIDE_PX - MARGIN_PX - width_px(name, SMALL), 93), SMALL)
    return part


def _panels(story: Story, alerted_at: datetime, zone: tzinfo) -> Pixels:
    count = len(story.panels)
    wide = min((WIDE_PX - 2 * MARGIN_PX - (count - 1) * GAP_PX) // count, 640)
    left, top, right, bottom = story.focus
    tall = round(wide * (bottom - top) / (right - left))
    part = _blank(tall + CAPTION_PX)
    alerted_at = alerted_at.astimezone(zone)
    one_day = all(p.shown.at.astimezone(zone).date() == alerted_at.date() for p in story.panels)
    form = "%H:%M:%S" if one_day else "%m-%d %H:%M"
    for column, panel in enumerate(story.panels):
        x = MARGIN_PX + column * (wide + GAP_PX)
        part[:tall, x : x + wide] = _picture(panel, story.focus, (wide, tall))
        stamp = f"{column + 1}", panel.shown.at.astimezone(zone).strftime(form)
        _caption(part, (x, tall, wide), stamp, panel.caption)
        if (ago_s := (alerted_at - panel.shown.at).total_seconds()) >= 1:
            said = words.earlier(ago_s)
            ago = f"{said.zh} · {said.en}"
            put(part, ago, (x + wide - width_px(ago, SMALL), tall + 28), SMALL)
    return part


def _picture(panel: Panel, shown: Box, size_wh: tuple[int, int]) -> Pixels:
    """The part of a panel's picture that is shown, with what is pointed at."""
    pixels, scale = panel.shown.pixels(), panel.shown.scale
    left, top, right, bottom = (round(edge * scale) for edge in shown)
    part = pixels[top:bottom, left:right]
    larger = size_wh[0] > part.shape[1]
    how = cv2.INTER_CUBIC if larger else cv2.INTER_AREA
    picture = np.asarray(cv2.resize(part, size_wh, interpolation=how), np.uint8)
    for stroke in panel.strokes:
        draw(picture, stroke, shown)
    return picture


def _caption(
    part: Pixels, at: tuple[int, int, int], stamp: tuple[str, str], said: Sentence
) -> None:
    """Number and time, and beneath them what is to be seen."""
    x, y, wide = at
    number, when = stamp
    put(part, when, (put(part, number, (x, y + 28), NUMBER) + 10, y + 28), STAMP)
    put(part, wrapped(said.zh, CHINESE, wide)[0], (x, y + 56), CHINESE)
    put(part, wrapped(said.en, ENGLISH, wide)[0], (x, y + 79), ENGLISH)


def _footer(alert: Alert, story: Story) -> Pixels:
    """The reasons, and where in the whole view the panels lie."""
    now = story.panels[-1].shown
    left, _, right, _ = story.focus
    reasons_px, overview = WIDE_PX - 2 * MARGIN_PX, None
    if right - left < WHOLE * now.frame_wh[0]:
        overview = _overview(now, story.focus, alert.region.xyxy)
        reasons_px -= OVERVIEW_PX + 40
    reasons = _reasons(alert.reasons, reasons_px)
    tall = max(len(reasons), 0 if overview is None else len(overview))
    part = _blank(tall + 48)
    cv2.line(part, (MARGIN_PX, 2), (WIDE_PX - MARGIN_PX, 2), RULE, 1)
    part[28 : 28 + len(reasons), MARGIN_PX : MARGIN_PX + reasons_px] = reasons
    if overview is not None:
        x = WIDE_PX - MARGIN_PX - OVERVIEW_PX
        part[28 : 28 + len(overview), x : x + OVERVIEW_PX] = overview
    return part


def _overview(now: KeyFrame, focus: Box, thing: Box) -> Pixels:
    width, height = now.frame_wh
    strokes = (Stroke("thing", corners(thing)), Stroke("place", corners(focus)))
    high = round(OVERVIEW_PX * height / width)
    shown = _picture(Panel(now, words.NOW, strokes), (0, 0, width, height), (OVERVIEW_PX, high))
    part = np.full((high + 32, OVERVIEW_PX, 3), PAPER, np.uint8)
    part[:high] = shown
    put(part, f"{words.OVERVIEW.zh} {words.OVERVIEW.en}", (0, high + 24), SMALL)
    return part


def _reasons(reasons: Sequence[Sentence], wide: int) -> Pixels:
    """Numbered; a few beneath each other, more of them in two columns."""
    columns = 1 if len(reasons) <= ONE_COLUMN else 2
    rows = -(-len(reasons) // columns)
    column_px = (wide - (columns - 1) * 36) // columns
    told = [
        (wrapped(r.zh, CHINESE, column_px - 26), wrapped(r.en, ENGLISH, column_px - 26))
        for r in reasons
    ]
    heights = [26 * len(zh) + 21 * len(en) + 14 for zh, en in told]
    tall = max((sum(heights[at : at + rows]) for at in range(0, len(told), rows or 1)), default=0)
    part = np.full((tall + 44, wide, 3), PAPER, np.uint8)
    x = put(part, words.WHY.zh, (0, 20), CHINESE)
    put(part, words.WHY.en, (x + 12, 20), ENGLISH)
    for row, (zh, en) in enumerate(told):
        x = row // rows * (column_px + 36)
        y = 62 + sum(heights[row // rows * rows : row])
        put(part, f"{row + 1}", (x, y), NUMBER)
        for line in zh:
            put(part, line, (x + 26, y), CHINESE)
            y += 26
        for line in en:
            put(part, line, (x + 26, y - 2), ENGLISH)
            y += 21
    return part
