"""The HTTP API over a real socket: who may do what, and what each refusal says."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.api.app import describe
from gateway.api.dashboard import STATIC
from gateway.api.guard import Throttle
from tests.gateway.district import (
    NIGHT,
    SNAPSHOT,
    District,
    make_alert,
    make_health,
    opened_district,
    snapshot_item,
)
from tests.gateway.serving import PASSWORD, browsing, serving
from wire import SigningKey, sha256_of, upload_token

COMMITTED = Path(__file__).parents[2] / "gateway/api/openapi.json"


@pytest.fixture
def address(district: District) -> Iterator[str]:
    with serving(district) as served:
        yield served


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of which nothing is asked that changes anything."""
    with (
        opened_district(tmp_path_factory.mktemp("quiet")) as quiet_district,
        serving(quiet_district) as served,
    ):
        yield served


@pytest.fixture(scope="module")
def visitor(quiet: str) -> Iterator[httpx.Client]:
    """Logged in there."""
    with browsing(quiet) as client:
        yield client


@pytest.fixture
def browser(address: str) -> Iterator[httpx.Client]:
    with browsing(address) as client:
        yield client


@pytest.fixture
def stranger(address: str) -> Iterator[httpx.Client]:
    with browsing(address, log_in=False) as client:
        yield client


def problem(answer: httpx.Response) -> str:
    """The one sentence of a refusal, which has the form that RFC 9457 gives it."""
    assert answer.headers["content-type"] == "application/problem+json"
    said = answer.json()
    assert said["status"] == answer.status_code
    assert "\n" not in said["detail"]
    return str(said["detail"])


def test_openapi_is_committed() -> None:
    """The committed description is the one that the code gives."""
    assert json.loads(COMMITTED.read_text(encoding="utf-8")) == describe().openapi()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/session"),
        ("DELETE", "/session"),
        ("GET", "/warnings"),
        ("GET", "/warnings/1"),
        ("POST", "/warnings/1/acknowledge"),
        ("GET", "/boxes"),
        ("GET", "/events"),
        ("GET", f"/evidence/{'0' * 64}"),
    ],
)
def test_needs_login(quiet: str, method: str, path: str) -> None:
    """Nothing is shown or done without a login."""
    asked = {"version": 1} if method == "POST" else None
    answer = httpx.request(method, f"{quiet}/api/v1{path}", json=asked)
    assert answer.status_code == 401
    assert problem(answer) == "log in first; this session has ended"


def test_session(district: District, address: str) -> None:
    """A login lasts until the person leaves, its cookie kept from scripts and other sites."""
    with browsing(address) as client:
        cookie = next(iter(client.cookies.jar))
        assert cookie.name == "sanse_session"
        assert cookie.has_nonstandard_attr("HttpOnly")
        assert cookie.get_nonstandard_attr("SameSite") == "strict"
        here = client.get("/session").json()
        assert here["user"] == {"username": "li.wei", "name": "李伟"}
        assert here["csrf_token"] == client.headers["X-CSRF-Token"]
        token = client.cookies["sanse_session"]
        assert client.delete("/session").status_code == 204
        client.cookies.set("sanse_session", token)
        assert client.get("/session").status_code == 401


def test_session_expires(district: District, browser: httpx.Client) -> None:
    """After its hours a login has ended."""
    assert browser.get("/session").status_code == 200
    district.clock.pass_(hours=district.desk.settings.session_hours)
    assert browser.get("/session").status_code == 401


def test_tokens_are_hashed(district: District, browser: httpx.Client) -> None:
    """Whoever reads the database finds neither a session nor a password in it."""
    content = b"".join(
        place.read_bytes() for place in district.desk.settings.state.glob("sanse.db*")
    )
    assert browser.cookies["sanse_session"].encode() not in content
    assert PASSWORD.encode() not in content
    assert b"$argon2id$" in content


@pytest.mark.parametrize(
    ("username", "password"), [("li.wei", "guess"), ("nobody", PASSWORD)], ids=["wrong", "unknown"]
)
def test_wrong_login(stranger: httpx.Client, username: str, password: str) -> None:
    """A wrong password and an unknown user get the same answer."""
    answer = stranger.post("/session", json={"username": username, "password": password})
    assert (answer.status_code, problem(answer)) == (401, "user name or password is wrong")
    assert "set-cookie" not in answer.headers


