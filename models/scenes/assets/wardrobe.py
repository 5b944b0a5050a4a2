"""What people wear: a look drawn from a seed, in the muted colors of a street."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from models.scenes.mesh import Rgb, srgb

Age = Literal["adult", "child", "old"]
Hat = Literal["none", "cap", "helmet", "hood", "brim"]
Bag = Literal["none", "backpack", "shoulder"]
Hair = Literal["short", "bob", "long", "tail", "bun", "bald"]
Dress = tuple[str, ...]

SKINS: Final = ("#d6a889", "#c99a78", "#c4906c", "#b98562", "#a87656", "#dbb196")
BLACK_HAIR: Final = ("#17130f", "#1d1712", "#241a14", "#2b2019", "#3a2a1e")
GREY_HAIR: Final = ("#6d6a66", "#8d8a86", "#99968f", "#4a4744", "#5a5652")
TROUSERS: Final = [
    "#20242e",
    "#2b3140",
    "#36425a",
    "#465a78",
    "#5d7390",
    "#26262a",
    "#3a3a3e",
    "#55565a",
    "#4d463c",
    "#6d6250",
    "#8b7d66",
    "#3d3a2f",
    "#2f3a36",
    "#1c1c20",
]
SHIRTS: Final = [
    "#e6e4df",
    "#d6d3cc",
    "#c8cdd2",
    "#8fa3b8",
    "#5f7b9a",
    "#34506f",
    "#7d2f30",
    "#a0453f",
    "#b06a5c",
    "#4f6a54",
    "#7f8f6c",
    "#c2a25a",
    "#3b3d44",
    "#6a6c72",
    "#9a9ca0",
    "#1f2126",
    "#b9a48c",
    "#86607a",
    "#d0a7a6",
]
COATS: Final = [
    "#1c1e24",
    "#24272f",
    "#2c3442",
    "#33302d",
    "#4a4038",
    "#5f5040",
    "#6a2d2c",
    "#3a4a3e",
    "#4b5a6c",
    "#7a7d82",
    "#8c7b66",
    "#20304a",
    "#15161a",
    "#55402f",
    "#a08c72",
]
SHOES: Final = ("#17171a", "#232020", "#3a2c22", "#e2e0da", "#8a8c90", "#4a5568", "#b4b0a6")
RIDERS: Final = ("#c79a2e", "#d0a63c", "#33679a", "#2b578a", "#a8402f")
HI_VIS: Final = ("#cf6a32", "#c45c28", "#a9b93c")
HELMETS: Final = ("#e9e7e2", "#d7b23a", "#b73a34", "#2a5f9c", "#1d1d20", "#8a8d92", "#d79aa6")
BAGS: Final = ("#1b1c20", "#2d3442", "#4a3a2c", "#6a2f34", "#5a5f66", "#8a7a5c", "#37493c")


@dataclass(frozen=True, slots=True)
class Look:
    """What one person looks like; lengths are shares of the stature above the ground.

    Attributes:
        top: Color of what covers the trunk; ``hem`` its lower edge, ``sleeve`` the sleeves',
            ``loose_m`` how far it stands off.
        under: Color of the shirt that shows where a jacket is open; the top's own if closed.
        vest: Color of a reflecting vest over the top; None without.
        legs: Color of trousers or skirt; ``legs_hem`` their lower edge, ``cut`` a trouser leg's
            least radius.
        skirt: The legs' garment is a skirt.
    """

    skin: Rgb
    hair: Rgb
    cut_hair: Hair
    top: Rgb
    under: Rgb
    hem: float
    sleeve: float
    loose_m: float
    vest: Rgb | None
    legs: Rgb
    legs_hem: float
    cut: float
    skirt: bool
    shoes: Rgb
    sole: Rgb
    hat: Hat
    hat_color: Rgb
    bag: Bag
    bag_color: Rgb


def dressed(rng: np.random.Generator, age: Age, *, female: bool) -> Look:
    """Somebody's look."""
    kinds = {
        "shirt": 0.3,
        "tee": 0.2,
        "jacket": 0.2,
        "coat": 0.12,
        "rider": 0.07 * (age == "adult"),
        "hi-vis": 0.06 * (age != "child"),
        "dress": 0.1 * female,
    }
    kind = str(rng.choice(list(kinds), p=np.array(list(kinds.values())) / sum(kinds.values())))
    warm = kind in {"tee", "dress"}
    suit = kind == "hi-vis" and rng.random() < 0.5
    tops = {"jacket": COATS, "coat": COATS, "rider": RIDERS, "hi-vis": HI_VIS if suit else COATS}
    top = tops.get(kind, SHIRTS)
    top_color = _one(rng, top)
    hem = {"coat": rng.uniform(0.3, 0.44), "jacket": 0.475, "rider": 0.475, "dress": 0.5}
    skirt = kind == "dress" or (female and age == "adult" and rng.random() < 0.15)
    shorts = warm and not skirt and rng.random() < 0.4
    grey = age == "old"
    styles: Dress = ("bob", "long", "tail", "bun") if female else ("short",)
    if grey:
        styles = ("bob", "bun", "short") if female else ("short", "short", "bald")
    legs_hem = rng.uniform(0.2, 0.33) if skirt else rng.uniform(0.3, 0.36) if shorts else 0.045
    open_ = kind in {"jacket", "rider"} and rng.random() < 0.5
    return Look(
        skin=_one(rng, SKINS),
        hair=_one(rng, GREY_HAIR if grey else BLACK_HAIR),
        cut_hair=str(rng.choice(styles)),  # type: ignore[arg-type]  # drawn from Hair's words
        top=top_color,
        under=_one(rng, SHIRTS) if open_ else top_color,
        hem=float(hem.get(kind, rng.choice([0.475, 0.5, 0.56]))),
        sleeve=0.7 if warm or (kind == "shirt" and rng.random() < 0.2) else 0.49,
        loose_m={"coat": 0.028, "jacket": 0.02, "rider": 0.018, "hi-vis": 0.014}.get(kind, 0.008),
        vest=top_color if suit else _one(rng, HI_VIS) if kind == "hi-vis" else None,
        legs=top_color if suit or kind == "dress" else _one(rng, TROUSERS),
        legs_hem=float(legs_hem),
        cut=float(rng.uniform(0.03, 0.045) if not female else rng.uniform(0.024, 0.04)),
        skirt=skirt,
        shoes=_one(rng, SHOES),
        sole=_one(rng, ("#d9d6ce", "#2a2826", "#8c8478")),
        **_carried(rng, age, kind, top_color),  # type: ignore[arg-type]
    )


