"""The pictures that support an alert: heads blurred, stored before the alert is filed."""

from typing import Final, Literal

import cv2
import structlog

from edge.evidence.redaction import redacted
from edge.evidence.store import EvidenceStore
from edge.scenarios.finding import Finding
from edge.vision.scene import Scene
from wire import Evidence, EvidenceItem

JPEG_QUALITY: Final = 90

log = structlog.get_logger()


class SnapshotWitness:
    """Keeps the frame of a finding as a JPEG, and beside it the earlier picture where it has one.

    Nothing is drawn into the file: the region stands in the alert, and a page that wants a frame
    around the thing draws it over the picture, where it hides nothing for good.
    """

    def __init__(self, store: EvidenceStore, free_bytes_for_alerts: int) -> None:
        """Evidence leaves ``free_bytes_for_alerts`` of the disk alone: an alert matters more."""
        self._store = store
        self._reserve_bytes = free_bytes_for_alerts

    def keep(self, scene: Scene, finding: Finding) -> Evidence:
        """Stores the snapshot durably; where that fails, says why instead of raising."""
        picture = redacted(scene.frame.pixels, scene.people)
        done, jpeg = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
        if not done:
            return _unavailable(finding, "the picture could not be encoded as JPEG")
        try:
            items = [self._stored("snapshot", jpeg.tobytes())]
        except OSError as error:
            return _unavailable(finding, f"the snapshot could not be stored: {_fault(error)}")
        if finding.before:
            try:
                items.append(self._stored("before", finding.before))
            except OSError as error:
                _say(
                    f"the earlier picture could not be stored: {_fault(error)}; "
                    "the alert goes with its snapshot alone",
                    finding,
                )
        return Evidence(state="stored", items=tuple(items))

    def _stored(self, kind: Literal["snapshot", "before"], content: bytes) -> EvidenceItem:
        self._store.require_free(self._reserve_bytes + len(content))
        sha256 = self._store.put(content)
        return EvidenceItem(
            kind=kind, media_type="image/jpeg", sha256=sha256, size_bytes=len(content)
        )


def _fault(error: OSError) -> str:
    return error.strerror or str(error)


def _unavailable(finding: Finding, reason: str) -> Evidence:
    _say(f"{reason}; the alert goes without evidence", finding)
    return Evidence(state="unavailable", reason=reason[:300])


def _say(trouble: str, finding: Finding) -> None:
    log.error(trouble, finding_id=str(finding.finding_id))
