"""A page as a person sees it who has found the folder: opened from disk, in a browser, without a network."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Locator, Page, sync_playwright

from tests.clients.capture import needed

HEIGHT = 900
DRAWN = """() => [...document.querySelectorAll("figure")].filter(figure =>
    [...figure.querySelectorAll(".line")].some(line => {
        const drawn = line.getBoundingClientRect();
        return drawn.width > 100 && getComputedStyle(line).stroke !== "none";
    })).map(figure => figure.querySelector("figcaption").textContent)"""
COLOURS = """element => {
    const ground = of => {
        const colour = getComputedStyle(of).backgroundColor;
        return colour === "rgba(0, 0, 0, 0)" ? ground(of.parentElement) : colour;
    };
    return [getComputedStyle(element).color, ground(element)].map(
        colour => colour.match(/[0-9.]+/g).slice(0, 3).map(Number));
}"""


@contextmanager
def opened(file: Path, *, scheme: Literal["light", "dark"] = "light", width: int = 1280) -> Iterator[Page]:
    """Fails when anything but the file is asked for, or anything is complained of."""
    with sync_playwright() as theatre:
        browser = theatre.chromium.launch(executable_path=needed("chromium", "chromium"))
        context = browser.new_context(
            offline=True, color_scheme=scheme, viewport={"width": width, "height": HEIGHT}
        )
        page, asked, complaints = context.new_page(), [""] * 0, [""] * 0
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(file.as_uri())
        yield page
        browser.close()
        assert (asked, complaints) == ([file.as_uri()], [])


def drawn(page: Page) -> set[str]:
    """The charts in which a line can be seen."""
    return set(page.evaluate(DRAWN))


def at_first_sight(what: Locator) -> bool:
    """Whether it is seen without scrolling."""
    box = what.bounding_box()
    return box is not None and box["y"] + box["height"] <= HEIGHT


def contrast(what: Locator) -> float:
    """Of a text and its ground (WCAG 2.2, "contrast ratio"): 4.5 can be read."""
    text, ground = (_luminance(colour) for colour in what.evaluate(COLOURS))
    return (max(text, ground) + 0.05) / (min(text, ground) + 0.05)


def _luminance(colour: Any) -> float:
    parts = [part / 255 for part in colour]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
