"""What the gateway shows: the shapes of the HTTP API and of the event feed."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from wire import Alert, Site
from wire.alert import Scenario
from wire.message import Utc

Color = Literal["blue", "yellow", "red"]

State = Literal["unacknowledged", "acknowledged", "closed"]

CameraState = Literal["live", "silent", "ended"]

HistoryKind = Literal[
    "raised", "recurred", "rose", "overdue", "acknowledged", "expired", "cleared", "closed"
]


class View(BaseModel):
    """Frozen; all fields are always there."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Reason(View):
    """One fact that led to the color, in words, its numbers filled in."""

    code: str
    zh: str
    en: str


class Acknowledged(View):
    by: str
    at: Utc
    comment: str


class WarningView(View):
    """One open or closed warning, as it stands in a list."""

    id: int
    color: Color
    state: State
    scenario: Scenario
    site: Site
    raised_at: Utc
    updated_at: Utc
    due_at: Utc | None
    """When the policy will act unless somebody does: raise the color, or ask anew."""
    version: int
    """Send it back when acknowledging."""
    reasons: tuple[Reason, ...]
    acknowledged: Acknowledged | None
    alert_count: int
    footage: Literal["camera", "recording", "composed"]
    snapshot: str | None
    """Address of the newest snapshot that has arrived."""
    late: bool
    """It asks for attention only because of alerts that came late: show it, do not ring."""


class EvidenceView(View):
    kind: Literal["snapshot", "before", "clip"]
    media_type: str
    sha256: str
    url: str


class HistoryView(View):
    """One thing that happened to a warning."""

    at: Utc
    kind: HistoryKind
    by: str | None
    """The person; nothing where the policy acted."""
    comment: str
    color: Color
    """After it happened."""
    reasons: tuple[Reason, ...]


class WarningDetail(WarningView):
    """A warning with what supports it; the newest 50 alerts, newest first."""

    alerts: tuple[Alert, ...]
    evidence: tuple[EvidenceView, ...]
    """Only files that have arrived."""
    evidence_pending: int
    """Files that the alerts name and the boxes still owe."""
    history: tuple[HistoryView, ...]
    """Oldest first."""


class WarningPage(View):
    items: tuple[WarningView, ...]
    next: str | None
    """Pass it as ``after`` for the next page."""


class CameraView(View):
    camera_id: str
    site_id: str
    state: CameraState
    frames_per_s: float
    silent_s: float


class BoxView(View):
    device: str
    online: bool
    """False after its death, or when nothing was heard for 35 s."""
    last_seen_at: Utc | None
    software: str
    queued: int
    """Alerts that wait on the box."""
    cameras: tuple[CameraView, ...]


class BoxList(View):
    items: tuple[BoxView, ...]


class UserView(View):
    username: str
    name: str


class SessionView(View):
    csrf_token: str
    """Send it as ``X-CSRF-Token`` with every change."""
    user: UserView


class Login(View):
    username: Annotated[str, Field(min_length=1, max_length=80)]
    password: Annotated[str, Field(min_length=1, max_length=200)]


class Acknowledgement(View):
    version: Annotated[int, Field(ge=0)]
    comment: Annotated[str, Field(max_length=500)] = ""


class Beat(View):
    """Comes every few seconds; where it stays away, the stream is dead."""

    at: Utc


class Problem(View):
    """RFC 9457; ``detail`` is one sentence for a person."""

    title: str
    detail: str
    status: int


class StaleProblem(Problem):
    """Somebody or something was faster; here is what stands now."""

    warning: WarningView


class Health(View):
    """Whether each part works; the status is 503 where one does not."""

    ok: bool
    parts: dict[str, str]
    """``ok``, or one sentence on what is wrong."""
