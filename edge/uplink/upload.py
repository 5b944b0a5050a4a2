"""Evidence on its way: put by hash over HTTP, from the same database as the alerts that name it."""

import random
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from typing import Final

import httpx
import structlog

from edge.saying import Complaint
from edge.uplink.backoff import backoff_s
from edge.uplink.clock import Clock
from edge.uplink.database import Database
from wire import SigningKey, upload_token
from wire.message import format_utc

FIRST_RETRY_S: Final = 2.0
LONGEST_RETRY_S: Final = 300.0
LOOK_EVERY_S: Final = 2.0
_BEAT_S: Final = 0.5
_BATCH: Final = 200

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Pending:
    """A file that the gateway does not have yet."""

    sha256: str
    media_type: str


class UploadQueue:
    """Evidence that is not settled: named by an alert here, not yet taken by the gateway."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def pending(self, limit: int) -> list[Pending]:
        """In the order of the alerts that name them: urgent first, then old first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT evidence.sha256, media_type FROM evidence JOIN exhibit USING (sha256) "
                "JOIN alert ON alert.id = exhibit.alert WHERE settled_at IS NULL "
                "GROUP BY evidence.sha256 ORDER BY max(urgency) DESC, min(alert.id) LIMIT ?",
                (limit,),
            ).fetchall()
        return [Pending(*row) for row in rows]

    def settle(self, sha256: str, fault: str | None = None) -> None:
        """It has arrived; with a ``fault``, it never can.

        Raises:
            sqlite3.DatabaseError: The disk refuses; it will be put once more.
        """
        with self._database.writing() as connection:
            connection.execute(
                "UPDATE evidence SET settled_at = ?, fault = ? WHERE sha256 = ?",
                (format_utc(self._clock.now()), fault, sha256),
            )


class Uploader:
    """One thread: puts every pending file, one at a time.

    A gateway that cannot be reached, or does not believe this box, holds all files back for a
    while; a file that is refused for its own sake holds back only itself.
    """

    def __init__(
        self,
        client: httpx.Client,
        key: SigningKey,
        queue: UploadQueue,
        read: Callable[[str], bytes | None],
        clock: Clock,
    ) -> None:
        """
        Args:
            client: Its ``base_url`` is the gateway's.
            read: The content of a file by its hash; None where it is gone or damaged.
        """
        self._client = client
        self._url = str(client.base_url).rstrip("/")
        self._key = key
        self._queue = queue
        self._read = read
        self._clock = clock
        self._trouble = Complaint(log)
        self._failures = 0
        self._later: dict[str, tuple[int, float]] = {}
        self._news = Event()

    def wake(self) -> None:
        """Something was filed, or the gateway is back; from any thread."""
        self._news.set()

    def run(self, stop: Event) -> None:
        while not stop.is_set():
            self._news.clear()
            pause_s = self.put_pending(stop) or LOOK_EVERY_S
            until_s = self._clock.uptime_s() + pause_s
            while not stop.is_set() and self._clock.uptime_s() < until_s:
                if self._news.wait(_BEAT_S):
                    break

    def put_pending(self, stop: Event) -> float | None:
        """Puts what is due; seconds to wait where the gateway does not take anything now."""
        now_s = self._clock.uptime_s()
        for file in self._queue.pending(_BATCH):
            if stop.is_set():
                return None
            if self._later.get(file.sha256, (0, 0.0))[1] > now_s:
                continue
            try:
                self._put(file)
                self._failures = 0
                self._trouble.over()
            except _AwayError as error:
                self._failures += 1
                self._trouble.say(str(error), now_s)
                return backoff_s(self._failures, FIRST_RETRY_S, LONGEST_RETRY_S, random.random())
            except _RefusedError as error:
                self._put_off(file, str(error), now_s)
        return None

    def _put(self, file: Pending) -> None:
        content = self._read(file.sha256)
        if content is None:
            self._give_up(file, "the file is gone from this box's disk, or damaged there")
            return
        token = upload_token(self._key, file.sha256, self._clock.now())
        headers = {"Authorization": f"Bearer {token}", "Content-Type": file.media_type}
        try:
            answer = self._client.put(
                f"/api/v1/evidence/{file.sha256}", content=content, headers=headers
            )
        except httpx.HTTPError as error:
            raise _AwayError(
                f"evidence waits: the gateway {self._url} cannot be reached "
                f"({str(error) or type(error).__name__})"
            ) from error
        self._judge(file, answer)

    def _judge(self, file: Pending, answer: httpx.Response) -> None:
        if answer.status_code in (200, 201):
            self._later.pop(file.sha256, None)
            self._settle(file, None)
            log.info("evidence delivered", sha256=file.sha256)
        elif answer.status_code in (401, 403):
            raise _AwayError(
                f"evidence waits: the gateway {self._url} does not believe this box "
                f"({answer.status_code}): {_detail(answer)}; enroll its key there, "
                "and check both clocks"
            )
        elif answer.status_code == 413:
            self._give_up(file, f"the gateway takes no file of this size (413): {_detail(answer)}")
        elif answer.status_code == 409:
            raise _RefusedError(
                f"evidence was damaged on its way to {self._url} (409): {_detail(answer)}; "
                "trying again"
            )
        elif answer.status_code >= 500:
            raise _AwayError(
                f"evidence waits: the gateway {self._url} is in trouble "
                f"({answer.status_code}): {_detail(answer)}"
            )
        else:
            raise _RefusedError(
                f"the gateway {self._url} refuses evidence ({answer.status_code}): "
                f"{_detail(answer)}; trying again later"
            )

    def _give_up(self, file: Pending, fault: str) -> None:
        log.error(f"evidence cannot be delivered: {fault}", sha256=file.sha256)
        self._settle(file, fault)

    def _settle(self, file: Pending, fault: str | None) -> None:
        try:
            self._queue.settle(file.sha256, fault)
        except sqlite3.DatabaseError as error:
            self._put_off(
                file, f"the end of an upload cannot be noted ({error})", self._clock.uptime_s()
            )

    def _put_off(self, file: Pending, sentence: str, now_s: float) -> None:
        failures = self._later.get(file.sha256, (0, 0.0))[0] + 1
        pause_s = backoff_s(failures, FIRST_RETRY_S, LONGEST_RETRY_S)
        self._later[file.sha256] = (failures, now_s + pause_s)
        log.warning(sentence, sha256=file.sha256)


class _AwayError(Exception):
    """Nothing can be put now."""


class _RefusedError(Exception):
    """This file is not taken now."""


def _detail(answer: httpx.Response) -> str:
    """The gateway's own sentence, where it gives one (RFC 9457)."""
    try:
        body = answer.json()
    except ValueError:
        body = None
    detail = body.get("detail") if isinstance(body, dict) else None
    return str(detail or answer.reason_phrase)[:300]
