"""The picture that supports an alert: heads blurred, stored before the alert is filed."""

from typing import Final

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
    """Keeps the frame of a finding as a JPEG.

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
        content = jpeg.tobytes()
        try:
            self._store.require_free(self._reserve_bytes + len(content))
            sha256 = self._store.put(content)
        except OSError as error:
            fault = error.strerror or str(error)
            return _unavailable(finding, f"the snapshot could not be stored: {fault}")
        item = EvidenceItem(
            kind="snapshot", media_type="image/jpeg", sha256=sha256, size_bytes=len(content)
        )
        return Evidence(state="stored", items=(item,))


def _unavailable(finding: Finding, reason: str) -> Evidence:
    log.error(f"{reason}; the alert goes without evidence", finding_id=str(finding.finding_id))
    return Evidence(state="unavailable", reason=reason[:300])