def test_guessing_is_throttled(stranger: httpx.Client) -> None:
    """After five wrong tries the sixth has to wait, the right password too."""
    for _ in range(5):
        assert stranger.post("/session", json={"username": "li.wei", "password": "x"}).is_error
    answer = stranger.post("/session", json={"username": "li.wei", "password": PASSWORD})
    assert answer.status_code == 429
    assert problem(answer).startswith("too many failed logins; wait")
    assert int(answer.headers["retry-after"]) >= 1


def test_throttle_doubles() -> None:
    """Each wrong try beyond the fifth doubles the wait, to a minute; a right one forgets them."""
    throttle, waits = Throttle(), []
    for _ in range(14):
        throttle.failed("li", 100.0)
        waits.append(throttle.wait_s("li", 100.0))
    assert waits == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60]
    throttle.succeeded("li")
    assert throttle.wait_s("li", 100.0) == 0


@pytest.mark.parametrize("token", [None, "", "forged", "é"])
def test_needs_csrf(district: District, browser: httpx.Client, token: str | None) -> None:
    """A change is refused without this very session's token."""
    district.tell(make_alert())
    del browser.headers["X-CSRF-Token"]
    headers = httpx.Headers({} if token is None else {b"X-CSRF-Token": token.encode()})
    answer = browser.post("/warnings/1/acknowledge", json={"version": 1}, headers=headers)
    assert answer.status_code == 403
    assert "X-CSRF-Token" in problem(answer)
    assert browser.get("/warnings").json()["items"][0]["state"] == "unacknowledged"


def test_warning(district: District, browser: httpx.Client) -> None:
    """A warning shows its place, reasons and alerts, and its evidence once that has arrived."""
    alert = make_alert()
    district.tell(alert)
    (listed,) = browser.get("/warnings").json()["items"]
    assert listed["site"]["name"] == "Canal bend"
    assert listed["reasons"][0]["en"].startswith("After a vehicle left")
    assert listed["raised_at"] == "2026-11-20T23:30:00.000Z"
    assert listed["snapshot"] is None
    shown = browser.get(f"/warnings/{listed['id']}").json()
    assert shown["alerts"] == [json.loads(alert.to_bytes())]
    assert (shown["evidence"], shown["evidence_pending"]) == ([], 1)
    put(district, browser)
    shown = browser.get(f"/warnings/{listed['id']}").json()
    (item,) = shown["evidence"]
    assert (item["kind"], shown["evidence_pending"]) == ("snapshot", 0)
    assert shown["snapshot"] == item["url"]
    file = browser.get(str(browser.base_url.join(item["url"])))
    assert (file.content, file.headers["content-type"]) == (SNAPSHOT, "image/jpeg")


def test_acknowledge(district: District, browser: httpx.Client) -> None:
    """An acknowledgement bears the person's name and comment; the same press again is stale."""
    district.tell(make_alert())
    asked = {"version": 1, "comment": "网格员已出发"}
    done = browser.post("/warnings/1/acknowledge", json=asked)
    assert done.status_code == 200
    assert done.json()["acknowledged"]["by"] == "李伟"
    assert done.json()["acknowledged"]["comment"] == "网格员已出发"
    again = browser.post("/warnings/1/acknowledge", json=asked)
    assert again.status_code == 409
    assert "acknowledged already" in problem(again)
    assert again.json()["warning"] == done.json()
    history = browser.get("/warnings/1").json()["history"]
    assert [(entry["kind"], entry["by"]) for entry in history] == [
        ("raised", None),
        ("acknowledged", "李伟"),
    ]


def test_stale_after_an_alert(district: District, browser: httpx.Client) -> None:
    """Whoever has not seen the newest alert is shown it first."""
    district.tell(make_alert())
    district.tell(make_alert())
    answer = browser.post("/warnings/1/acknowledge", json={"version": 1})
    assert answer.status_code == 409
    assert answer.json()["warning"]["alert_count"] == 2