def _carried(rng: np.random.Generator, age: Age, kind: str, top: Rgb) -> dict[str, Hat | Bag | Rgb]:
    """Hat and bag."""
    hats: dict[str, tuple[float, ...]] = {
        "rider": (0.1, 0.1, 0.8, 0, 0),
        "hi-vis": (0.3, 0.3, 0.05, 0, 0.35),
        "coat": (0.75, 0.1, 0, 0.15, 0),
        "jacket": (0.78, 0.12, 0, 0.1, 0),
    }
    plain = (0.8, 0.14, 0, 0, 0.06) if age != "child" else (0.7, 0.3, 0, 0, 0)
    words: Dress = ("none", "cap", "helmet", "hood", "brim")
    hat = str(rng.choice(words, p=hats.get(kind, plain)))
    same = hat == "hood" or kind == "rider"
    color = top if same else _one(rng, HELMETS if hat == "helmet" else COATS)
    color = srgb("#c2ab7a") if hat == "brim" else color
    share = {"child": (0.5, 0.5, 0.0), "adult": (0.7, 0.16, 0.14), "old": (0.85, 0.05, 0.1)}[age]
    bag = str(rng.choice(("none", "backpack", "shoulder"), p=share))
    bag = "none" if kind in {"rider", "hi-vis"} else bag
    return {"hat": hat, "hat_color": color, "bag": bag, "bag_color": _one(rng, BAGS)}  # type: ignore[dict-item]


def _one(rng: np.random.Generator, codes: Sequence[str]) -> Rgb:
    """One of some colors, a little off."""
    r, g, b = srgb(str(rng.choice(list(codes))))
    light, warm = rng.normal(1, 0.1), rng.normal(0, 0.02)
    shades = (r * (light + warm), g * light, b * (light - warm))
    red, green, blue = (float(np.clip(shade, 0.004, 0.9)) for shade in shades)
    return red, green, blue
