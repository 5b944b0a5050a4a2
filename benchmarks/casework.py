"""How long an operator waits where ten thousand warnings are open.

Each at a site of its own, over a real server: the first page, every page, one warning's detail, an
acknowledgement, and what one more alert takes to be kept. Beside it stands a peer's users' report
of ten seconds for one change of status at 10,000 alerts.

    python -m benchmarks.casework --warnings 12000
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

import httpx
import numpy as np

from benchmarks.delivery import BATCH, DISTRICT, messages
from gateway.accounts import enroll, ensure_user, gateway_key
from gateway.casework.policy import load_policy
from gateway.desk import Desk
from gateway.feed import Feed
from gateway.ingest.arrival import Arrival
from gateway.ingest.keeper import Keeper
from gateway.settings import Settings
from gateway.store.database import Database
from sanse.probe import free_port
from sanse.processes import ProcessTree, Program
from wire import SigningKey
from wire.topics import Address

PEER_S: Final = 10.0
_TRIES: Final = 100


def fill(state: Path, count: int) -> list[float]:
    """Raises as many warnings; the seconds that each of the last 100 alerts took, one by one."""
    key = SigningKey.generate("box-0")
    enroll(state, key.signer, key.public.as_jwk())
    settings = Settings(state=state, district=DISTRICT)
    topic = Address(DISTRICT, key.signer).up("alert")
    now = datetime.now(UTC)
    arrivals = [Arrival(topic, each, now) for each in messages(key, count + _TRIES, count)]
    with Database(settings.database) as database:
        desk = Desk(settings, load_policy(), database, Feed(database))
        keeper = Keeper(desk, gateway_key(state))
        for start in range(0, count, BATCH):
            keeper.keep(arrivals[start : min(start + BATCH, count)])
        return [timed(partial(keeper.keep, [each])) for each in arrivals[count:]]


def timed(action: Callable[[], object]) -> float:
    began_s = time.perf_counter()
    action()
    return time.perf_counter() - began_s


@contextmanager
def serving(state: Path) -> Iterator[httpx.Client]:
    """A logged-in browser's part. There is no broker; the warnings are there already."""
    password = ensure_user(state, "operator")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    argv = (
        *(sys.executable, "-m", "sanse", "gateway", "serve", "--state", str(state)),
        *("--port", str(port), "--district", DISTRICT, "--broker-port", str(free_port())),
    )
    with ProcessTree(state / "log", print) as tree:
        tree.start(Program("gateway", argv, lambda: answers(url)))
        with httpx.Client(
            base_url=f"{url}/api/v1", timeout=60, event_hooks={"response": [raise_for_status]}
        ) as client:
            given = {"username": "operator", "password": password}
            client.headers["X-CSRF-Token"] = client.post("/session", json=given).json()[
                "csrf_token"
            ]
            yield client


def raise_for_status(answer: httpx.Response) -> None:
    answer.raise_for_status()


def answers(url: str) -> bool:
    """Whether it serves; without a broker it is not healthy."""
    try:
        return httpx.get(f"{url}/healthz").status_code == 503
    except httpx.HTTPError:
        return False


def every_page(client: httpx.Client) -> int:
    count, after = 0, None
    while True:
        query = {"limit": 500} | ({"after": after} if after else {})
        page = client.get("/warnings", params=query).json()
        count += len(page["items"])
        after = page["next"]
        if after is None:
            return count


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--warnings", type=int, default=12_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        keep_s = fill(Path(folder), given.warnings)
        with serving(Path(folder)) as client:
            client.get("/warnings")
            page_s = [timed(partial(client.get, "/warnings")) for _ in range(_TRIES)]
            items = client.get("/warnings", params={"limit": _TRIES}).json()["items"]
            detail_s, acknowledge_s = [], []
            for item in items:
                path = f"/warnings/{item['id']}"
                asked = {"version": item["version"], "comment": "seen"}
                detail_s.append(timed(partial(client.get, path)))
                press = partial(client.post, f"{path}/acknowledge", json=asked)
                acknowledge_s.append(timed(press))
            all_s = timed(partial(every_page, client))
            count = every_page(client)
    print(f"{count} open warnings")
    for what, seconds in [
        ("first page of 100", page_s),
        ("detail", detail_s),
        ("acknowledgement", acknowledge_s),
        ("one more alert", keep_s),
    ]:
        p50, p99 = np.percentile(np.array(seconds) * 1000, [50, 99])
        print(f"{what}: p50 {p50:.1f} ms, p99 {p99:.1f} ms, {p99 / 1000 / PEER_S:.4f} of 10 s")
    print(f"all of them in pages of 500: {all_s:.1f} s")


if __name__ == "__main__":
    main()