def test_acknowledge_race(district: District, address: str) -> None:
    """Of eight people who press at the same moment, one is heard and seven are told."""
    district.tell(make_alert())
    line_up, codes = threading.Barrier(8), []

    def press() -> None:
        with browsing(address) as client:
            line_up.wait(30)
            answer = client.post("/warnings/1/acknowledge", json={"version": 1})
            codes.append(answer.status_code)

    people = [threading.Thread(target=press) for _ in range(8)]
    for person in people:
        person.start()
    for person in people:
        person.join(60)
    assert sorted(codes) == [200] + [409] * 7


def test_pages(district: District, browser: httpx.Client) -> None:
    """Pages follow each other without gap or repetition, the most urgent first."""
    for index in range(7):
        large = {"area_share": 0.5, "night": True} if index in (1, 4) else {}
        site = {"site_id": f"site-{index}", "name": f"Site {index}"}
        district.tell(make_alert(site=site, facts=large))
    browser.post("/warnings/5/acknowledge", json={"version": 1})
    found: list[int] = []
    after = None
    while True:
        query = {"limit": 3} | ({"after": after} if after else {})
        page = browser.get("/warnings", params=query).json()
        found += [item["id"] for item in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert found == [2, 5, 7, 6, 4, 3, 1]
    assert browser.get("/warnings", params={"state": "closed"}).json() == {
        "items": [],
        "next": None,
    }
    newest_first = browser.get("/warnings", params={"state": "all"}).json()["items"]
    assert [item["id"] for item in newest_first] == [7, 6, 5, 4, 3, 2, 1]


@pytest.mark.parametrize(
    ("asked", "body", "status", "detail"),
    [
        ("GET /warnings/99", None, 404, "there is no warning 99"),
        ("POST /warnings/99/acknowledge", {"version": 1}, 404, "there is no warning 99"),
        ("POST /warnings/1/acknowledge", {}, 422, "body.version: Field required"),
        ("GET /warnings?limit=0", None, 422, "query.limit: "),
        ("GET /warnings?after=x", None, 422, "query.after: "),
        ("GET /warnings?state=lost", None, 422, "query.state: "),
        ("GET /warnings/99999999999999999999", None, 422, "path.warning_id: "),
        (f"GET /evidence/{'0' * 64}", None, 404, f"evidence {'0' * 64} has not arrived"),
        ("GET /evidence/..%2f..%2fsanse.db", None, 404, "there is nothing at"),
        ("GET /nothing", None, 404, "there is nothing at /api/v1/nothing"),
        ("DELETE /warnings", None, 405, "/api/v1/warnings does not take DELETE"),
        ("POST /session", {"username": "x" * 70_000, "password": "x"}, 413, "the body is"),
    ],
)
def test_problems(visitor: httpx.Client, asked: str, body: Any, status: int, detail: str) -> None:
    """Every refusal is one clear sentence."""
    answer = visitor.request(*asked.split(), json=body)
    assert answer.status_code == status
    assert problem(answer).startswith(detail)


def put(
    district: District,
    client: httpx.Client,
    content: bytes = SNAPSHOT,
    sha256: str | None = None,
    key: SigningKey | None = None,
    **headers: str,
) -> httpx.Response:
    """Plays the box that brings a file."""
    named = sha256 or sha256_of(content)
    token = upload_token(key or district.box_key, named, district.clock())
    given = {"Authorization": f"Bearer {token}", "Content-Type": "image/jpeg"} | headers
    return client.put(f"/evidence/{named}", content=content, headers=given)


def test_evidence_is_kept(district: District, stranger: httpx.Client) -> None:
    """A file is kept once under its hash, whole, and its second coming is no error."""
    assert [put(district, stranger).status_code for _ in range(2)] == [201, 200]
    folder = district.desk.settings.evidence
    sha256 = snapshot_item().sha256
    assert [place for place in folder.rglob("*") if place.is_file()] == [
        folder / sha256[:2] / sha256
    ]


def test_evidence_comes_back(district: District, stranger: httpx.Client) -> None:
    """A file that was lost from the disk is taken again."""
    put(district, stranger)
    sha256 = snapshot_item().sha256
    place = district.desk.settings.evidence / sha256[:2] / sha256
    place.unlink()
    assert put(district, stranger).status_code == 201
    assert place.read_bytes() == SNAPSHOT


@pytest.mark.parametrize(
    ("changes", "status", "detail"),
    [
        pytest.param({"content": b"torn"}, 409, "send them again", id="torn on the way"),
        pytest.param(
            {"key": SigningKey.generate("gate-7")}, 401, "not signed by 'gate-7'", id="forged"
        ),
        pytest.param(
            {"key": SigningKey.generate("gate-9")}, 401, "'gate-9' is not enrolled", id="a stranger"
        ),
        pytest.param({"Authorization": "Basic eA=="}, 401, "want Authorization: Bearer", id="none"),
        pytest.param({"Authorization": "Bearer x"}, 401, "no upload token", id="no token"),
        pytest.param({"Content-Type": "text/html"}, 415, "want image/jpeg or video/mp4", id="page"),
        pytest.param({"content": b"x" * 2**20}, 413, "at most 65536 bytes", id="too large"),
    ],
)
def test_evidence_is_refused(
    district: District,
    stranger: httpx.Client,
    changes: dict[str, Any],
    status: int,
    detail: str,
) -> None:
    """What a box may not bring is refused in one sentence, and leaves nothing behind."""
    object.__setattr__(district.desk.settings, "evidence_max_bytes", 65536)
    answer = put(district, stranger, sha256=snapshot_item().sha256, **changes)
    assert answer.status_code == status
    assert detail in problem(answer)
    assert list(district.desk.settings.evidence.rglob("*")) == []


def test_token_expires(district: District, stranger: httpx.Client) -> None:
    """A token of ten minutes ago brings nothing in."""
    old = upload_token(district.box_key, snapshot_item().sha256, NIGHT - timedelta(minutes=10))
    answer = put(district, stranger, Authorization=f"Bearer {old}")
    assert (answer.status_code, "check the box's clock" in problem(answer)) == (401, True)


def test_boxes(district: District, browser: httpx.Client) -> None:
    """A box is shown with its cameras as it last said."""
    district.keeper.keep([district.arrival(make_health().to_bytes(), "health")])
    (box,) = browser.get("/boxes").json()["items"]
    assert (box["device"], box["online"], box["queued"]) == ("gate-7", True, 0)
    assert box["cameras"] == [
        {
            "camera_id": "yard",
            "site_id": "canal-3",
            "state": "live",
            "frames_per_s": 10.0,
            "silent_s": 0.1,
        }
    ]


def test_headers(quiet: str) -> None:
    """Every answer, errors too, forbids foreign scripts, framing and guessing of types."""
    for path in ("/api/v1/openapi.json", "/api/v1/nothing", "/healthz", "/"):
        headers = httpx.get(quiet + path).headers
        assert "script-src 'self'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert "server" not in headers


def test_operations(district: District, address: str) -> None:
    """Health says which part is ill; metrics count what came and how long it took."""
    district.tell(make_alert(captured_at=NIGHT - timedelta(seconds=3)), age_s=2.5)
    district.desk.probes["broker"] = lambda: "broker 127.0.0.1:1 cannot be used: refused"
    answer = httpx.get(f"{address}/healthz")
    assert (answer.status_code, answer.json()["ok"]) == (503, False)
    assert answer.json()["parts"]["broker"].endswith("refused")
    lines = httpx.get(f"{address}/metrics").text.splitlines()
    assert 'sanse_alerts_total{outcome="stored"} 1.0' in lines
    assert 'sanse_capture_to_stored_seconds_bucket{le="2.0"} 0.0' in lines
    assert 'sanse_capture_to_stored_seconds_bucket{le="5.0"} 1.0' in lines


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        pytest.param("/", 200, "text/html", id="the page"),
        pytest.param("/warnings/7", 200, "text/html", id="an address that the page gives itself"),
        pytest.param("/no-such-file.js", 404, "application/problem+json", id="a missing file"),
        pytest.param("/..%2f..%2fapp.py", 404, "application/problem+json", id="out of the folder"),
    ],
)
def test_dashboard(quiet: str, path: str, status: int, kind: str) -> None:
    """The built page is served for its own addresses, and nothing outside of its folder."""
    answer = httpx.get(quiet + path)
    if (STATIC / "index.html").is_file():
        assert answer.status_code == status
        assert answer.headers["content-type"].startswith(kind)
    else:
        assert (answer.status_code, answer.text) == (503, "dashboard not built: run make\n")
